import type { JsonObject } from '../model/json.js';
import { selectRows, upsertRows, type Sql } from '../store/table.js';
import { FINDING, type FindingRow } from './tables.js';

/** What was looked at, and what was found there; one finding a name and subject, however often it is met. */
export interface Examination {
  tenantId: string;
  name: string;
  /** Subjects that were looked at. */
  subjects: readonly string[];
  /** Findings by subject, and what is standing of an earlier one; null: nothing (any more). */
  judge(subject: string, standing: JsonObject | null): JsonObject | null;
  now: string;
  newId(): string;
}

/** Opens findings, keeps current those that are met again, closes those that are over. What stays as it is costs no write. */
export async function settleFindings(sql: Sql, examination: Examination): Promise<void> {
  const { tenantId, name, subjects } = examination;
  const rows = await selectRows(
    sql,
    FINDING,
    { tenant_id: tenantId, name },
    ['subject'],
    subjects.map((subject) => [subject]),
  );
  const known = new Map(rows.map((row) => [row.subject, row]));
  await upsertRows(
    sql,
    FINDING,
    subjects.flatMap((subject) => settled(examination, subject, known.get(subject))),
  );
}

function settled(examination: Examination, subject: string, row: FindingRow | undefined): FindingRow[] {
  const standing = row?.closed_at === null ? (JSON.parse(row.detail) as JsonObject) : null;
  const found = examination.judge(subject, standing);
  if (found === standing) return [];
  if (found !== null) return [met({ examination, subject, found }, row)];
  return row === undefined ? [] : [{ ...row, closed_at: examination.now }];
}

/** Met for the first time or once more. */
function met(
  { examination, subject, found }: { examination: Examination; subject: string; found: JsonObject },
  row: FindingRow | undefined,
): FindingRow {
  const { tenantId, name, now } = examination;
  const before = row ?? { id: examination.newId(), first_at: now, count: 0 };
  return {
    tenant_id: tenantId,
    id: before.id,
    name,
    subject,
    detail: JSON.stringify(found),
    first_at: before.first_at,
    last_at: now,
    count: before.count + 1,
    closed_at: null,
  };
}
