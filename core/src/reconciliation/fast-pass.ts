import { isRollcallError, RollcallError, type Json, type RecordKind } from '@rollcall/connector-kit';
import { keepLease } from '../scheduling/lease.js';
import { askForFull } from '../scheduling/tier-states.js';
import { dropCursor, moveCursor, readCursors } from '../sources/cursors.js';
import { clearDriftCandidates, forgetDriftCandidates } from '../sources/drift-candidates.js';
import type { WantedReadRow } from '../sources/fast-tables.js';
import type { ObserveTools } from '../sources/observe.js';
import type { ReadState } from '../sources/read-state.js';
import { forgetWanted, listWanted, noteTry, settleWanted, THE_STREAM, wantReads } from '../sources/wanted-reads.js';
import type { Sql } from '../store/table.js';
import { judgeDrift } from './drift.js';
import {
  beginRead,
  enter,
  isSwept,
  keepPage,
  mappedKinds,
  noteSpent,
  requestOf,
  totalsOf,
  type Reading,
  type SpentRequests,
} from './page-reading.js';

/** Objects read by themselves that are looked up in one go. */
const PAGE = 100;
/** Objects read by themselves in one run; what is left comes with the next. */
const MOST_READS = 5_000;
/** Pages of a stream in one run: one that never ends must not hold the lane for ever. What was read stays read. */
const MOST_PAGES = 10_000;

/**
 * The evidence of the fast lane: the stream of changes where the tier is `delta` or a notification named nobody, then the
 * objects that are to be read by themselves. It proves presence and what a source says is gone, never absence.
 *
 * @returns what went wrong; what was read before is kept and has its consequences all the same: each record speaks for
 *   itself, and who left must not wait for somebody who cannot be read. Null: nothing.
 */
export async function fastPass(reading: Reading): Promise<{ failure: Error | null }> {
  const spent = { count: 0 };
  try {
    await new FastPass(reading, spent).read();
    return { failure: null };
  } catch (error) {
    reading.job.signal.throwIfAborted();
    return { failure: error instanceof Error ? error : new Error(String(error)) };
  } finally {
    await noteSpent(reading, spent);
  }
}

class FastPass {
  readonly #reading: Reading;
  readonly #spent: SpentRequests;
  readonly #states = new Map<RecordKind, ReadState>();
  readonly #kinds: readonly RecordKind[];
  /** True where only a whole read can bring what is wanted. */
  #needsFull = false;
  #isComplete = true;

  constructor(reading: Reading, spent: SpentRequests) {
    this.#reading = reading;
    this.#spent = spent;
    this.#kinds = mappedKinds(reading);
  }

  async read(): Promise<void> {
    const stream = await this.#wantedStream();
    if (stream !== null || this.#reading.report.document.tier === 'delta') await this.#readStreams();
    if (stream !== null) await this.#write((sql) => settleWanted(sql, stream));
    await this.#readWanted();
    if (this.#needsFull) await this.#askForFull();
    const withoutId = [...this.#states.values()].some((state) => state.withoutId > 0);
    this.#reading.report.noteComplete(this.#isComplete && !withoutId);
  }

  async #wantedStream(): Promise<WantedReadRow | null> {
    const { job, context, directory } = this.#reading;
    const place = { tenant_id: context.tenantId, directory_id: directory.id };
    const key = { ...place, kind: THE_STREAM.kind, source_id: THE_STREAM.sourceId };
    const row = await job.engine.store.read((sql) => sql('wanted_read').where(key).first<WantedReadRow | undefined>());
    return row ?? null;
  }

  async #readStreams(): Promise<void> {
    const { job, context, directory, connector } = this.#reading;
    if (!connector.capabilities.delta) {
      this.#needsFull = true;
      return;
    }
    const cursors = await job.engine.store.read((sql) => readCursors(sql, context.tenantId, directory.id));
    for (const kind of this.#kinds) {
      const cursor = cursors.get(kind) ?? null;
      if (cursor !== null) await this.#readStream(kind, cursor);
      else {
        // Without a place to go on from the stream waits for a whole read; where it broke off it asks for one.
        this.#isComplete = false;
        this.#needsFull ||= cursors.has(kind);
      }
    }
  }

  async #readStream(kind: RecordKind, cursor: Json): Promise<void> {
    try {
      const firstBegin = await this.#readPages(kind, cursor);
      if (firstBegin !== null) await judgeDrift(this.#reading, this.#placeOf(kind), firstBegin);
    } catch (error) {
      if (!isRollcallError(error) || error.next !== 'resync') throw error;
      await this.#breakOff(kind, error);
    }
  }

  /** @returns the begin of the first page; null: there was none. */
  async #readPages(kind: RecordKind, cursor: Json): Promise<number | null> {
    const { connector, report } = this.#reading;
    const state = this.#stateOf(kind);
    const settle = this.#settling(state);
    const request = requestOf(this.#reading, { kinds: [kind], accepted: {}, force: false }, this.#spent);
    let pages = 0;
    let firstBegin: number | null = null;
    for await (const page of connector.connector.readDelta?.(cursor, request) ?? []) {
      if (++pages > MOST_PAGES) throw endless(this.#reading);
      firstBegin ??= page.begin;
      report.noteWarnings(page.warnings ?? []);
      await this.#keep(state, page, async (sql, outcome, met) => {
        await settle(sql, outcome, met);
        await moveCursor(sql, this.#placeOf(kind), page.cursor, state.observedAt);
      });
    }
    return firstBegin;
  }

  /** The source does not know our place any more. Nobody is gone for it: a whole read closes the gap. */
  async #breakOff(kind: RecordKind, { code, message }: { code: string; message: string }): Promise<void> {
    const { report } = this.#reading;
    await this.#write(async (sql) => {
      await dropCursor(sql, this.#placeOf(kind), report.now());
      await forgetDriftCandidates(sql, this.#placeOf(kind));
    });
    report.noteWarnings([{ code, message }]);
    this.#isComplete = false;
    this.#needsFull = true;
  }

  async #readWanted(): Promise<void> {
    const { job, context, directory } = this.#reading;
    for (let reads = 0; reads < MOST_READS;) {
      const rows = await job.engine.store.read((sql) => listWanted(sql, context.tenantId, directory.id, PAGE));
      // The stream is read once a run; whoever asks for it meanwhile wakes the next.
      const objects = rows.filter((row) => row.kind !== THE_STREAM.kind);
      if (objects.length === 0) return;
      for (const row of objects) await this.#readOne(row);
      reads += objects.length;
    }
  }

  async #readOne(row: WantedReadRow): Promise<void> {
    const { connector, job } = this.#reading;
    job.signal.throwIfAborted();
    const kind = this.#kinds.find((known) => known === row.kind);
    if (kind === undefined || !connector.capabilities.one) {
      this.#needsFull ||= kind !== undefined;
      await this.#write((sql) => forgetWanted(sql, [row]));
      return;
    }
    const state = this.#stateOf(kind);
    const settle = this.#settling(state);
    const request = requestOf(this.#reading, { kinds: [kind], accepted: {}, force: false }, this.#spent);
    try {
      const page = await connector.connector.readOne?.(kind, row.source_id, request);
      if (page === undefined) throw new Error('The connector reads no object by itself.');
      await this.#keep(state, page, async (sql, outcome, met) => {
        await settleWanted(sql, row);
        await settle(sql, outcome, met);
      });
    } catch (error) {
      await this.#write((sql) => noteTry(sql, row));
      throw error;
    }
  }

  async #keep(state: ReadState, page: Parameters<typeof keepPage>[2], settle: ObserveTools['settle']): Promise<void> {
    const { job, lease, report } = this.#reading;
    job.signal.throwIfAborted();
    await keepPage(this.#reading, state, page, settle);
    await keepLease(job.engine.store, job.lane, lease);
    report.noteRead(totalsOf([...this.#states.values()]));
  }

  /**
   * What proves no order is read by itself; so is what changed while a whole read runs, since that one may have seen the
   * record later and written nothing.
   */
  #settling({ kind, observedAt }: ReadState): NonNullable<ObserveTools['settle']> {
    const place = this.#placeOf(kind);
    return async (sql, { applied, unsure }, met) => {
      const isDoubtful = applied.length > 0 && (await isSwept(sql, this.#reading));
      const again = [...unsure, ...(isDoubtful ? applied.map((record) => record.sourceId) : [])];
      const wanted = again.map((sourceId) => ({ kind, sourceId }));
      await wantReads(sql, { ...place, reason: 'verify', at: observedAt }, wanted);
      await clearDriftCandidates(sql, place, met);
    };
  }

  #stateOf(kind: RecordKind): ReadState {
    const state = this.#states.get(kind) ?? beginRead(this.#reading, kind, { whole: false, last: null });
    this.#states.set(kind, state);
    return state;
  }

  #placeOf(kind: string): { tenantId: string; directoryId: string; kind: string } {
    const { context, directory } = this.#reading;
    return { tenantId: context.tenantId, directoryId: directory.id, kind };
  }

  #askForFull(): Promise<void> {
    const { context, directory, job } = this.#reading;
    return this.#write((sql) =>
      askForFull(sql, { tenantId: context.tenantId, directoryId: directory.id }, job.engine.clock.now()),
    );
  }

  #write(task: (sql: Sql) => Promise<void>): Promise<void> {
    const { engine, lane } = this.#reading.job;
    return engine.store.write(lane, async (sql) => {
      await enter(sql, this.#reading);
      await task(sql);
    });
  }
}

function endless({ context, directory }: Reading): RollcallError {
  return new RollcallError('RC_STREAM_ENDLESS', 69, 'retry', {
    what: `The stream of changes did not end within ${MOST_PAGES} pages. What was read is kept.`,
    where: { tenant: context.tenantId, directory: directory.name },
    mend: 'Nothing to do if the directory changes a lot: the next run goes on from here. Else tell the author of the connector.',
  });
}
