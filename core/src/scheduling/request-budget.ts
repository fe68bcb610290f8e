import { rawRows, type Sql } from '../store/table.js';

/** Whose requests are counted. */
export interface SpendingPlace {
  tenantId: string;
  directoryId: string;
  tier: string;
  /** `YYYY-MM-DD`, in UTC: what vendors count by. */
  day: string;
}

/** Adds requests that were sent to a source. */
export async function spendRequests(sql: Sql, place: SpendingPlace, requests: number): Promise<void> {
  await rawRows(
    sql,
    `INSERT INTO request_budget (tenant_id, directory_id, day, tier, requests) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (tenant_id, directory_id, day, tier) DO UPDATE
     SET requests = request_budget.requests + excluded.requests RETURNING requests`,
    [place.tenantId, place.directoryId, place.day, place.tier, requests],
  );
}

/** What the tiers of a tenant's directories asked of their sources on a day. */
export function listSpending(
  sql: Sql,
  tenantId: string,
  day: string,
): Promise<{ directory_id: string; tier: string; requests: number }[]> {
  return rawRows(sql, 'SELECT directory_id, tier, requests FROM request_budget WHERE tenant_id = ? AND day = ?', [
    tenantId,
    day,
  ]);
}
