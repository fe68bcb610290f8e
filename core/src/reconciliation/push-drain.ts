import { isRollcallError } from '@rollcall/connector-kit';
import { storedInstant } from '../model/instants.js';
import type { PushPlace } from '../sources/pushed-reading.js';
import type { Engine } from './engine.js';
import { errorBody } from './error-body.js';
import { hasMarksOf, leftBehind, recordsMarkedBy } from './pushed-marks.js';
import { takesPushes, type PushTools } from './push-store.js';
import { RunReport } from './run-report.js';
import { wait as pause } from '../scheduling/wait.js';
import { tenantPass } from './sync.js';

/** Directories that are drawn at the same time: each may wait for its tenant, and holds a connection while it does. */
const AT_ONCE = 2;
/** How often a store that is busy is asked again, and after how long first. */
const TRIES = 6;
const FIRST_WAIT_MS = 500;
/** Marks that are younger are about to be taken by whoever made them. */
const LEFT_AFTER_MS = 60_000;

/** What is still to be drawn of one directory. */
interface Waiting {
  place: PushPlace;
  runIds: Set<string>;
  tries: number;
}

/**
 * Draws the consequences that pushes left behind: at once after the answer, those of one directory together. What a
 * process that died left is taken over by a service, or by the next `sync`.
 */
export class PushDrain {
  readonly #engine: Engine;
  readonly #context: PushTools['context'];
  readonly #waiting = new Map<string, Waiting>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #abort = new AbortController();
  /** What was taken over and is left all the same: its trouble is told once, and the next `sync` meets it again. */
  #takenOver = new Set<string>();

  constructor(engine: Engine, context: PushTools['context']) {
    this.#engine = engine;
    this.#context = context;
  }

  /** Asks for the marks of a run to be drawn. */
  wake(place: PushPlace, runId: string): void {
    if (this.#abort.signal.aborted) return;
    const key = `${place.tenantId}/${place.directoryId}`;
    const waiting = this.#waiting.get(key) ?? { place, runIds: new Set(), tries: 0 };
    waiting.runIds.add(runId);
    this.#waiting.set(key, waiting);
    this.#next();
  }

  /** Takes over what processes left that died between their answer and its consequences. */
  async takeOver(): Promise<void> {
    const before = storedInstant(new Date(this.#engine.clock.now().getTime() - LEFT_AFTER_MS));
    const left = await this.#engine.store.read((sql) => leftBehind(sql, before));
    for (const { tenantId, directoryId, runId } of left)
      if (!this.#takenOver.has(runId)) this.wake({ tenantId, directoryId }, runId);
    this.#takenOver = new Set(left.map(({ runId }) => runId));
  }

  /** Resolves when nothing waits any more. */
  async settle(): Promise<void> {
    while (this.#running.size > 0) await Promise.race(this.#running.values());
  }

  /** Ends between two batches; what is not drawn keeps its marks. */
  async close(): Promise<void> {
    this.#abort.abort();
    this.#waiting.clear();
    await this.settle();
  }

  #next(): void {
    for (const [key, waiting] of this.#waiting) {
      if (this.#running.size >= AT_ONCE) return;
      if (this.#running.has(key)) continue;
      this.#waiting.delete(key);
      this.#running.set(
        key,
        this.#work(waiting).finally(() => {
          this.#running.delete(key);
          this.#next();
        }),
      );
    }
  }

  async #work(waiting: Waiting): Promise<void> {
    for (let wait = FIRST_WAIT_MS; !this.#abort.signal.aborted; wait *= 2) {
      try {
        await this.#draw(waiting);
        return;
      } catch (error) {
        waiting.tries += 1;
        const again = isRollcallError(error) && error.next === 'retry' && waiting.tries < TRIES;
        this.#tell(waiting, error, again);
        if (!again) return;
        await pause(wait, this.#abort.signal);
      }
    }
  }

  async #draw({ place, runIds }: Waiting): Promise<void> {
    const { store } = this.#engine;
    const { tenantId, directoryId } = place;
    const context = await store.read((sql) => this.#context(sql, tenantId));
    const directory = context?.byId.get(directoryId);
    if (context === null || directory?.mode !== 'live' || !takesPushes(directory)) return;
    if (!(await store.read((sql) => hasMarksOf(sql, tenantId, directoryId, [...runIds])))) return;
    const parts = { tenant: tenantId, directory: directory.name, trigger: 'push', tier: 'push', shadow: false };
    const report = new RunReport(this.#engine, parts);
    // Also where this fails half-way: what it marked itself belongs to the next try.
    runIds.add(report.runId);
    const marks = [...runIds];
    const job = { engine: this.#engine, lane: 'push' as const, signal: this.#abort.signal, progress: () => undefined };
    await tenantPass(job, context, report, {
      directory,
      directoryId,
      next: (dry) => recordsMarkedBy(context, directoryId, marks, dry),
      first: false,
    });
  }

  #tell({ place }: Waiting, error: unknown, again: boolean): void {
    if (this.#abort.signal.aborted) return;
    this.#engine.log.warn(
      again
        ? 'The consequences of pushes wait for the database.'
        : 'The consequences of pushes could not be drawn; the next sync of the directory draws them.',
      { tenant: place.tenantId, directory: place.directoryId, error: errorBody(error).code },
    );
  }
}
