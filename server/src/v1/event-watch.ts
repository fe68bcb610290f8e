import type { Rollcall } from '@rollcall/core';

interface Waiter {
  tenant: string;
  after: number;
  end: () => void;
}

/** What the watch needs: the last sequences, a place to count, limits. */
export interface EventWatchParts {
  rollcall: Pick<Rollcall, 'eventHeads'>;
  intervalMs: number;
  most: number;
  waiting: { set(count: number): void };
}

/**
 * Lets requests wait for events, whichever process writes them: while anybody waits, one small statement an interval
 * asks for the last sequence of all tenants that somebody waits for.
 */
export class EventWatch {
  readonly #parts: EventWatchParts;
  readonly #waiters = new Set<Waiter>();
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: EventWatchParts) {
    this.#parts = parts;
  }

  /**
   * Ends when the tenant has an event after that sequence, or when the signal says so.
   *
   * @returns false where nothing was waited for: too many wait already, or the signal came before.
   */
  wait(tenant: string, after: number, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted || this.#waiters.size >= this.#parts.most) return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = (): void => {
        this.#waiters.delete(waiter);
        this.#count();
        signal.removeEventListener('abort', end);
        resolve(true);
      };
      const waiter: Waiter = { tenant, after, end };
      this.#waiters.add(waiter);
      signal.addEventListener('abort', end);
      this.#count();
      this.#schedule();
    });
  }

  #count(): void {
    this.#parts.waiting.set(this.#waiters.size);
  }

  #schedule(): void {
    if (this.#timer !== null || this.#waiters.size === 0) return;
    this.#timer = setTimeout(() => {
      void this.#look();
    }, this.#parts.intervalMs);
  }

  async #look(): Promise<void> {
    const tenants = [...new Set([...this.#waiters].map(({ tenant }) => tenant))];
    const heads = await this.#heads(tenants);
    for (const waiter of [...this.#waiters]) if ((heads.get(waiter.tenant) ?? 0) > waiter.after) waiter.end();
    this.#timer = null;
    this.#schedule();
  }

  /** A database that cannot be asked now is asked again: the request itself meets the error, if it stays. */
  async #heads(tenants: readonly string[]): Promise<ReadonlyMap<string, number>> {
    try {
      return tenants.length === 0 ? new Map() : await this.#parts.rollcall.eventHeads(tenants);
    } catch {
      return new Map();
    }
  }
}
