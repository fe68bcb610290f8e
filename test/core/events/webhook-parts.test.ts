import { expect } from 'chai';
import { maskedAnswer } from '#core/events/webhook-answer.js';
import { restMs, retryAfterMs, retryMs } from '#core/events/webhook-retries.js';
import { signatureHeaders } from '#core/events/webhook-signatures.js';
import { Secret } from '#core/security/redact.js';

const NOW = new Date('2026-03-09T08:00:00Z');
const DAY_MS = 86_400_000;

describe('core/events/webhook-retries', () => {
  it('spreads each wait by a tenth to either side', () => {
    expect([0, 0.5, 1].map((random) => retryMs(2, random))).to.deep.equal([270_000, 300_000, 330_000]);
    expect(retryMs(1, 0)).to.equal(4_500);
    expect(retryMs(1_000, 0.5)).to.equal(DAY_MS);
  });

  it('leaves an endpoint alone for half an hour at most by itself, and for a day where it asks for more', () => {
    expect([1, 2, 3, 4, 5, 99].map((faults) => restMs(faults, 0.5, null))).to.deep.equal([
      5_000, 30_000, 120_000, 600_000, 1_800_000, 1_800_000,
    ]);
    expect(restMs(1, 0.5, 90_000)).to.equal(90_000);
    expect(restMs(5, 0.5, 1_000)).to.equal(1_800_000);
    expect(restMs(1, 0.5, 1_000 * DAY_MS)).to.equal(DAY_MS);
  });

  it('reads Retry-After in seconds and as a date, and nothing else', () => {
    expect(retryAfterMs(' 120 ', NOW)).to.equal(120_000);
    expect(retryAfterMs('0', NOW)).to.equal(0);
    expect(retryAfterMs('Mon, 09 Mar 2026 08:01:00 GMT', NOW)).to.equal(60_000);
    expect(retryAfterMs('Mon, 09 Mar 2026 07:00:00 GMT', NOW)).to.equal(0);
    for (const text of [null, '', '-1', '1.5', 'soon', '1e9', '99999999999', 'Mon, x', '2026-03-09T09:00:00Z'])
      expect(retryAfterMs(text, NOW), String(text)).to.equal(null);
  });
});

describe('core/events/webhook-answer', () => {
  const sent = JSON.stringify({
    id: 'usr-1',
    data: { name: 'Zoë "Z" Åström', emails: [{ value: 'z@acme.example' }], ok: true },
  });

  it('masks what was sent, as it was written, as JSON spells it and as a form does', () => {
    const forms = [
      'Zoë "Z" Åström',
      'Zoë \\"Z\\" Åström',
      encodeURIComponent('Zoë "Z" Åström'),
      'z@acme.example',
      'usr-1',
    ];
    for (const form of forms) expect(maskedAnswer(`bad <${form}>!`, sent), form).to.equal('bad <***>!');
    expect(maskedAnswer(`not taken: ${sent}`, sent)).to.not.match(/Zo|acme|usr/);
  });

  it('masks mail addresses, long numbers and tokens that were not sent', () => {
    expect(maskedAnswer('ask kim@other.example', sent)).to.equal('ask ***');
    expect(maskedAnswer('call +49 (170) 123-4567 now', sent)).to.equal('call *** now');
    expect(maskedAnswer(`Bearer ${'aB3_'.repeat(8)}`, sent)).to.equal('Bearer ***');
    expect(maskedAnswer('status 400 after 12 ms', sent)).to.equal('status 400 after 12 ms');
  });

  it('keeps a KiB, cut between characters, with nothing that moves a cursor or cannot be stored', () => {
    const cut = maskedAnswer('é'.repeat(5_000), sent);
    expect(Buffer.byteLength(cut)).to.equal(1_024);
    expect(cut).to.match(/^é+$/);
    expect(maskedAnswer('a\0b\u001b[2J\r\nc\u202e', sent)).to.equal(String.raw`a\x00b\x1b[2J\r\nc\u202e`);
    expect(maskedAnswer('half \ud800', JSON.stringify({ x: 'abc\ud800' }))).to.equal(String.raw`half \ud800`);
  });
});

describe('core/events/webhook-signatures', () => {
  it('signs as the example of Standard Webhooks does', () => {
    // The values of the example stand in that specification's libraries for every language.
    const secret = new Secret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    const at = new Date(1_614_265_330_000);
    const headers = signatureHeaders({ id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}', at }, [
      secret,
    ]);
    expect(headers['webhook-signature']).to.equal('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
    expect(headers['webhook-timestamp']).to.equal('1614265330');
  });
});
