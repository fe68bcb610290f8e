import type { Logger } from '@rollcall/connector-kit';
import { laneOf, type RunLane } from './lanes.js';
import type { DueTier, TierResult } from './tier.js';

/** What a scheduler works on; what is due stays in the store, so that several processes may share it. */
export interface SchedulerPort {
  /** Brings the list of tiers in line with what is applied. */
  refresh(): Promise<void>;
  /** What is due now and taken by nobody: of each tenant at most `perTenant` of each lane, the longest waiting first. */
  due(perTenant: number): Promise<readonly DueTier[]>;
  /** False: another process was faster. */
  claim(tier: DueTier): Promise<boolean>;
  /** Throws nothing: what goes wrong is in the result. */
  run(tier: DueTier, signal: AbortSignal): Promise<TierResult>;
  /** Says when it is due again. */
  settle(tier: DueTier, result: TierResult): Promise<void>;
  /** Milliseconds until the next tier of these lanes is due; null: none is known. */
  untilNext(lanes: readonly RunLane[]): Promise<number | null>;
}

/** How a scheduler works. */
export interface SchedulerOptions {
  /** How many tiers of each lane run at the same time: who leaves never waits for a snapshot. */
  slots: number;
  /** Ends after so many milliseconds, or at once when aborted; injected by tests. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  log: Logger;
}

/** However long nothing is due, what other processes change is looked at so often. */
const LONGEST_WAIT_MS = 60_000;
const LANES: readonly RunLane[] = ['fast', 'sweep'];

/** A tier while it runs. */
interface Running {
  tenantId: string;
  lane: RunLane;
}

/**
 * Starts what is due, of each lane as many at a time as there are slots. Tenants take turns: the next slot goes to whoever has fewest
 * running and has waited longest since their last turn, however much a large one has due.
 */
export class Scheduler {
  readonly #port: SchedulerPort;
  readonly #options: SchedulerOptions;
  readonly #running = new Map<Promise<void>, Running>();
  readonly #turns = new Map<string, number>();
  readonly #stop = new AbortController();
  #turn = 0;
  #wake = new AbortController();
  #loop: Promise<void> | null = null;
  /** Until when the list of tiers need not be looked through; ends of runs come often. */
  #refreshedUntil = 0;

  constructor(port: SchedulerPort, options: SchedulerOptions) {
    this.#port = port;
    this.#options = options;
  }

  /** Works until it is stopped. */
  start(): void {
    this.#loop ??= this.#work();
  }

  /** Something may be due earlier than was thought. Many at once are one. */
  wake(): void {
    this.#refreshedUntil = 0;
    this.#wake.abort();
  }

  /** Starts nothing more, asks what runs to stop, and waits for it. */
  async stop(): Promise<void> {
    this.#stop.abort('The scheduler was stopped.');
    this.wake();
    await this.#loop;
    await Promise.all(this.#running.keys());
  }

  /** Runs what is due, and what becomes due by it, until nothing is; for hosts that keep the time themselves. */
  async drain(): Promise<void> {
    for (;;) {
      await this.#port.refresh();
      await this.#fill();
      if (this.#running.size === 0) return;
      await Promise.race(this.#running.keys());
    }
  }

  async #work(): Promise<void> {
    while (!this.#isStopped()) {
      this.#wake = new AbortController();
      const wait = await this.#round();
      if (!this.#isStopped())
        await Promise.race([this.#options.wait(wait, this.#wake.signal), ...this.#running.keys()]);
    }
  }

  /** @returns how long to wait for the next round. A store that is away for a while must not end the service. */
  async #round(): Promise<number> {
    try {
      await this.#refresh();
      await this.#fill();
      // Where every slot of a lane is taken it is the end of a run that matters.
      const next = await this.#port.untilNext(LANES.filter((lane) => !this.#isFull(lane)));
      return Math.min(Math.max(next ?? LONGEST_WAIT_MS, 0), LONGEST_WAIT_MS);
    } catch (error) {
      this.#options.log.error('What is due could not be found out; it is tried again.', { error: String(error) });
      return LONGEST_WAIT_MS;
    }
  }

  async #refresh(): Promise<void> {
    if (performance.now() < this.#refreshedUntil) return;
    this.#refreshedUntil = performance.now() + LONGEST_WAIT_MS;
    try {
      await this.#port.refresh();
    } catch (error) {
      this.#refreshedUntil = 0;
      throw error;
    }
  }

  #isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  #isFull(lane: RunLane): boolean {
    return [...this.#running.values()].filter((run) => run.lane === lane).length >= this.#options.slots;
  }

  async #fill(): Promise<void> {
    const isIdle = LANES.some((lane) => !this.#isFull(lane));
    let due = isIdle ? [...(await this.#port.due(this.#options.slots))] : [];
    for (;;) {
      due = due.filter((tier) => !this.#isFull(laneOf(tier.tier)));
      if (due.length === 0 || this.#isStopped()) return;
      const tier = this.#nextTurn(due);
      due = due.filter((other) => other !== tier);
      if (await this.#port.claim(tier)) this.#begin(tier);
    }
  }

  #begin(tier: DueTier): void {
    this.#turns.set(tier.tenantId, ++this.#turn);
    const run = this.#run(tier).finally(() => this.#running.delete(run));
    this.#running.set(run, { tenantId: tier.tenantId, lane: laneOf(tier.tier) });
  }

  #nextTurn(due: readonly DueTier[]): DueTier {
    const runs = (tenant: string): number =>
      [...this.#running.values()].filter(({ tenantId }) => tenantId === tenant).length;
    const rank = (tier: DueTier): readonly [number, number] => [
      runs(tier.tenantId),
      this.#turns.get(tier.tenantId) ?? 0,
    ];
    return due.reduce((best, tier) => (isLess(rank(tier), rank(best)) ? tier : best));
  }

  async #run(tier: DueTier): Promise<void> {
    try {
      await this.#port.settle(tier, await this.#port.run(tier, this.#stop.signal));
    } catch (error) {
      // The claim runs out by itself, and the tier is due again.
      this.#options.log.error('How a run went could not be stored.', { tenant: tier.tenantId, error: String(error) });
    }
  }
}

function isLess(a: readonly [number, number], b: readonly [number, number]): boolean {
  return a[0] === b[0] ? a[1] < b[1] : a[0] < b[0];
}
