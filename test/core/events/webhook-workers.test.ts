import type { Rollcall } from '@rollcall/core';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Store } from '#core/store/store.js';
import { onBothStores } from '../../support/stores.js';
import { WebhookWorld } from '../../support/webhook-world.js';

const storeOf = (rollcall: Rollcall): Store => (rollcall as unknown as { store: Store }).store;
const MINUTE = 60_000;

onBothStores('webhooks: workers', (kind) => {
  let world: WebhookWorld;
  let rollcall: Rollcall;

  beforeEach(async () => {
    world = await WebhookWorld.create(kind, { tenants: ['acme', 'bravo'] });
    rollcall = await world.open();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  it('sends again, under the same ids, what was answered but not stored before a crash', async () => {
    const { webhook } = await world.endpoint(rollcall);
    const ids = await world.happen(['a', 'b', 'a']);
    const dying = await world.open();
    storeOf(dying).write = () => Promise.reject(new Error('killed'));
    await dying.webhooks.worker().drain();
    expect(world.receiver.ids).to.deep.equal(ids);
    await rollcall.webhooks.worker().drain();
    expect(world.receiver.ids, 'while the dead one counts as alive').to.deep.equal(ids);
    world.pass(MINUTE);
    await rollcall.webhooks.worker().drain();
    expect(world.receiver.ids).to.deep.equal([...ids, ...ids]);
    const [before, after] = [0, 3].map((n) => world.receiver.received[n]?.body);
    expect(before).to.equal(after);
    expect((await rollcall.webhooks.show('acme', webhook.id)).delivery.behind).to.equal(0);
    expect((await rollcall.webhooks.deliveries('acme')).items).to.have.length(3);
  });

  it('stores nothing of a worker that was paused past its lease', async () => {
    const { webhook } = await world.endpoint(rollcall);
    const ids = await world.happen(['a', 'b', 'c']);
    const other = await world.open();
    let isFirst = true;
    world.receiver.answer = async () => {
      if (!isFirst) return 204;
      isFirst = false;
      world.pass(2 * MINUTE);
      await other.webhooks.worker().drain();
      // The paused one hears of a failure that would make the event pending again.
      return 500;
    };
    await rollcall.webhooks.worker().drain();
    expect(world.receiver.ids).to.deep.equal([ids[0], ...ids]);
    expect((await rollcall.webhooks.show('acme', webhook.id)).delivery).to.include({ failing: 0, behind: 0 });
    expect((await rollcall.webhooks.deliveries('acme')).items).to.have.length(3);
  });

  it('sends each event once where two work at the same time', async () => {
    await using second = await (await import('../../support/receiver.js')).Receiver.open();
    await world.endpoint(rollcall);
    await world.endpoint(rollcall, { url: second.url() });
    const ids = await world.happen(Array.from({ length: 120 }, (_, n) => `usr-${n % 7}`));
    const other = await world.open();
    await Promise.all([rollcall, other].map((each) => each.webhooks.worker().drain()));
    expect(world.receiver.ids).to.deep.equal(ids);
    expect(second.ids).to.deep.equal(ids);
  });

  it('gives tenants turns: a large one does not keep a small one waiting', async () => {
    await world.endpoint(rollcall);
    await world.endpoint(rollcall, { url: world.receiver.url('/bravo') }, 'bravo');
    await world.happen(Array.from({ length: 450 }, (_, n) => `usr-${n}`));
    await world.happen(['usr-1'], { tenant: 'bravo' });
    await rollcall.webhooks.worker({ slots: 1 }).drain();
    expect(world.receiver.received).to.have.length(451);
    expect(world.receiver.received.findIndex(({ path }) => path === '/bravo')).to.be.at.most(200);
  });

  it('works by itself until it is stopped, and stores what was sent by then', async () => {
    const { webhook } = await world.endpoint(rollcall);
    const worker = rollcall.webhooks.worker();
    const came = new Promise<void>((resolve) => {
      world.receiver.answer = ({ headers }) => {
        if (headers['webhook-id']?.endsWith('2') === true) resolve();
        return 204;
      };
    });
    worker.start();
    await world.happen(['a', 'b']);
    await came;
    await worker.stop();
    expect((await rollcall.webhooks.show('acme', webhook.id)).delivery.behind).to.equal(0);
    await world.happen(['a']);
    await worker.drain();
    expect(world.receiver.received).to.have.length(2);
  });

  it('does not send to an endpoint that is disabled or removed while it sends, beyond the running batch', async () => {
    const { webhook } = await world.endpoint(rollcall, { types: ['user.updated'] });
    await world.happen(Array.from({ length: 80 }, (_, n) => `usr-${n}`));
    world.receiver.answer = async () => {
      if (world.receiver.received.length === 1) await rollcall.webhooks.disable('acme', webhook.id, 'kim');
      return 204;
    };
    await rollcall.webhooks.worker().drain();
    expect(world.receiver.received).to.have.length(50);
    await rollcall.webhooks.enable('acme', webhook.id, { by: 'kim' });
    world.receiver.answer = async () => {
      if (world.receiver.received.length === 51) await rollcall.webhooks.remove('acme', webhook.id, 'kim');
      return 500;
    };
    await rollcall.webhooks.worker().drain();
    expect(await world.rows('SELECT sequence FROM webhook_pending')).to.deep.equal([]);
    expect((await rollcall.webhooks.show('acme', webhook.id)).status).to.equal('retired');
  });

  it('delivers everything, each subject in order, whatever fails on the way', async () => {
    const runs = kind.name === 'SQLite' ? 25 : 8;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ subject: fc.constantFrom('a', 'b', 'c', 'd'), faults: fc.integer({ min: 0, max: 3 }) }), {
          minLength: 1,
          maxLength: 40,
        }),
        fc.array(fc.constantFrom(400, 500, 503, 0), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 3 }),
        async (events, kinds, parts) => {
          const { webhook } = await world.endpoint(rollcall, { types: ['user.updated'] });
          const left = new Map<string, number>();
          const delivered: string[] = [];
          world.receiver.answer = ({ headers }, response) => {
            const id = headers['webhook-id'] ?? '';
            const faults = left.get(id) ?? 0;
            if (faults === 0) {
              delivered.push(id);
              return 204;
            }
            left.set(id, faults - 1);
            const status = kinds[faults % kinds.length] ?? 500;
            if (status !== 0) return status;
            response.destroy();
            return undefined;
          };
          const subjectOf = new Map<string, string>();
          const size = Math.ceil(events.length / parts);
          for (let n = 0; n < events.length; n += size) {
            const part = events.slice(n, n + size);
            const ids = await world.happen(part.map(({ subject }) => subject));
            for (const [i, id] of ids.entries()) {
              left.set(id, part[i]?.faults ?? 0);
              subjectOf.set(id, part[i]?.subject ?? '');
            }
            await rollcall.webhooks.worker().drain();
          }
          for (let n = 0; n < 400 && delivered.length < events.length; n++) {
            world.pass(10 * MINUTE);
            await rollcall.webhooks.worker().drain();
          }
          expect([...delivered].sort()).to.deep.equal([...subjectOf.keys()].sort());
          for (const subject of ['a', 'b', 'c', 'd']) {
            const order = delivered.filter((id) => subjectOf.get(id) === subject);
            expect(order, subject).to.deep.equal([...order].sort());
          }
          await rollcall.webhooks.remove('acme', webhook.id, 'test');
        },
      ),
      { numRuns: runs, endOnFailure: true },
    );
  }).timeout(300_000);
});
