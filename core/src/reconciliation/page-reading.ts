import type { Page, ReadRequest, RecordKind } from '@rollcall/connector-kit';
import type { CompiledMapping } from '../mapping/mapping-file.js';
import { sourceIdReader } from '../mapping/source-id.js';
import type { JsonObject } from '../model/json.js';
import { storedInstant } from '../model/instants.js';
import { fence, isHeld, type Lease } from '../scheduling/lease.js';
import { spendRequests } from '../scheduling/request-budget.js';
import { observePage, type ObserveTools } from '../sources/observe.js';
import type { ReadState } from '../sources/read-state.js';
import { startRead } from '../sources/read-state.js';
import type { WatermarkRow } from '../sources/tables.js';
import type { Sql } from '../store/table.js';
import { lockDirectory, takeBegin, type Directory } from '../tenancy/directories.js';
import type { Job, OpenConnector } from './engine.js';
import type { RunReport } from './run-report.js';
import { impersonalFields } from './schema-drift.js';
import type { TenantContext } from './tenant-context.js';

/** Who reads what: shared by whole reads, deltas and reads of single objects. */
export interface Reading {
  job: Job;
  context: TenantContext;
  directory: Directory;
  report: RunReport;
  lease: Lease;
  connector: OpenConnector;
}

/** The kinds of a directory that are mapped: nothing else is asked for. */
export function mappedKinds({ context, directory }: Pick<Reading, 'context' | 'directory'>): RecordKind[] {
  return (['user', 'group'] as const).filter((kind) => context.mappings.has(`${directory.id}/${kind}`));
}

/** The mapping of a kind. @throws where the connector answers records that nobody asked for. */
export function mappingOf({ context, directory }: Reading, kind: RecordKind): CompiledMapping {
  const mapping = context.mappings.get(`${directory.id}/${kind}`);
  if (mapping === undefined) throw new Error(`The connector answered ${kind} records that nobody asked for.`);
  return mapping;
}

/** True where another lane may read the directory beside a sweep. */
export function hasFastLane({ connector }: Pick<Reading, 'connector'>): boolean {
  const { delta, one, notifications } = connector.capabilities;
  return delta || one || notifications;
}

/** What every request of a run shares; each mark is counted as a request to the source. */
export function requestOf(
  reading: Reading,
  asked: Pick<ReadRequest, 'kinds' | 'accepted' | 'force'>,
  spent: SpentRequests,
): ReadRequest {
  const { job, context, directory } = reading;
  const { tenantId } = context;
  return {
    ...asked,
    mark: () => {
      spent.count += 1;
      return job.engine.store.writeOne(job.lane, (sql) => takeBegin(sql, tenantId, directory.id));
    },
    signal: job.signal,
    progress: (done, total) => {
      job.progress({
        tenant: tenantId,
        directory: directory.name,
        phase: 'read',
        done,
        ...(total === undefined ? {} : { total }),
      });
    },
  };
}

/** Requests that a run sent and that are not written down yet. */
export interface SpentRequests {
  count: number;
}

/** Writes down what a run asked of its source, also where it failed; a source without a budget costs no row for it. */
export async function noteSpent({ job, context, directory, report }: Reading, spent: SpentRequests): Promise<void> {
  if (spent.count === 0 || !directory.hasBudget) return;
  const place = { tenantId: context.tenantId, directoryId: directory.id, tier: report.document.tier };
  const day = report.now().slice(0, 10);
  const { count } = spent;
  spent.count = 0;
  await job.engine.store.writeOne(job.lane, (sql) => spendRequests(sql, { ...place, day }, count));
}

/** Begins to read one kind. */
export function beginRead(
  reading: Reading,
  kind: RecordKind,
  { whole, last }: { whole: boolean; last: WatermarkRow | null },
): ReadState {
  const { job, context, directory, report, connector } = reading;
  return startRead({
    tenantId: context.tenantId,
    directoryId: directory.id,
    kind,
    runId: report.runId,
    trigger: report.trigger,
    tier: report.document.tier,
    observedAt: storedInstant(job.engine.clock.now()),
    whole,
    volatile: connector.capabilities.volatile,
    last,
    valuedFields: impersonalFields(mappingOf(reading, kind), context.catalogue),
  });
}

/** Keeps the evidence of a page; `settle` writes in its transaction. */
export function keepPage(
  reading: Reading,
  state: ReadState,
  page: Page,
  settle?: ObserveTools['settle'],
): Promise<void> {
  const { engine, lane } = reading.job;
  const reader = sourceIdReader(mappingOf(reading, page.kind));
  return observePage(
    {
      store: engine.store,
      lane,
      ids: engine.ids,
      readSourceId: reader.sync ?? ((raw: JsonObject) => reader.read(raw)),
      fence: (sql) => enter(sql, reading),
      ...(settle === undefined ? {} : { settle }),
    },
    state,
    page,
  );
}

/** First in every transaction that writes evidence: the lease still stands, and no other lane writes meanwhile. */
export async function enter(sql: Sql, reading: Reading): Promise<void> {
  await fence(sql, reading.lease);
  if (hasFastLane(reading)) await lockDirectory(sql, reading.context.tenantId, reading.directory.id);
}

/** True while a whole read of the directory may be under way. */
export function isSwept(sql: Sql, { context, directory }: Reading): Promise<boolean> {
  return isHeld(sql, { tenantId: context.tenantId, directoryId: directory.id, lane: 'sweep' });
}

/** The counts of all kinds together. */
export function totalsOf(states: readonly ReadState[]): Parameters<RunReport['noteRead']>[0] {
  const sum = (key: keyof ReadState['counts']): number => states.reduce((total, state) => total + state.counts[key], 0);
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
