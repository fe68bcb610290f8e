import { expect } from 'chai';
import { Scheduler, type SchedulerPort } from '#core/scheduling/scheduler.js';
import type { DueTier, TierResult } from '#core/scheduling/tier.js';

const FINISHED: TierResult = {
  outcome: 'finished',
  complete: true,
  code: null,
  needsPerson: false,
  retryAfterMs: null,
};
const LOG = { debug: ignore, info: ignore, warn: ignore, error: ignore };
function ignore(): void {
  // What is logged is not looked at here.
}

/** Tiers that are due once; each runs until the test ends it. */
class Waiting implements SchedulerPort {
  readonly started: string[] = [];
  readonly ends: (() => void)[] = [];
  most = 0;
  #due: DueTier[];
  #running = 0;

  constructor(due: DueTier[]) {
    this.#due = due;
  }

  refresh = (): Promise<void> => Promise.resolve();
  settle = (): Promise<void> => Promise.resolve();
  untilNext = (): Promise<null> => Promise.resolve(null);

  due(perTenant: number): Promise<DueTier[]> {
    const seen = new Map<string, number>();
    return Promise.resolve(
      this.#due.filter(({ tenantId }) => {
        const count = (seen.get(tenantId) ?? 0) + 1;
        seen.set(tenantId, count);
        return count <= perTenant;
      }),
    );
  }

  claim(tier: DueTier): Promise<boolean> {
    const isFree = this.#due.includes(tier);
    this.#due = this.#due.filter((other) => other !== tier);
    return Promise.resolve(isFree);
  }

  async run(tier: DueTier): Promise<TierResult> {
    this.started.push(tier.tenantId);
    this.most = Math.max(this.most, ++this.#running);
    await new Promise<void>((resolve) => this.ends.push(resolve));
    this.#running -= 1;
    return FINISHED;
  }
}

const tiersOf = (tenantId: string, count: number): DueTier[] =>
  Array.from({ length: count }, (_, n) => ({
    tenantId,
    directoryId: `dir-${n}`,
    tier: 'full',
    nextAt: '2026-03-09T08:00:00.000Z',
  }));

const scheduler = (port: SchedulerPort, slots: number): Scheduler =>
  new Scheduler(port, { slots, wait: () => new Promise(() => undefined), log: LOG });

describe('the scheduler', () => {
  it('lets tenants take turns: all of ten small ones have started before the large one comes to its fortieth', async () => {
    const small = Array.from({ length: 10 }, (_, n) => `small-${n}`);
    const port = new Waiting([...tiersOf('large', 300), ...small.flatMap((tenant) => tiersOf(tenant, 3))]);
    const drained = scheduler(port, 4).drain();
    let ended = 0;
    while (port.started.length < 330 || ended < 330) {
      await new Promise(setImmediate);
      // The oldest run ends first; the order of ends must not matter.
      if (ended < port.ends.length) port.ends[ended++]?.();
    }
    await drained;
    const fortieth = port.started.flatMap((tenant, n) => (tenant === 'large' ? [n] : []))[39] ?? 0;
    const started = port.started.slice(0, fortieth).filter((tenant) => tenant !== 'large');
    expect(started).to.have.length(30);
    expect(port.most).to.equal(4);
  });

  it('leaves to another process what that has taken', async () => {
    const port = new Waiting(tiersOf('acme', 2));
    port.claim = () => Promise.resolve(false);
    port.due = () => Promise.resolve(tiersOf('acme', 2));
    await scheduler(port, 2).drain();
    expect(port.started).to.deep.equal([]);
  });

  it('starts nothing more once it is stopped, and waits for what runs', async () => {
    const port = new Waiting(tiersOf('acme', 5));
    const one = scheduler(port, 1);
    one.start();
    while (port.started.length === 0) await new Promise(setImmediate);
    const stopped = one.stop();
    port.ends[0]?.();
    await stopped;
    expect(port.started).to.have.length(1);
  });

  it('goes on when the store was away', async () => {
    const port = new Waiting(tiersOf('acme', 1));
    let away = true;
    port.refresh = () => (away ? Promise.reject(new Error('the store is away')) : Promise.resolve());
    const waits: (() => void)[] = [];
    const one = new Scheduler(port, { slots: 1, wait: () => new Promise((resolve) => waits.push(resolve)), log: LOG });
    one.start();
    while (waits.length === 0) await new Promise(setImmediate);
    away = false;
    waits[0]?.();
    while (port.started.length === 0) await new Promise(setImmediate);
    port.ends[0]?.();
    await one.stop();
  });

  it('takes many wakes for one', async () => {
    const port = new Waiting([]);
    let rounds = 0;
    port.refresh = () => {
      rounds += 1;
      return Promise.resolve();
    };
    const one = new Scheduler(port, {
      slots: 1,
      wait: (_, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            resolve();
          });
        }),
      log: LOG,
    });
    one.start();
    while (rounds === 0) await new Promise(setImmediate);
    for (let n = 0; n < 10; n++) await new Promise(setImmediate);
    for (let n = 0; n < 100; n++) one.wake();
    for (let n = 0; n < 10; n++) await new Promise(setImmediate);
    expect(rounds).to.equal(2);
    await one.stop();
  });
});
