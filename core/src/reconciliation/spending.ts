import { settleFindings } from '../history/findings.js';
import { findOverspent } from '../scheduling/request-budget.js';
import type { Sql } from '../store/table.js';
import type { IdSource } from '../tokens.js';

/** A directory with a budget of requests. */
export interface Budgeted {
  directoryId: string;
  name: string;
  requestsPerDay: number;
}

/**
 * Reports directories of one tenant whose source was asked more often today than it was meant to be: a finding each, that
 * ends with the day.
 */
export async function judgeSpending(
  sql: Sql,
  { tenantId, ids, now }: { tenantId: string; ids: IdSource; now: Date },
  budgeted: readonly Budgeted[],
): Promise<void> {
  const at = now.toISOString();
  const day = at.slice(0, 10);
  const budgets = new Map(budgeted.map((entry) => [entry.directoryId, entry.requestsPerDay]));
  const over = await findOverspent(sql, tenantId, { day, budgets });
  const byName = new Map(budgeted.map((entry) => [entry.name, over.get(entry.directoryId)]));
  await settleFindings(sql, {
    tenantId,
    name: 'requestBudget',
    subjects: [...byName.keys()],
    judge: (subject, standing) => {
      const found = byName.get(subject);
      if (found === undefined) return null;
      // Told once a day: how much it is in the end `sync status` shows.
      if (standing?.day === day) return standing;
      return { directory: subject, day, requests: found.requests, budget: found.budget, tiers: found.tiers };
    },
    now: at,
    newId: () => ids.next('fnd'),
  });
}
