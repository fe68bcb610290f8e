import type { Rollcall } from '@rollcall/core';
import { workosEvents } from '@rollcall/server';
import { expect } from 'chai';
import { HR_ROWS, NEXT_DAY } from '../../support/project.js';
import { onBothStores } from '../../support/stores.js';
import { isOfWorkos } from '../../support/verify-webhook.js';
import { WebhookWorld } from '../../support/webhook-world.js';

interface Told {
  object: string;
  event: string;
  context: Readonly<Record<string, unknown>>;
  data: Readonly<Record<string, unknown>> & { previous_attributes: Readonly<Record<string, unknown>> };
}

onBothStores('server/workos/webhooks: bodies as WorkOS sends them', (kind) => {
  let world: WebhookWorld;
  let rollcall: Rollcall;

  beforeEach(async () => {
    world = await WebhookWorld.create(kind);
    rollcall = await world.open({ formats: { workos: (...asked) => workosEvents(rollcall)(...asked) } });
    await (await rollcall.tenant('acme')).sync();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  it('tells of a termination in HR with its reason, and of nothing that WorkOS has no event for', async () => {
    const { secret } = await world.endpoint(rollcall, { format: 'workos' });
    world.now = new Date(NEXT_DAY);
    const [ada = ''] = HR_ROWS;
    await world.project.hr('2026-03-10', [ada.replace('Active', 'Terminated'), ...HR_ROWS.slice(1)]);
    await (await rollcall.tenant('acme')).sync();
    await rollcall.webhooks.worker().drain();
    const types = (await world.events(rollcall)).map(({ type }) => type);
    expect(types, 'both kinds happened').to.include.members(['user.deactivated', 'conflict.opened']);
    const told = world.receiver.received.map(({ body }) => JSON.parse(body) as Told);
    const [left] = told.filter(({ data }) => data.state === 'inactive');
    expect(left).to.deep.include({ object: 'event', event: 'dsync.user.updated' });
    expect(left?.data.previous_attributes).to.deep.include({ state: 'active' });
    expect(left?.context).to.deep.include({ reason: 'terminated' });
    expect(told.filter(({ event }) => !event.startsWith('dsync.'))).to.deep.equal([]);
    expect(world.receiver.received.filter((received) => !isOfWorkos(received, secret))).to.deep.equal([]);
  });

  it('makes the same bytes again for a delivery that is tried again', async () => {
    await world.endpoint(rollcall, { format: 'workos' });
    world.receiver.answer = () => 500;
    await world.project.hr('2026-03-10', [...HR_ROWS, 'E1009;Zoë;Ünal;zoe@acme.example;Games;Active;2026-03-01;']);
    world.now = new Date(NEXT_DAY);
    await (await rollcall.tenant('acme')).sync();
    await rollcall.webhooks.worker().drain();
    const [first] = world.receiver.received;
    world.receiver.answer = () => 204;
    world.pass(60_000);
    await rollcall.webhooks.worker().drain();
    const again = world.receiver.received.filter(
      ({ headers }) => headers['webhook-id'] === first?.headers['webhook-id'],
    );
    expect(again.length).to.be.greaterThan(1);
    expect(new Set(again.map(({ body }) => body)).size).to.equal(1);
  });
});
