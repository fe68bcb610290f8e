import { groupBy } from '../model/group-by.js';
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

/** A directory whose source was asked more often on a day than it was meant to be. */
export interface Overspent {
  directoryId: string;
  requests: number;
  budget: number;
  /** Requests by tier. */
  tiers: Record<string, number>;
}

/** Which directories of a tenant asked for more than their budgets, by directory id. */
export async function findOverspent(
  sql: Sql,
  tenantId: string,
  { day, budgets }: { day: string; budgets: ReadonlyMap<string, number> },
): Promise<Map<string, Overspent>> {
  const spending = groupBy(await listSpending(sql, tenantId, day), (row) => row.directory_id);
  const over = new Map<string, Overspent>();
  for (const [directoryId, budget] of budgets) {
    const rows = spending.get(directoryId) ?? [];
    const requests = rows.reduce((sum, row) => sum + row.requests, 0);
    const tiers = Object.fromEntries(rows.map((row) => [row.tier, row.requests]));
    if (requests > budget) over.set(directoryId, { directoryId, requests, budget, tiers });
  }
  return over;
}
