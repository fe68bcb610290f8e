import { RollcallError, type Page, type RecordKind } from '@rollcall/connector-kit';
import type { CompiledMapping } from '../mapping/mapping-file.js';
import type { DoubtDocument } from '../model/documents.js';
import type { Json } from '../model/json.js';
import { readAccepted, storeAccepted, type Accepted } from '../sources/accepted.js';
import { concludeWholeRead } from '../sources/conclude-read.js';
import { beginCursor } from '../sources/cursors.js';
import { noteDriftCandidates } from '../sources/drift-candidates.js';
import type { ObserveTools } from '../sources/observe.js';
import type { ReadState } from '../sources/read-state.js';
import type { WatermarkRow } from '../sources/tables.js';
import { wantReads } from '../sources/wanted-reads.js';
import { readWatermark } from '../sources/watermarks.js';
import type { Sql } from '../store/table.js';
import { keepLease } from '../scheduling/lease.js';
import { doubtsOf, settleDoubts } from './doubts.js';
import { endDrift } from './drift.js';
import {
  beginRead,
  enter,
  hasFastLane,
  keepPage,
  mappedKinds,
  mappingOf,
  noteSpent,
  requestOf,
  totalsOf,
  type Reading,
  type SpentRequests,
} from './page-reading.js';
import { watchSchema } from './schema-drift.js';
import { kindsWithStream } from './streams.js';

/** One kind while it is read. */
interface KindRead {
  kind: RecordKind;
  state: ReadState;
  mapping: CompiledMapping;
  accepted: Accepted | null;
  watermark: WatermarkRow | null;
  columns: readonly string[] | null;
  vanished: string[];
  alreadyAccepted: boolean;
  last: Page | null;
}

/** What the evidence pass leaves for the connector's `committed`. */
export type AcceptedStates = Partial<Record<RecordKind, Json>>;

/**
 * Reads a directory in full: keeps evidence page by page, and at the end believes absence only where the read proved
 * itself whole. Changes nobody.
 *
 * @param full - also what was accepted already.
 */
export async function evidencePass(reading: Reading, full: boolean): Promise<AcceptedStates> {
  const spent = { count: 0 };
  try {
    return await new EvidencePass(reading, full, spent).read();
  } finally {
    await noteSpent(reading, spent);
  }
}

class EvidencePass {
  readonly #reading: Reading;
  readonly #full: boolean;
  readonly #spent: SpentRequests;
  readonly #reads = new Map<RecordKind, KindRead>();
  readonly #states: AcceptedStates = {};
  /** Kinds whose changes a stream should have brought. */
  #streams: ReadonlySet<string> = new Set();

  constructor(reading: Reading, full: boolean, spent: SpentRequests) {
    this.#reading = reading;
    this.#full = full;
    this.#spent = spent;
  }

  async read(): Promise<AcceptedStates> {
    const { context, directory, job, connector } = this.#reading;
    const { store } = job.engine;
    const accepted = await store.read((sql) => readAccepted(sql, context.tenantId, directory.id));
    this.#streams = await kindsWithStream(this.#reading);
    const asked = {
      kinds: mappedKinds(this.#reading),
      accepted: Object.fromEntries([...accepted].map(([kind, entry]) => [kind, entry.state])),
      force: this.#full,
    };
    for await (const page of connector.connector.readFull(requestOf(this.#reading, asked, this.#spent))) {
      job.signal.throwIfAborted();
      await this.#takePage(page, accepted.get(page.kind) ?? null);
    }
    for (const read of this.#reads.values()) await this.#conclude(read);
    return this.#states;
  }

  async #takePage(page: Page, accepted: Accepted | null): Promise<void> {
    const { job, report, lease } = this.#reading;
    // First: where the columns cannot be read, these say why.
    report.noteWarnings(page.warnings ?? []);
    const read = this.#reads.get(page.kind) ?? (await this.#start(page, accepted));
    read.last = page;
    if (read.alreadyAccepted) return;
    await keepPage(this.#reading, read.state, page, this.#settling(read.state));
    await keepLease(job.engine.store, job.lane, lease);
    report.noteRead(this.#totals());
  }

  /** What a faster tier should have brought is remembered; what proves no order is read by itself. */
  #settling(state: ReadState): NonNullable<ObserveTools['settle']> {
    const { context, directory, report } = this.#reading;
    const place = { tenantId: context.tenantId, directoryId: directory.id, kind: state.kind };
    return async (sql, { applied, unsure }) => {
      if (this.#streams.has(state.kind))
        await noteDriftCandidates(sql, { ...place, runId: report.runId, begin: state.lastBegin }, applied);
      const wanted = unsure.map((sourceId) => ({ kind: state.kind, sourceId }));
      await wantReads(sql, { ...place, reason: 'verify', at: report.now() }, wanted);
    };
  }

  async #start(page: Page, accepted: Accepted | null): Promise<KindRead> {
    const { context, directory, job, report } = this.#reading;
    const mapping = mappingOf(this.#reading, page.kind);
    const watermark = await job.engine.store.read((sql) =>
      readWatermark(sql, context.tenantId, directory.id, page.kind),
    );
    const read: KindRead = {
      kind: page.kind,
      mapping,
      accepted,
      watermark,
      columns: page.columns ?? null,
      vanished: [],
      alreadyAccepted: page.source?.alreadyAccepted ?? false,
      last: null,
      state: beginRead(this.#reading, page.kind, { whole: true, last: watermark }),
    };
    if (page.source !== undefined) report.noteSource(page.source);
    if (!read.alreadyAccepted) this.#checkColumns(read, page);
    this.#reads.set(page.kind, read);
    return read;
  }

  /** A file without the id's column cannot be read at all; other columns that are gone make their attributes unknown. */
  #checkColumns(read: KindRead, page: Page): void {
    if (page.columns === undefined) return;
    const columns = new Set(page.columns);
    const { reads } = read.mapping.sourceId;
    const missing = reads === 'all' ? [] : [...reads].filter((column) => !columns.has(column));
    if (missing.length > 0) throw sourceIdMissing(missing, page, this.#reading);
    const before = new Set([...(read.accepted?.columns ?? []), ...(read.accepted?.vanished ?? [])]);
    const lacking = [...columnsRead(read.mapping)].filter((column) => !columns.has(column));
    read.vanished = lacking.filter((column) => before.has(column)).sort();
    this.#reading.report.noteWarnings(
      lacking.filter((column) => !before.has(column)).map((column) => columnMissing(read.mapping, column)),
    );
  }

  #totals(): ReturnType<typeof totalsOf> {
    return totalsOf([...this.#reads.values()].map((read) => read.state));
  }

  /** The end of a kind: doubts, then watermark and tombstones, then what was accepted, in one transaction. */
  async #conclude(read: KindRead): Promise<void> {
    if (read.alreadyAccepted) {
      this.#reading.report.noteComplete(true);
      return;
    }
    const completeness = (read.last?.complete ?? []).some((entry) => entry.kind === read.kind && entry.scope === '*');
    const found = doubtsOf({
      complete: completeness,
      count: read.state.seen.count,
      watermark: read.watermark,
      scopeKey: read.last?.scopeKey ?? null,
      vanished: read.vanished,
      attributes: this.#attributesOf(read),
    });
    const { report, job, context, directory } = this.#reading;
    const { settled, whole } = await job.engine.store.write(job.lane, async (sql) => {
      await enter(sql, this.#reading);
      const place = { directory, kind: read.kind };
      const settled = await settleDoubts(sql, context, place, found, { runId: report.runId, now: report.now() });
      const whole = completeness && settled.blocking.length === 0 && read.state.withoutId === 0;
      if (whole) await this.#believe(sql, read);
      if (completeness) await this.#beginStream(sql, read);
      if (whole && foundNothing(read.state)) await endDrift(sql, this.#reading, read.kind, report.now());
      await (settled.blocking.length === 0 ? this.#accept(sql, read) : this.#keepVanished(sql, read));
      return { settled, whole };
    });
    // Told once it is kept: a disk that is full at the commit undoes it.
    report.noteComplete(whole);
    report.noteEvents(settled.events);
    report.noteDoubts(settled.standing);
    report.noteRead(this.#totals());
  }

  #attributesOf(read: KindRead): DoubtDocument['attributes'] {
    const vanished = new Set(read.vanished);
    return [...read.mapping.attributes]
      .filter(([, entry]) => entry.reads !== 'all' && [...entry.reads].some((column) => vanished.has(column)))
      .map(([name]) => name)
      .sort();
  }

  async #believe(sql: Sql, read: KindRead): Promise<void> {
    const settle = this.#settling(read.state);
    await concludeWholeRead(sql, read.state, {
      scopeKey: read.last?.scopeKey ?? null,
      isAlone: !hasFastLane(this.#reading),
      settle: (within, outcome) => settle(within, outcome, []),
    });
    await watchSchema(sql, this.#reading.context, {
      directory: this.#reading.directory,
      kind: read.kind,
      columns: read.columns,
      columnsBefore: read.accepted?.columns ?? null,
      fields: read.state.fields,
      now: read.state.observedAt,
    });
  }

  /** From where the stream of changes goes on, where none is read yet: as it was before this read's first request. */
  async #beginStream(sql: Sql, { kind, last, state }: KindRead): Promise<void> {
    const { context, directory } = this.#reading;
    if (last?.cursor === undefined) return;
    await beginCursor(
      sql,
      { tenantId: context.tenantId, directoryId: directory.id, kind },
      last.cursor,
      state.observedAt,
    );
  }

  async #accept(sql: Sql, read: KindRead): Promise<void> {
    const state = read.last?.accepted ?? null;
    if (state !== null) this.#states[read.kind] = state;
    await this.#store(sql, read, { state, columns: read.columns, vanished: read.vanished });
  }

  /** A file that is not accepted speaks all the same for who is in it: what it lacks is unknown there, too. */
  async #keepVanished(sql: Sql, read: KindRead): Promise<void> {
    if (read.accepted !== null) await this.#store(sql, read, { ...read.accepted, vanished: read.vanished });
  }

  #store(sql: Sql, read: KindRead, accepted: Accepted): Promise<void> {
    const { context, directory } = this.#reading;
    const place = {
      tenantId: context.tenantId,
      directoryId: directory.id,
      kind: read.kind,
      readAt: read.state.observedAt,
    };
    return storeAccepted(sql, place, accepted);
  }
}

function foundNothing({ counts }: ReadState): boolean {
  return counts.new + counts.changed + counts.absent === 0;
}

/** The columns that expressions of the mapping read, from their syntax trees. */
function columnsRead(mapping: CompiledMapping): Set<string> {
  return new Set([...mapping.attributes.values()].flatMap((entry) => (entry.reads === 'all' ? [] : [...entry.reads])));
}

function columnMissing(mapping: CompiledMapping, column: string): { code: string; message: string } {
  return {
    code: 'RC_COLUMN_MISSING',
    message: `The mapping ${mapping.file} reads the column "${column}", which the source does not have.`,
  };
}

function sourceIdMissing(missing: readonly string[], page: Page, { context, directory }: Reading): RollcallError {
  const file = page.source?.file;
  return new RollcallError('RC_FILE_SOURCE_ID_MISSING', 1, 'stop', {
    what: `The column that holds the source id is not there: ${missing.map((column) => `"${column}"`).join(', ')}.`,
    where: { tenant: context.tenantId, directory: directory.name, ...(file === undefined ? {} : { file, line: 1 }) },
    mend: 'Deliver the file with that column, or change "sourceId" in the mapping and run: rollcall apply',
  });
}
