import type { Rollcall } from '@rollcall/core';
import { expect } from 'chai';
import { HR_ROWS, NEXT_DAY } from '../../support/project.js';
import { onBothStores } from '../../support/stores.js';
import { isOfWorkos, verified, workosSignature } from '../../support/verify-webhook.js';
import { WebhookWorld } from '../../support/webhook-world.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

onBothStores('webhooks: delivery', (kind) => {
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

  it('tells of a termination in HR, signed for receivers of Standard Webhooks and of WorkOS', async () => {
    const door = await rollcall.tenant('acme');
    await door.sync();
    const { webhook, secret } = await world.endpoint(rollcall, { types: ['user.deactivated'] });
    world.now = new Date(NEXT_DAY);
    const [ada = ''] = HR_ROWS;
    await world.project.hr('2026-03-10', [ada.replace('Active', 'Terminated'), ...HR_ROWS.slice(1)]);
    await door.sync();
    await deliver();
    expect(world.receiver.received).to.have.length(1);
    const [received] = world.receiver.received;
    if (received === undefined) throw new Error('Nothing came.');
    const event = verified(received, secret);
    expect(event).to.deep.equal((await world.events(rollcall, 'user.deactivated'))[0]);
    expect(event.data).to.have.nested.property('attributes.employeeNumber', 'E1001');
    expect(received.headers['webhook-id']).to.equal(event.id);
    expect(received.headers['content-type']).to.equal('application/json');
    expect(isOfWorkos(received, secret)).to.equal(true);
    expect(workosSignature(received).at).to.equal(world.now.getTime());
    // What is parsed and written again is another body.
    const again = { ...received, body: JSON.stringify(JSON.parse(received.body), null, 1) };
    expect(() => verified(again, secret)).to.throw('No matching signature found');
    expect(isOfWorkos(again, secret)).to.equal(false);
    expect(await show(webhook.id)).to.have.deep.nested.property('delivery', {
      position: (await world.events(rollcall)).at(-1)?.sequence,
      behind: 0,
      failing: 0,
      waiting: 0,
      failingSince: null,
      restingUntil: null,
    });
  });

  it('tells of all events in order and remembers each try, with one statement a batch', async () => {
    await world.endpoint(rollcall);
    const ids = await world.happen(Array.from({ length: 130 }, (_, n) => `usr-${n % 40}`));
    const { store } = rollcall as unknown as { store: WebhookWorld['store'] };
    const texts: string[] = [];
    store.onQuery((text) => texts.push(text));
    await deliver();
    expect(world.receiver.ids).to.deep.equal(ids);
    expect(texts.filter((text) => text.startsWith('INSERT INTO "webhook_attempt"'))).to.have.length(3);
    expect(texts.filter((text) => text.includes('INTO "webhook_pending"'))).to.deep.equal([]);
    expect(texts.length).to.be.lessThan(60);
    const log = await rollcall.webhooks.deliveries('acme', { limit: 1_000 });
    expect(log.items.map(({ event }) => event.id)).to.deep.equal([...ids].reverse());
    expect(new Set(log.items.map(({ outcome, status, answer }) => [outcome, status, answer].join()))).to.deep.equal(
      new Set(['delivered,204,']),
    );
    await deliver();
    expect(world.receiver.received).to.have.length(130);
  });

  it('tells of nothing that was before, nothing of other types, and passes over them', async () => {
    await world.happen(['usr-1']);
    const { webhook } = await world.endpoint(rollcall, { types: ['group.*', 'user.created'] });
    await world.happen(['usr-1', 'usr-2']);
    const [wanted] = await world.happen(['usr-3'], { type: 'user.created' });
    const [other] = await world.happen(['grp-1'], { type: 'group.updated' });
    await world.happen(['usr-1']);
    await deliver();
    expect(world.receiver.ids).to.deep.equal([wanted, other]);
    expect((await show(webhook.id)).delivery).to.include({ position: 6, behind: 0 });
  });

  it('keeps later events of a subject waiting while one fails, lets others go on, and tries again later', async () => {
    const { webhook } = await world.endpoint(rollcall);
    type Four = [string, string, string, string];
    const [a1, b1, a2, b2] = (await world.happen(['a', 'b', 'a', 'b'])) as Four;
    failing([a1], 422);
    await deliver();
    expect(world.receiver.ids).to.deep.equal([a1, b1, b2]);
    expect((await show(webhook.id)).delivery).to.include({ failing: 1, waiting: 1, behind: 0 });
    const [c1, a3] = (await world.happen(['c', 'a'])) as [string, string];
    world.pass(4 * SECOND);
    await deliver();
    expect(world.receiver.ids).to.deep.equal([a1, b1, b2, c1]);
    failing([]);
    world.pass(SECOND);
    await deliver();
    expect(world.receiver.ids).to.deep.equal([a1, b1, b2, c1, a1, a2, a3]);
    const [first, retried] = world.receiver.received.filter(({ headers }) => headers['webhook-id'] === a1);
    expect(retried?.body).to.equal(first?.body);
    expect(retried?.headers['webhook-timestamp']).to.not.equal(first?.headers['webhook-timestamp']);
    expect((await show(webhook.id)).delivery).to.include({ failing: 0, waiting: 0, failingSince: null });
    const tries = await rollcall.webhooks.deliveries('acme', { event: a1 });
    expect(tries.items.map(({ attempt, status }) => [attempt, status])).to.deep.equal([
      [2, 204],
      [1, 422],
    ]);
    const failed = await rollcall.webhooks.deliveries('acme', { failed: true, webhook: webhook.id });
    expect(failed.items.map(({ event }) => event.id)).to.deep.equal([a1]);
  });

  it('waits longer with every failure, up to a day', async () => {
    await world.endpoint(rollcall);
    const [id = ''] = await world.happen(['a']);
    failing([id]);
    const waits: number[] = [];
    let last = world.now.getTime();
    await deliver();
    for (let tries = 1; tries < 11; tries++) {
      const [row] = await world.rows<{ next_at: string }>('SELECT next_at FROM webhook_pending');
      world.now = new Date(row?.next_at ?? '');
      waits.push((world.now.getTime() - last) / SECOND);
      last = world.now.getTime();
      await deliver();
      expect(world.receiver.received).to.have.length(tries + 1);
    }
    expect(waits).to.deep.equal([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, 86_400]);
  });

  it('takes no redirect and no error for a delivery', async () => {
    await world.endpoint(rollcall);
    const statuses = [200, 201, 202, 204, 299, 301, 302, 304, 307, 400, 401, 404, 500];
    const ids = await world.happen(statuses.map((status) => `usr-${status}`));
    world.receiver.answer = ({ headers, path }, response) => {
      if (path === '/elsewhere') return 200;
      const status = statuses[ids.indexOf(headers['webhook-id'] ?? '')] ?? 500;
      response.writeHead(status, { location: '/elsewhere' }).end();
      return undefined;
    };
    await deliver();
    expect(world.receiver.received.every(({ path }) => path === '/hooks')).to.equal(true);
    const { items } = await rollcall.webhooks.deliveries('acme');
    const delivered = items.filter(({ outcome }) => outcome === 'delivered').map(({ status }) => status);
    expect(delivered.reverse()).to.deep.equal([200, 201, 202, 204, 299]);
    expect(items).to.have.length(statuses.length);
  });

  it('leaves an endpoint alone that is away, as long as it asks for, and goes on in order when it is back', async () => {
    const { webhook } = await world.endpoint(rollcall);
    const ids = await world.happen(['a', 'b', 'c', 'd', 'e']);
    world.receiver.answer = (_received, response) => {
      response.writeHead(503, { 'retry-after': '120' }).end();
      return undefined;
    };
    await deliver();
    expect(world.receiver.ids).to.deep.equal([ids[0]]);
    expect((await show(webhook.id)).delivery).to.include({ restingUntil: '2026-03-09T08:02:00Z', behind: 4 });
    world.pass(119 * SECOND);
    await deliver();
    expect(world.receiver.received).to.have.length(1);
    world.receiver.answer = (_received, response) => {
      response.destroy();
      return undefined;
    };
    for (let n = 0; n < 3; n++) {
      world.pass(HOUR);
      await deliver();
    }
    expect(world.receiver.received).to.have.length(4);
    world.receiver.answer = () => 200;
    world.receiver.forget();
    world.pass(HOUR);
    await deliver();
    await deliver();
    expect([...world.receiver.ids].sort()).to.deep.equal(ids);
    expect((await show(webhook.id)).delivery).to.include({ behind: 0, failing: 0, restingUntil: null });
  });

  it('takes nothing new while a hundred events fail', async () => {
    const { webhook } = await world.endpoint(rollcall);
    await world.happen(Array.from({ length: 160 }, (_, n) => `usr-${n}`));
    world.receiver.answer = () => 500;
    await deliver();
    const { failing: count, behind } = (await show(webhook.id)).delivery;
    expect(count).to.be.within(100, 150);
    expect(count + behind).to.equal(160);
    await deliver();
    expect(world.receiver.received).to.have.length(count);
    world.receiver.answer = () => 200;
    for (let n = 0; n < 3; n++) {
      world.pass(MINUTE);
      await deliver();
    }
    expect((await show(webhook.id)).delivery).to.include({ behind: 0, failing: 0 });
    expect(new Set(world.receiver.ids).size).to.equal(160);
  });
});
