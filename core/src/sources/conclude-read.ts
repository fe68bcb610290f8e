import { updateRows, upsertRows, type Sql } from '../store/table.js';
import { countPresent } from './known-records.js';
import type { PageOutcome } from './page-writing.js';
import { forgetOtherPlaces } from './quarantine.js';
import type { ReadState } from './read-state.js';
import { SOURCE_RECORD, WATERMARK, type SourceRecordRow } from './tables.js';

/** Rows asked for at once while looking for who was not met. */
const PAGE = 5_000;

/** How a whole read ends. */
export interface WholeEnd {
  scopeKey: string | null;
  /** True where nobody else reads the directory meanwhile: then the numbers tell whether somebody is missing. */
  isAlone: boolean;
  /** Hears who is gone, and whose absence is unsure: another lane saw them while this read ran. */
  settle?(sql: Sql, outcome: PageOutcome): Promise<void>;
}

/**
 * Ends a read that proved itself whole: whoever it did not meet is gone, and its watermark and seal are stored, all in
 * the caller's transaction. The tombstone is stored once; nothing is deleted.
 */
export async function concludeWholeRead(sql: Sql, state: ReadState, end: WholeEnd): Promise<void> {
  const { tenantId, directoryId, kind } = state;
  const present = await countPresent(sql, tenantId, directoryId, kind);
  // Everybody met is present but for those that are doubted or stale: without these, equal counts mean that nobody is
  // missing, and the records need not be walked.
  const mayHaveMetGone = state.quarantined.size > 0 || state.counts.stale > 0;
  if (!end.isAlone || mayHaveMetGone || present !== state.seen.count) await buryUnseen(sql, state, end);
  await forgetOtherPlaces(sql, tenantId, directoryId, kind, state.quarantined);
  await upsertRows(sql, WATERMARK, [
    {
      tenant_id: tenantId,
      directory_id: directoryId,
      kind,
      scope: '*',
      watermark: state.firstBegin,
      seal: state.lastBegin,
      count: state.seen.count,
      scope_key: end.scopeKey,
      read_at: state.observedAt,
    },
  ]);
}

async function buryUnseen(sql: Sql, state: ReadState, end: WholeEnd): Promise<void> {
  let last = -1;
  for (;;) {
    const rows = (await sql('source_record')
      .where({ tenant_id: state.tenantId, directory_id: state.directoryId, kind: state.kind })
      .whereNull('gone_begin')
      .where('no', '>', last)
      .orderBy('no')
      .limit(PAGE)) as SourceRecordRow[];
    const unmet = rows.filter((row) => state.seen.pageOf(row.no) === 0 && row.begin <= state.lastBegin);
    const unsure = end.isAlone ? [] : unmet.filter((row) => row.begin >= state.firstBegin);
    const gone = end.isAlone ? unmet : unmet.filter((row) => row.begin < state.firstBegin);
    await bury(sql, state, gone);
    await end.settle?.(sql, {
      applied: gone.map((row) => ({ sourceId: row.source_id, what: 'absent' })),
      unsure: unsure.map((row) => row.source_id),
    });
    if (rows.length < PAGE) return;
    last = rows[rows.length - 1]?.no ?? last;
  }
}

async function bury(sql: Sql, state: ReadState, gone: readonly SourceRecordRow[]): Promise<void> {
  const tomb = { gone_begin: state.lastBegin, gone_reason: 'absent', gone_at: state.observedAt, dirty: state.runId };
  await updateRows(
    sql,
    SOURCE_RECORD,
    ['gone_begin', 'gone_reason', 'gone_at', 'dirty'],
    gone.map((row) => ({ ...row, ...tomb })),
  );
  state.counts.absent += gone.length;
  state.rowsWritten.records += gone.length;
}
