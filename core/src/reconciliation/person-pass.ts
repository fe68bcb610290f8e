import type { RunDocument } from '../model/documents.js';
import { SOURCE_RECORD, type SourceRecordRow } from '../sources/tables.js';
import { selectRows, updateRows, upsertRows, type Sql } from '../store/table.js';
import { BATCH, type NextSeeds } from './consequence-pass.js';
import type { Job } from './engine.js';
import { RunReport } from './run-report.js';
import { tenantPass } from './sync.js';
import { DUE } from './tables.js';
import type { TenantContext } from './tenant-context.js';

/** Whom a person's decision touches. */
export interface Touched {
  records: readonly string[];
  users: readonly string[];
}

/**
 * Marks whom a decision touches, in the transaction of the decision: a process that dies before it is drawn leaves it to
 * the next run. Evidence that is pending keeps the mark of the run that observed it.
 */
export async function markTouched(
  sql: Sql,
  tenantId: string,
  touched: Touched,
  by: { now: string; by: string },
): Promise<void> {
  const rows = await recordsOf(sql, tenantId, touched.records);
  await updateRows(
    sql,
    SOURCE_RECORD,
    ['dirty'],
    rows.filter((row) => row.dirty === null).map((row) => ({ ...row, dirty: by.by })),
  );
  await upsertRows(
    sql,
    DUE,
    touched.users.map((id) => ({ tenant_id: tenantId, user_id: id, at: by.now })),
  );
}

function recordsOf(sql: Sql, tenantId: string, ids: readonly string[]): Promise<SourceRecordRow[]> {
  return selectRows(
    sql,
    SOURCE_RECORD,
    { tenant_id: tenantId },
    ['id'],
    ids.map((id) => [id]),
  );
}

/** Draws what a person decided, at once: a run of trigger `override`, which no guard holds. */
export async function personPass(
  job: Job,
  context: TenantContext,
  touched: Touched,
  cause: { override?: string; review?: string },
): Promise<RunDocument> {
  const report = new RunReport(job.engine, {
    tenant: context.tenantId,
    directory: null,
    trigger: 'override',
    tier: 'decision',
    shadow: false,
  });
  return tenantPass(job, context, report, {
    directory: null,
    directoryId: null,
    next: () => touchedSeeds(context, touched, cause.review ?? cause.override ?? ''),
    first: false,
    approved: true,
    override: cause.override ?? null,
    review: cause.review ?? null,
  });
}

/** A pass takes the marks of its own decision; what else is pending waits for the run of its directory and its guards. */
function touchedSeeds(context: TenantContext, touched: Touched, mark: string): NextSeeds {
  let records = 0;
  let users = 0;
  return async (sql) => {
    const ids = touched.records.slice(records, records + BATCH);
    const people = touched.users.slice(users, users + BATCH - ids.length);
    records += ids.length;
    users += people.length;
    if (ids.length + people.length === 0) return null;
    const rows = await recordsOf(sql, context.tenantId, ids);
    const isOwn = ({ dirty }: SourceRecordRow): boolean => dirty === null || dirty === mark;
    return { records: rows.filter(isOwn), pending: rows.filter((row) => !isOwn(row)), users: people };
  };
}
