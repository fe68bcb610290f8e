import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Rollcall, WebhookRequest } from '@rollcall/core';
import { expect } from 'chai';
import { verifyChain } from '#core/security/audit.js';
import { onBothStores } from '../../support/stores.js';
import { WebhookWorld } from '../../support/webhook-world.js';
import { refusalOf } from '../reading/refusal.js';

onBothStores('core/webhooks-door', (kind) => {
  let world: WebhookWorld;
  let rollcall: Rollcall;

  beforeEach(async () => {
    world = await WebhookWorld.create(kind, { tenants: ['acme', 'bravo'] });
    rollcall = await world.open();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  it('makes an endpoint and shows its secret once; the store has it sealed', async () => {
    const { webhook, secret } = await world.endpoint(rollcall, {
      description: ' Intranet ',
      types: ['user.*', 'group.created', 'group.created'],
    });
    expect(Buffer.from(secret.replace('whsec_', ''), 'base64')).to.have.length(32);
    expect(webhook).to.deep.equal({
      id: webhook.id,
      tenant: 'acme',
      url: world.receiver.url(),
      description: 'Intranet',
      format: 'rollcall',
      types: ['group.created', 'user.*'],
      status: 'enabled',
      disabled: null,
      createdAt: '2026-03-09T08:00:00Z',
      createdBy: 'kim',
      secrets: [{ version: 1, createdAt: '2026-03-09T08:00:00Z', expiresAt: null }],
      delivery: { position: 0, behind: 0, failing: 0, waiting: 0, failingSince: null, restingUntil: null },
    });
    expect(webhook.id).to.match(/^whe-/);
    expect(await rollcall.webhooks.show('acme', webhook.id)).to.deep.equal(webhook);
    expect((await rollcall.webhooks.list('acme')).items).to.deep.equal([webhook]);
    const rows = JSON.stringify(await world.rows('SELECT * FROM webhook_secret'));
    expect(rows).to.contain('"v1.').and.not.contain(secret).and.not.contain(secret.slice(6));
    const { configuration } = world.project.store;
    if (configuration.client !== 'sqlite3') return;
    const folder = path.dirname(configuration.file);
    for (const name of await readdir(folder))
      expect((await readFile(path.join(folder, name))).includes(secret), name).to.equal(false);
  });

  it('refuses what cannot be told of events, and stores nothing of it', async () => {
    const refused: Partial<WebhookRequest>[] = [
      { url: 'no address' },
      { url: 'http://app.example/' },
      { url: 'https://app.example:22/' },
      { url: 'https://kim:secret@app.example/' },
      { url: 'https://localhost/' },
      { url: 'https://10.0.0.1/' },
      { url: 'https://[::ffff:169.254.169.254]/' },
      { url: 'https://0x0a000001:8443/' },
      { types: [] },
      { types: ['user.renamed'] },
      { types: ['*'] },
      { types: ['us.*'] },
      { format: 'xml' },
      { format: '__proto__' },
      { description: 'x'.repeat(201) },
      { description: '\0' },
    ];
    for (const request of refused) {
      const error = await refusalOf(world.endpoint(rollcall, request));
      expect([error.code, error.exitCode], JSON.stringify(request)).to.deep.equal(['RC_WEBHOOK_REQUEST', 64]);
      expect(error.message).to.not.contain('secret');
    }
    const { webhook } = await world.endpoint(rollcall);
    expect((await refusalOf(world.endpoint(rollcall))).code).to.equal('RC_WEBHOOK_EXISTS');
    expect((await refusalOf(world.endpoint(rollcall, {}, 'charly'))).code).to.equal('RC_NOT_APPLIED');
    await world.endpoint(rollcall, {}, 'bravo');
    expect((await rollcall.webhooks.list('acme', { all: true })).items.map(({ id }) => id)).to.deep.equal([webhook.id]);
    const other = await world.endpoint(rollcall, { url: world.receiver.url('/2') });
    const clash = rollcall.webhooks.update('acme', other.webhook.id, { url: world.receiver.url(), by: 'kim' });
    expect((await refusalOf(clash)).code).to.equal('RC_WEBHOOK_EXISTS');
    const wrong = rollcall.webhooks.update('acme', webhook.id, { url: 'https://127.1.1.1/', by: 'kim' });
    expect((await refusalOf(wrong)).code).to.equal('RC_WEBHOOK_REQUEST');
    expect(await rollcall.webhooks.show('acme', webhook.id)).to.deep.equal(webhook);
  });

  it('changes what is named and leaves the rest', async () => {
    const { webhook } = await world.endpoint(rollcall, { types: ['user.created'] });
    const change = { url: world.receiver.url('/v2'), by: 'kim' };
    expect(await rollcall.webhooks.update('acme', webhook.id, change)).to.deep.equal({ ...webhook, url: change.url });
    const all = await rollcall.webhooks.update('acme', webhook.id, { types: null, description: 'x', by: 'kim' });
    expect(all).to.deep.equal({ ...webhook, url: change.url, types: null, description: 'x' });
  });

  it('retires for good: nothing is sent, nothing can be changed, what was delivered stays listed', async () => {
    const { webhook } = await world.endpoint(rollcall);
    await world.happen(['a', 'b']);
    world.receiver.answer = () => 500;
    await rollcall.webhooks.worker().drain();
    expect(await rollcall.webhooks.remove('acme', webhook.id, 'kim')).to.deep.include({
      status: 'retired',
      secrets: [],
    });
    await world.happen(['a']);
    await rollcall.webhooks.worker().drain();
    expect(world.receiver.received).to.have.length(2);
    expect((await rollcall.webhooks.list('acme')).items).to.deep.equal([]);
    expect((await rollcall.webhooks.list('acme', { all: true })).items).to.have.length(1);
    expect((await rollcall.webhooks.deliveries('acme', { webhook: webhook.id })).items).to.have.length(2);
    expect(await world.rows('SELECT * FROM webhook_secret')).to.deep.equal([]);
    const { id } = webhook;
    for (const attempt of [
      rollcall.webhooks.enable('acme', id, { by: 'kim' }),
      rollcall.webhooks.remove('acme', id, 'kim'),
      rollcall.webhooks.rotateSecret('acme', id, { overlapSeconds: 0, by: 'kim' }),
      rollcall.webhooks.resend('acme', { event: '1', webhook: id, by: 'kim' }),
    ])
      expect((await refusalOf(attempt)).code).to.equal('RC_WEBHOOK_NOT_FOUND');
    await world.endpoint(rollcall);
  });

  it('knows nothing of another tenant: the same answer as for what does not exist', async () => {
    const { webhook } = await world.endpoint(rollcall);
    const [event = ''] = await world.happen(['a']);
    await rollcall.webhooks.worker().drain();
    await world.endpoint(rollcall, {}, 'bravo');
    for (const id of [webhook.id, 'whe-none']) {
      const attempts = [
        rollcall.webhooks.show('bravo', id),
        rollcall.webhooks.update('bravo', id, { description: 'x', by: 'kim' }),
        rollcall.webhooks.rotateSecret('bravo', id, { overlapSeconds: 0, by: 'kim' }),
        rollcall.webhooks.disable('bravo', id, 'kim'),
        rollcall.webhooks.enable('bravo', id, { by: 'kim' }),
        rollcall.webhooks.remove('bravo', id, 'kim'),
        rollcall.webhooks.deliveries('bravo', { webhook: id }),
        rollcall.webhooks.recover('bravo', id, { since: '2020-01-01T00:00:00Z', by: 'kim' }),
        rollcall.webhooks.resend('bravo', { event, webhook: id, by: 'kim' }),
      ];
      for (const attempt of attempts) {
        const error = await refusalOf(attempt);
        expect([error.code, error.message.replace(id, 'ID')]).to.deep.equal([
          'RC_WEBHOOK_NOT_FOUND',
          'There is no such webhook endpoint: ID.',
        ]);
      }
    }
    for (const name of [event, '1', '0', 'evt-none', "' OR 1=1 --", '99999999999'])
      expect((await refusalOf(rollcall.webhooks.resend('bravo', { event: name, by: 'kim' }))).code).to.equal(
        'RC_EVENT_NOT_FOUND',
      );
    expect((await rollcall.webhooks.deliveries('bravo')).items).to.deep.equal([]);
    expect(await rollcall.webhooks.show('acme', webhook.id)).to.include({ status: 'enabled', description: '' });
  });

  it('pages through endpoints and deliveries; a cursor fits no other list', async () => {
    for (let n = 0; n < 5; n++) await world.endpoint(rollcall, { url: world.receiver.url(`/${n}`) });
    await world.happen(['a', 'b']);
    await rollcall.webhooks.worker().drain();
    const urls: string[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<Rollcall['webhooks']['list']>> = await rollcall.webhooks.list('acme', {
        limit: 2,
        ...(after === null ? {} : { after }),
      });
      urls.push(...page.items.map(({ url }) => url));
      after = page.next as string | null;
    } while (after !== null);
    expect(urls).to.deep.equal([0, 1, 2, 3, 4].map((n) => world.receiver.url(`/${n}`)));
    const first = await rollcall.webhooks.deliveries('acme', { limit: 7 });
    const rest = await rollcall.webhooks.deliveries('acme', { limit: 7, after: String(first.next) });
    expect(new Set([...first.items, ...rest.items].map(({ id }) => id)).size).to.equal(10);
    expect(rest.next).to.equal(null);
    const foreign = rollcall.webhooks.deliveries('acme', { failed: true, after: String(first.next) });
    expect((await refusalOf(foreign)).code).to.equal('RC_CURSOR_INVALID');
  });

  it('sends again only where somebody is told', async () => {
    await world.happen(['a']);
    const resend = (): Promise<unknown> => rollcall.webhooks.resend('acme', { event: '1', by: 'kim' });
    expect((await refusalOf(resend())).code).to.equal('RC_WEBHOOK_DISABLED');
    const { webhook } = await world.endpoint(rollcall, { types: ['group.*'] });
    expect((await refusalOf(resend())).code).to.equal('RC_WEBHOOK_DISABLED');
    await rollcall.webhooks.update('acme', webhook.id, { types: ['user.*'], by: 'kim' });
    expect(await resend()).to.deep.equal({ webhooks: [webhook.id] });
    await rollcall.webhooks.disable('acme', webhook.id, 'kim');
    expect((await refusalOf(resend())).code).to.equal('RC_WEBHOOK_DISABLED');
    const bad = rollcall.webhooks.recover('acme', webhook.id, { since: 'yesterday', by: 'kim' });
    expect((await refusalOf(bad)).code).to.equal('RC_USAGE_INSTANT');
  });

  it('writes down who did what, without addresses and secrets', async () => {
    const { webhook, secret } = await world.endpoint(rollcall);
    await rollcall.webhooks.rotateSecret('acme', webhook.id, { overlapSeconds: 60, by: 'lee' });
    await rollcall.webhooks.disable('acme', webhook.id, 'lee');
    await rollcall.webhooks.enable('acme', webhook.id, { by: 'lee' });
    await rollcall.webhooks.remove('acme', webhook.id, 'kim');
    interface Entry {
      no: number;
      at: string;
      who: string;
      action: string;
      detail: string;
      hash: string;
    }
    const rows = await world.rows<Entry>("SELECT * FROM audit WHERE tenant_id = 'acme' ORDER BY no");
    const mine = rows.filter(({ action }) => action.startsWith('webhook.'));
    expect(mine.map(({ who, action }) => [who, action])).to.deep.equal([
      ['kim', 'webhook.created'],
      ['lee', 'webhook.secretRotated'],
      ['lee', 'webhook.disabled'],
      ['lee', 'webhook.enabled'],
      ['kim', 'webhook.removed'],
    ]);
    expect(JSON.stringify(rows)).to.not.contain('127.0.0.1').and.not.contain(secret);
    const chain = rows.map(({ no, at, who, action, detail, hash }) => ({
      sequence: no,
      entry: { no, at, who, action, detail: JSON.parse(detail) as Record<string, string> },
      hash,
    }));
    expect(verifyChain(chain).ok).to.equal(true);
  });

  it('needs the key of the project, and says so; another key opens no secret and loses no event', async () => {
    const { webhook } = await world.endpoint(rollcall);
    const clock = { now: () => world.now };
    const keyless = await world.project.openWith(clock);
    try {
      expect(
        (await refusalOf(keyless.webhooks.create('acme', { url: 'https://app.example', by: 'kim' }))).code,
      ).to.equal('RC_SECRET_KEY_NEEDED');
      expect(() => keyless.webhooks.worker()).to.throw('Without the key of the project');
      expect((await keyless.webhooks.list('acme')).items).to.have.length(1);
    } finally {
      await keyless.close();
    }
    await world.happen(['a']);
    const webhooks = { allowedHosts: ['127.0.0.1'] };
    const other = await world.project.openWith(clock, { secretKey: Buffer.alloc(32, 8), webhooks });
    try {
      await other.webhooks.worker().drain();
    } finally {
      await other.close();
    }
    expect(world.receiver.received).to.deep.equal([]);
    world.pass(60_000);
    await rollcall.webhooks.worker().drain();
    expect(world.receiver.received).to.have.length(1);
    expect((await rollcall.webhooks.show('acme', webhook.id)).delivery.behind).to.equal(0);
  });

  it('lets tries go after thirty days, those of every tenant', async () => {
    await world.endpoint(rollcall);
    await world.endpoint(rollcall, {}, 'bravo');
    await world.happen(['a']);
    await world.happen(['a'], { tenant: 'bravo' });
    await rollcall.webhooks.worker().drain();
    world.pass(31 * 86_400_000);
    await world.happen(['b']);
    const came = new Promise<void>((resolve) => {
      world.receiver.answer = () => {
        resolve();
        return 204;
      };
    });
    const worker = rollcall.webhooks.worker();
    worker.start();
    await came;
    await worker.stop();
    const rows = await world.rows<{ tenant_id: string; sequence: number }>(
      'SELECT tenant_id, sequence FROM webhook_attempt',
    );
    expect(rows).to.deep.equal([{ tenant_id: 'acme', sequence: 2 }]);
  });
});
