import { RollcallError, type Page, type ReadRequest, type RecordKind } from '@rollcall/connector-kit';
import type { CompiledMapping } from '../mapping/mapping-file.js';
import { sourceIdReader } from '../mapping/source-id.js';
import type { DoubtDocument } from '../model/documents.js';
import { storedInstant } from '../model/instants.js';
import type { JsonObject, Json } from '../model/json.js';
import { readAccepted, storeAccepted, type Accepted } from '../sources/accepted.js';
import { concludeWholeRead, readWatermark } from '../sources/conclude-read.js';
import { observePage, type ObserveTools } from '../sources/observe.js';
import { startRead, type ReadState } from '../sources/read-state.js';
import type { WatermarkRow } from '../sources/tables.js';
import type { Sql } from '../store/table.js';
import { takeBegin, type Directory } from '../tenancy/directories.js';
import { fence, keepLease, type Lease } from '../scheduling/lease.js';
import { doubtsOf, settleDoubts } from './doubts.js';
import type { Job, OpenConnector } from './engine.js';
import type { RunReport } from './run-report.js';
import { impersonalFields, watchSchema } from './schema-drift.js';
import type { TenantContext } from './tenant-context.js';

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
 */
export async function evidencePass(
  job: Job,
  context: TenantContext,
  directory: Directory,
  run: { report: RunReport; lease: Lease; connector: OpenConnector; full: boolean },
): Promise<AcceptedStates> {
  return new EvidencePass(job, context, directory, run).read();
}

class EvidencePass {
  readonly #job: Job;
  readonly #context: TenantContext;
  readonly #directory: Directory;
  readonly #run: { report: RunReport; lease: Lease; connector: OpenConnector; full: boolean };
  readonly #reads = new Map<RecordKind, KindRead>();
  readonly #states: AcceptedStates = {};

  constructor(
    job: Job,
    context: TenantContext,
    directory: Directory,
    run: { report: RunReport; lease: Lease; connector: OpenConnector; full: boolean },
  ) {
    this.#job = job;
    this.#context = context;
    this.#directory = directory;
    this.#run = run;
  }

  async read(): Promise<AcceptedStates> {
    const { store } = this.#job.engine;
    const accepted = await store.read((sql) => readAccepted(sql, this.#context.tenantId, this.#directory.id));
    const request = this.#request(accepted);
    for await (const page of this.#run.connector.connector.readFull(request)) {
      this.#job.signal.throwIfAborted();
      await this.#takePage(page, accepted.get(page.kind) ?? null);
    }
    for (const read of this.#reads.values()) await this.#conclude(read);
    return this.#states;
  }

  #request(accepted: ReadonlyMap<string, Accepted>): ReadRequest {
    const { engine, signal } = this.#job;
    const { tenantId } = this.#context;
    return {
      kinds: (['user', 'group'] as const).filter((kind) => this.#context.mappings.has(`${this.#directory.id}/${kind}`)),
      mark: () => engine.store.writeOne(this.#job.lane, (sql) => takeBegin(sql, tenantId, this.#directory.id)),
      accepted: Object.fromEntries([...accepted].map(([kind, entry]) => [kind, entry.state])),
      force: this.#run.full,
      signal,
      progress: (done, total) => {
        this.#job.progress({
          tenant: tenantId,
          directory: this.#directory.name,
          phase: 'read',
          done,
          ...(total === undefined ? {} : { total }),
        });
      },
    };
  }

  async #takePage(page: Page, accepted: Accepted | null): Promise<void> {
    // First: where the columns cannot be read, these say why.
    this.#run.report.noteWarnings(page.warnings ?? []);
    const read = this.#reads.get(page.kind) ?? (await this.#start(page, accepted));
    read.last = page;
    if (read.alreadyAccepted) return;
    await observePage(this.#tools(read), read.state, page);
    await keepLease(this.#job.engine.store, this.#job.lane, this.#run.lease);
    this.#run.report.noteRead(this.#totals());
  }

  async #start(page: Page, accepted: Accepted | null): Promise<KindRead> {
    const mapping = this.#context.mappings.get(`${this.#directory.id}/${page.kind}`);
    if (mapping === undefined) throw new Error(`The connector answered ${page.kind} records that nobody asked for.`);
    const { store, clock } = this.#job.engine;
    const watermark = await store.read((sql) =>
      readWatermark(sql, this.#context.tenantId, this.#directory.id, page.kind),
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
      state: startRead({
        tenantId: this.#context.tenantId,
        directoryId: this.#directory.id,
        kind: page.kind,
        runId: this.#run.report.runId,
        trigger: this.#run.report.trigger,
        tier: 'full',
        observedAt: storedInstant(clock.now()),
        whole: true,
        volatile: this.#run.connector.capabilities.volatile,
        watermark: watermark?.watermark ?? 0,
        valuedFields: impersonalFields(mapping, this.#context.catalogue),
      }),
    };
    if (page.source !== undefined) this.#run.report.noteSource(page.source);
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
    if (missing.length > 0) throw sourceIdMissing(missing, page, this.#context.tenantId, this.#directory.name);
    const before = new Set([...(read.accepted?.columns ?? []), ...(read.accepted?.vanished ?? [])]);
    const lacking = [...columnsRead(read.mapping)].filter((column) => !columns.has(column));
    read.vanished = lacking.filter((column) => before.has(column)).sort();
    this.#run.report.noteWarnings(
      lacking.filter((column) => !before.has(column)).map((column) => columnMissing(read.mapping, column)),
    );
  }

  #tools(read: KindRead): ObserveTools {
    const { engine, lane } = this.#job;
    const reader = sourceIdReader(read.mapping);
    return {
      store: engine.store,
      lane,
      ids: engine.ids,
      readSourceId: reader.sync ?? ((raw: JsonObject) => reader.read(raw)),
      fence: (sql) => fence(sql, this.#run.lease),
    };
  }

  #totals(): { records: ReadState['counts']; rows: ReadState['rowsWritten'] } {
    const states = [...this.#reads.values()].map((read) => read.state);
    const sum = (key: keyof ReadState['counts']): number =>
      states.reduce((total, state) => total + state.counts[key], 0);
    return {
      records: {
        read: sum('read'),
        new: sum('new'),
        changed: sum('changed'),
        same: sum('same'),
        stale: sum('stale'),
        absent: sum('absent'),
        quarantined: sum('quarantined'),
      },
      rows: {
        records: states.reduce((total, state) => total + state.rowsWritten.records, 0),
        payloads: states.reduce((total, state) => total + state.rowsWritten.payloads, 0),
      },
    };
  }

  /** The end of a kind: doubts, then watermark and tombstones, then what was accepted, in one transaction. */
  async #conclude(read: KindRead): Promise<void> {
    if (read.alreadyAccepted) {
      this.#run.report.noteComplete(true);
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
    const { report } = this.#run;
    const { settled, whole } = await this.#job.engine.store.write(this.#job.lane, async (sql) => {
      await fence(sql, this.#run.lease);
      const place = { directory: this.#directory, kind: read.kind };
      const settled = await settleDoubts(sql, this.#context, place, found, { runId: report.runId, now: report.now() });
      const whole = completeness && settled.blocking.length === 0 && read.state.withoutId === 0;
      if (whole) await this.#believe(sql, read);
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
    await concludeWholeRead(sql, read.state, { begin: read.state.lastBegin, scopeKey: read.last?.scopeKey ?? null });
    await watchSchema(sql, this.#context, {
      directory: this.#directory,
      kind: read.kind,
      columns: read.columns,
      columnsBefore: read.accepted?.columns ?? null,
      fields: read.state.fields,
      now: read.state.observedAt,
    });
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
    const { tenantId } = this.#context;
    const place = { tenantId, directoryId: this.#directory.id, kind: read.kind, readAt: read.state.observedAt };
    return storeAccepted(sql, place, accepted);
  }
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

function sourceIdMissing(missing: readonly string[], page: Page, tenant: string, directory: string): RollcallError {
  const file = page.source?.file;
  return new RollcallError('RC_FILE_SOURCE_ID_MISSING', 1, 'stop', {
    what: `The column that holds the source id is not there: ${missing.map((column) => `"${column}"`).join(', ')}.`,
    where: { tenant, directory, ...(file === undefined ? {} : { file, line: 1 }) },
    mend: 'Deliver the file with that column, or change "sourceId" in the mapping and run: rollcall apply',
  });
}
