import { storedInstant } from '../model/instants.js';
import { WebhookSender, type SenderParts } from './webhook-sender.js';
import { dropAttempts, dueEndpoints, takeEndpoint } from './webhook-queue.js';

/** What is due, of which tenant. */
interface Due {
  tenant_id: string;
  id: string;
}

/** How a worker works. */
export interface WorkerOptions {
  /** How many endpoints are sent to at the same time. */
  slots: number;
  /** Ends after so many milliseconds, or at once when aborted; injected by tests. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  /** Brings the schema up to date where it is not. */
  prepare(): Promise<void>;
}

/** How often is looked for what other processes wrote. */
const LOOK_MS = 1_000;
/** How long answers are waited for that are under way when it is stopped. */
const GRACE_MS = 5_000;
const TIDY_MS = 3_600_000;
const KEPT_MS = 30 * 86_400_000;

/**
 * Sends events to the endpoints that want them, each endpoint by one worker at a time. What is due stays in the store:
 * several processes may run one. Tenants take turns.
 */
export class WebhookWorker {
  readonly #parts: SenderParts;
  readonly #options: WorkerOptions;
  readonly #running = new Map<Promise<void>, Due>();
  readonly #turns = new Map<string, number>();
  readonly #stop = new AbortController();
  readonly #giveUp = new AbortController();
  #turn = 0;
  #wake = new AbortController();
  #loop: Promise<void> | null = null;
  #tidyAfter = 0;

  constructor(parts: SenderParts, options: WorkerOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  /** Works until it is stopped. */
  start(): void {
    this.#loop ??= this.#work();
  }

  /** Sends nothing more; answers to what was sent are waited for a while, and stored. */
  async stop(): Promise<void> {
    this.#stop.abort('The worker was stopped.');
    this.#wake.abort();
    const timer = setTimeout(() => {
      this.#giveUp.abort();
    }, GRACE_MS);
    await this.#loop;
    await Promise.all(this.#running.keys());
    clearTimeout(timer);
  }

  /** Sends what is due now until nothing is; for hosts that keep the time themselves. */
  async drain(): Promise<void> {
    await this.#options.prepare();
    for (;;) {
      await this.#fill();
      if (this.#running.size === 0) return;
      await Promise.race(this.#running.keys());
    }
  }

  async #work(): Promise<void> {
    while (!this.#isStopped()) {
      this.#wake = new AbortController();
      try {
        await this.#options.prepare();
        await this.#tidy();
        await this.#fill();
      } catch (error) {
        this.#parts.log.error('What is due to webhooks could not be found out; it is tried again.', {
          error: String(error),
        });
      }
      if (!this.#isStopped())
        await Promise.race([this.#options.wait(LOOK_MS, this.#wake.signal), ...this.#running.keys()]);
    }
  }

  #isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async #fill(): Promise<void> {
    if (this.#isStopped() || this.#running.size >= this.#options.slots) return;
    const { store, clock, formats } = this.#parts;
    let due = (await store.read((sql) => dueEndpoints(sql, clock.now(), [...formats.keys()]))) as readonly Due[];
    while (due.length > 0 && this.#running.size < this.#options.slots && !this.#isStopped()) {
      const next = this.#nextTurn(due);
      due = due.filter((other) => other !== next);
      const taken = await store.writeOne('fast', (sql) => takeEndpoint(sql, next, clock.now()));
      if (taken === null) continue;
      this.#turns.set(next.tenant_id, ++this.#turn);
      const run = this.#run(taken).finally(() => this.#running.delete(run));
      this.#running.set(run, next);
    }
  }

  /** The tenant with fewest running, then the one whose last turn is longest ago. */
  #nextTurn(due: readonly Due[]): Due {
    const runs = (tenant: string): number =>
      [...this.#running.values()].filter(({ tenant_id }) => tenant_id === tenant).length;
    const rank = ({ tenant_id }: Due): number => runs(tenant_id) * (this.#turn + 1) + (this.#turns.get(tenant_id) ?? 0);
    return due.reduce((best, endpoint) => (rank(endpoint) < rank(best) ? endpoint : best));
  }

  async #run(taken: Parameters<WebhookSender['serve']>[0]): Promise<void> {
    try {
      await new WebhookSender(this.#parts).serve(taken, { soon: this.#stop.signal, now: this.#giveUp.signal });
    } catch (error) {
      // The lease runs out by itself; what was sent and is not stored comes again, under the same ids.
      this.#parts.log.error('What became of webhooks could not be stored.', {
        tenant: taken.tenant_id,
        webhook: taken.id,
        error: String(error),
      });
    }
  }

  /** Once an hour tries that are older than they are kept are let go. */
  async #tidy(): Promise<void> {
    const { store, clock } = this.#parts;
    const now = clock.now().getTime();
    if (now < this.#tidyAfter) return;
    this.#tidyAfter = now + TIDY_MS;
    const before = storedInstant(new Date(now - KEPT_MS));
    const tenants = await store.read((sql) => sql('webhook_endpoint').distinct('tenant_id').select<Due[]>('tenant_id'));
    for (const { tenant_id } of tenants) await store.writeOne('sweep', (sql) => dropAttempts(sql, tenant_id, before));
  }
}
