import type { TierDocument } from '../model/documents.js';
import { shownInstant } from '../model/instants.js';
import { directoriesById, nameOf } from '../reading/directory-names.js';
import type { Sql } from '../store/table.js';
import { listSpending } from './request-budget.js';
import { listTierStates } from './tier-states.js';

/** The tiers of a tenant's directories, for people: when each is due, how it went last, how old its answer is. */
export async function listTiers(sql: Sql, tenantId: string, now: string): Promise<TierDocument[]> {
  const directories = await directoriesById(sql, tenantId);
  const rows = await listTierStates(sql, tenantId);
  const spending = await listSpending(sql, tenantId, now.slice(0, 10));
  const spent = new Map(spending.map((row) => [`${row.directory_id}/${row.tier}`, row.requests]));
  return rows
    .filter((row) => row.directory_id !== '')
    .map((row) => ({
      tenant: tenantId,
      directory: nameOf(directories, row.directory_id),
      tier: row.tier,
      schedule: row.schedule,
      nextAt: shown(row.next_at),
      isRunning: row.claimed_until !== null && row.claimed_until > now,
      lastStartedAt: shown(row.last_started_at),
      lastEndedAt: shown(row.last_ended_at),
      lastOutcome: row.last_outcome,
      failures: row.failures,
      code: row.last_code,
      freshAt: shown(row.fresh_at),
      staleSince: shown(row.stale_since),
      requestsToday: spent.get(`${row.directory_id}/${row.tier}`) ?? 0,
    }));
}

function shown(at: string | null): string | null {
  return at === null ? null : shownInstant(at);
}
