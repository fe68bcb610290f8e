import type { Claims } from '../model/claims.js';
import { foldText, primaryEmail } from '../model/compare.js';
import type { Json } from '../model/json.js';
import type { ReviewRow } from '../population/tables.js';
import type { Sql } from '../store/table.js';
import { selectRows } from '../store/table.js';
import { REVIEW } from '../population/tables.js';
import type { WorkRecord } from './work-set.js';

/** A record that is gone for longer than this and comes back under another name is somebody else until a person says so. */
const LONG_GONE_MS = 30 * 86_400_000;

/** What recognises a person besides the id: name, e-mail, hire date. */
function marksOf(claims: Claims): Record<'name' | 'email' | 'hireDate', string | null> {
  const text = (value: Json | undefined | null): string | null =>
    typeof value === 'string' && value !== '' ? foldText(value) : null;
  const full = [claims['name.givenName']?.value, claims['name.familyName']?.value]
    .map(text)
    .filter((part) => part !== null);
  return {
    name: full.length > 0 ? full.join(' ') : text(claims.displayName?.value),
    email: text(primaryEmail(claims.emails?.value)),
    hireDate: text(claims['employment.startDate']?.value),
  };
}

/** Where the record stands. */
interface Reused {
  /** When it went, where it was gone. */
  goneAt: string | null;
  /** Its id is one that we issued and never issue again: who marries changes name, address and external id at once. */
  pushed: boolean;
  now: string;
}

/** Which marks changed; empty while the record may well be of the same person. */
export function reuseMarks(before: Claims, after: Claims, { goneAt, pushed, now }: Reused): string[] {
  if (pushed) return [];
  const was = marksOf(before);
  const is = marksOf(after);
  const changed = (['name', 'email', 'hireDate'] as const).filter(
    (mark) => was[mark] !== null && is[mark] !== null && was[mark] !== is[mark],
  );
  const longGone = goneAt !== null && new Date(now).getTime() - new Date(goneAt).getTime() > LONG_GONE_MS;
  return changed.length >= 2 || (longGone && changed.includes('name')) ? changed : [];
}

/** Records whose reuse a person has cleared, for the payload at hand. */
export async function findCleared(sql: Sql, tenantId: string, records: readonly WorkRecord[]): Promise<Set<string>> {
  const rows = await selectRows(
    sql,
    REVIEW,
    { tenant_id: tenantId, kind: 'identityReused', status: 'approved' },
    ['subject'],
    records.map((record) => [record.row.id]),
  );
  return new Set(
    rows.map(
      (row: ReviewRow) => `${row.subject}/${String((JSON.parse(row.detail) as { payloadNo?: number }).payloadNo)}`,
    ),
  );
}
