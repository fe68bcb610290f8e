import type { EventDocument, Rollcall } from '@rollcall/core';
import { expect } from 'chai';
import { onBothStores } from '../../support/stores.js';
import { isOfWorkos, verified } from '../../support/verify-webhook.js';
import { WebhookWorld } from '../../support/webhook-world.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

onBothStores('webhooks: stopping, replaying, rotating', (kind) => {
  let world: WebhookWorld;
  let rollcall: Rollcall;

  beforeEach(async () => {
    world = await WebhookWorld.create(kind);
    rollcall = await world.open();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  const deliver = (): Promise<void> => rollcall.webhooks.worker().drain();
  const show = async (id: string): Promise<Awaited<ReturnType<Rollcall['webhooks']['show']>>> =>
    rollcall.webhooks.show('acme', id);
  const failing = (ids: readonly string[], status = 500): void => {
    world.receiver.answer = ({ headers }) => (ids.includes(headers['webhook-id'] ?? '') ? status : 204);
  };

  it('disables an endpoint that is gone, with a finding and an event, and goes on in its place when it is enabled', async () => {
    const { webhook } = await world.endpoint(rollcall);
    const ids = await world.happen(['a', 'b']);
    failing(ids, 410);
    await deliver();
    expect(world.receiver.ids).to.deep.equal([ids[0]]);
    const disabled = await show(webhook.id);
    expect(disabled.status).to.equal('disabled');
    expect(disabled.disabled).to.deep.equal({ at: '2026-03-09T08:00:00Z', by: null, reason: 'gone' });
    const door = await rollcall.reading('acme');
    expect((await door.findings()).items).to.have.length(1);
    expect((await door.findings()).items[0]).to.deep.include({ name: 'webhookDisabled', subject: webhook.id });
    const [event] = await world.events(rollcall, 'webhook.disabled');
    expect(event).to.deep.include({ subject: { kind: 'webhook', id: webhook.id }, changed: ['status'] });
    expect(JSON.stringify(event)).to.not.contain(world.receiver.url());
    world.pass(DAY);
    await deliver();
    expect(world.receiver.received).to.have.length(1);
    world.receiver.forget();
    failing([]);
    expect(await rollcall.webhooks.enable('acme', webhook.id, { by: 'kim' })).to.include({
      status: 'enabled',
      disabled: null,
    });
    await deliver();
    const types = world.receiver.received.map(({ body }) => (JSON.parse(body) as EventDocument).type);
    expect(types).to.deep.equal(['user.updated', 'user.updated', 'webhook.disabled', 'webhook.enabled']);
    expect(world.receiver.ids.slice(0, 2)).to.deep.equal(ids);
    expect((await door.findings()).items).to.deep.equal([]);
  });

  it('disables an endpoint one of whose events could not be delivered for five days', async () => {
    const { webhook } = await world.endpoint(rollcall, { types: ['user.updated'] });
    const [poison = '', other = ''] = await world.happen(['a', 'b']);
    failing([poison]);
    await deliver();
    for (let day = 1; day <= 4; day++) {
      world.pass(DAY);
      await deliver();
    }
    expect((await show(webhook.id)).status).to.equal('enabled');
    world.pass(DAY);
    await deliver();
    expect((await show(webhook.id)).disabled).to.include({ reason: 'failing', by: null });
    const [a2 = ''] = await world.happen(['a']);
    await rollcall.webhooks.enable('acme', webhook.id, { skipFailed: true, by: 'kim' });
    await deliver();
    expect(world.receiver.ids.filter((id) => id !== poison)).to.deep.equal([other, a2]);
    expect((await show(webhook.id)).delivery).to.include({ failing: 0, waiting: 0, behind: 0 });
  });

  it('holds nothing back while it is disabled by hand, and replays what was missed in order', async () => {
    const { webhook } = await world.endpoint(rollcall, { types: ['user.updated'] });
    const [first] = await world.happen(['a']);
    await deliver();
    await rollcall.webhooks.disable('acme', webhook.id, 'kim');
    await rollcall.webhooks.disable('acme', webhook.id, 'kim');
    const missed = await world.happen(['a', 'b', 'a']);
    await deliver();
    expect(world.receiver.ids).to.deep.equal([first]);
    expect(await show(webhook.id)).to.deep.nested.include({ 'delivery.behind': 4, 'disabled.by': 'kim' });
    await rollcall.webhooks.enable('acme', webhook.id, { by: 'kim' });
    await deliver();
    expect(world.receiver.ids).to.deep.equal([first, ...missed]);
    expect(await world.events(rollcall, 'webhook.disabled')).to.have.length(1);
  });

  it('sends one event again, and all since an instant, under the same ids and with the same bodies', async () => {
    const { webhook } = await world.endpoint(rollcall);
    const old = await world.happen(['a', 'b']);
    world.pass(HOUR);
    const since = world.now.toISOString();
    const late = await world.happen(['a', 'c']);
    await deliver();
    const bodies = new Map(world.receiver.received.map(({ headers, body }) => [headers['webhook-id'], body]));
    world.receiver.forget();
    expect(await rollcall.webhooks.resend('acme', { event: old[1] ?? '', by: 'kim' })).to.deep.equal({
      webhooks: [webhook.id],
    });
    await rollcall.webhooks.resend('acme', { event: '1', webhook: webhook.id, by: 'kim' });
    await deliver();
    expect(world.receiver.ids).to.deep.equal(old);
    const recovered = await rollcall.webhooks.recover('acme', webhook.id, { since, by: 'kim' });
    expect([recovered.events, recovered.webhook.delivery.behind]).to.deep.equal([2, 2]);
    await deliver();
    expect(world.receiver.ids).to.deep.equal([...old, ...late]);
    for (const { headers, body } of world.receiver.received) expect(body).to.equal(bodies.get(headers['webhook-id']));
    const future = { since: '2030-01-01T00:00:00Z', by: 'kim' };
    expect((await rollcall.webhooks.recover('acme', webhook.id, future)).events).to.equal(0);
  });

  it('recovers past what fails: nothing comes twice, nothing out of order', async () => {
    const { webhook } = await world.endpoint(rollcall);
    const ids = await world.happen(['a', 'a', 'b']);
    failing([ids[0] ?? '']);
    await deliver();
    world.receiver.forget();
    failing([]);
    const order = { since: world.now.toISOString(), by: 'kim' };
    expect((await rollcall.webhooks.recover('acme', webhook.id, order)).events).to.equal(3);
    await deliver();
    expect(world.receiver.ids).to.deep.equal(ids);
  });

  it('signs with both secrets while they overlap; WorkOS-Signature keeps the old one until it ends', async () => {
    const { webhook, secret: old } = await world.endpoint(rollcall);
    const rotated = await rollcall.webhooks.rotateSecret('acme', webhook.id, { overlapSeconds: 3_600, by: 'kim' });
    const fresh = rotated.secret;
    expect(rotated.webhook.secrets.map(({ version, expiresAt }) => [version, expiresAt])).to.deep.equal([
      [2, null],
      [1, '2026-03-09T09:00:00Z'],
    ]);
    await world.happen(['a']);
    await deliver();
    world.pass(HOUR);
    await world.happen(['a']);
    await deliver();
    const [both, alone] = world.receiver.received;
    if (both === undefined || alone === undefined) throw new Error('Two should have come.');
    for (const secret of [old, fresh]) verified(both, secret);
    expect([isOfWorkos(both, old), isOfWorkos(both, fresh)]).to.deep.equal([true, false]);
    verified(alone, fresh);
    expect(() => verified(alone, old)).to.throw('No matching signature found');
    expect([isOfWorkos(alone, old), isOfWorkos(alone, fresh)]).to.deep.equal([false, true]);
    const third = await rollcall.webhooks.rotateSecret('acme', webhook.id, { overlapSeconds: 3_600, by: 'kim' });
    expect(third.webhook.secrets.map(({ version }) => version)).to.deep.equal([3, 2]);
  });

  it('renders what the host brings, skips what that form has not, and blames no event for a form that fails', async () => {
    let isBroken = true;
    const other = await world.open({
      formats: {
        short: (tenant, events) => {
          if (isBroken) throw new Error('Ada Lovelace');
          const bodies = events.map(({ subject, id }) =>
            subject.id === 'b' ? undefined : JSON.stringify({ tenant, id }),
          );
          return Promise.resolve(bodies);
        },
      },
    });
    const { webhook } = await world.endpoint(other, { format: 'short' });
    const ids = await world.happen(['a', 'b', 'c']);
    await deliver();
    expect(world.receiver.received).to.deep.equal([]);
    await other.webhooks.worker().drain();
    expect(world.receiver.received).to.deep.equal([]);
    expect((await show(webhook.id)).delivery).to.include({ behind: 3, failing: 0 });
    expect(JSON.stringify(world.log)).to.not.contain('Lovelace');
    isBroken = false;
    world.pass(MINUTE);
    await other.webhooks.worker().drain();
    expect(world.receiver.received.map(({ body }) => body)).to.deep.equal([
      JSON.stringify({ tenant: 'acme', id: ids[0] }),
      JSON.stringify({ tenant: 'acme', id: ids[2] }),
    ]);
    expect((await show(webhook.id)).delivery).to.include({ behind: 0 });
  });

  it('keeps the beginning of a failed answer, and nothing of what was sent in it', async () => {
    await world.endpoint(rollcall);
    await world.happen(['usr-canary']);
    world.receiver.answer = ({ body }, response) => {
      response
        .writeHead(400)
        .end(`no such field: ${body} kim@other.example +49 170 1234567 \u001b[2J${'x '.repeat(2_000)}`);
      return undefined;
    };
    await deliver();
    const answer = (await rollcall.webhooks.deliveries('acme')).items[0]?.answer ?? '';
    expect(answer).to.match(/^no such field: /);
    expect(Buffer.byteLength(answer)).to.be.at.most(1_024);
    for (const word of ['Lovelace', 'ada@', 'usr-canary', 'kim@', '1234567', '\u001b'])
      expect(answer, word).to.not.contain(word);
    expect(JSON.stringify(world.log)).to.not.contain('Lovelace').and.not.contain(world.receiver.url());
  });
});
