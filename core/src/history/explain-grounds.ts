import type { Catalogue } from '../model/catalogue.js';
import type { AttributeName } from '../model/claims.js';
import { isInactiveReason } from '../model/claims.js';
import type { Json } from '../model/json.js';
import type { ResolutionInput } from '../model/resolution.js';
import type { Rules } from '../model/rules.js';
import type { ConflictRow, GuardHoldRow, OverrideRow, ReferenceRow, UserRow } from '../population/tables.js';
import type { RulesVersionRow } from '../rules/tables.js';
import type { Sql } from '../store/table.js';
import type { TenantRow } from '../tenancy/tables.js';

/** A hold with the guard that it stands for. */
export type HoldRow = GuardHoldRow & {
  guard: string | null;
  opened_at: string;
  /** Rejected: what it holds is a standing pin. */
  status: string;
  decided_at: string | null;
  decided_by: string | null;
  reason: string | null;
};

/** What decides beside the records: rules, people, guards. */
export interface Grounds {
  /** The instant of which they are, in the form of the store. */
  at: string;
  rules: Rules;
  rulesVersion: number;
  timeZone: string;
  overrides: readonly OverrideRow[];
  /** Those that are over or were not yet there, too: a value may still come from one. */
  everyOverride: readonly OverrideRow[];
  holds: readonly HoldRow[];
  conflicts: ReadonlyMap<AttributeName, string>;
  references: readonly ReferenceRow[];
}

/** Whose grounds, and as of when. */
export interface GroundsRequest {
  userId: string;
  recordIds: readonly string[];
  /** The stored form of the instant asked for, or of now. */
  at: string;
  isPast: boolean;
}

/** Loads what decided about a user at an instant. */
export async function loadGrounds(sql: Sql, tenantId: string, request: GroundsRequest): Promise<Grounds> {
  const tenant = await sql<TenantRow>('tenant').where({ id: tenantId }).first();
  const rules = await rulesAsOf(sql, tenantId, request.isPast ? request.at : null, tenant?.rules_version ?? 0);
  if (tenant === undefined || rules === undefined) throw new Error(`Tenant ${tenantId} has no rules.`);
  const everyOverride = await overridesOf(sql, tenantId, request);
  return {
    at: request.at,
    rules: JSON.parse(rules.rules) as Rules,
    rulesVersion: rules.version,
    timeZone: tenant.time_zone,
    overrides: everyOverride.filter((row) => stands(row, request.at)),
    everyOverride,
    holds: await holdsAsOf(sql, tenantId, request),
    conflicts: await conflictsAsOf(sql, tenantId, request),
    references: await sql<ReferenceRow>('reference')
      .where({ tenant_id: tenantId })
      .whereIn('record_id', [...request.recordIds])
      .select(),
  };
}

/** Now: the version in force. Then: the newest of then; where clocks went backwards the first there was. */
async function rulesAsOf(
  sql: Sql,
  tenantId: string,
  at: string | null,
  current: number,
): Promise<RulesVersionRow | undefined> {
  const versions = sql<RulesVersionRow>('rules_version').where({ tenant_id: tenantId });
  if (at === null) return versions.where({ version: current }).first();
  const then = await versions.clone().where('created_at', '<=', at).orderBy('version', 'desc').first();
  return then ?? versions.orderBy('version').first();
}

/** Those set for the user, then those of people who were merged into the user by then, the latest first. */
async function overridesOf(sql: Sql, tenantId: string, { userId, at }: GroundsRequest): Promise<OverrideRow[]> {
  const users = [userId, ...(await mergedInto(sql, tenantId, userId, at))];
  const rows = await sql<OverrideRow>('override')
    .where({ tenant_id: tenantId })
    .whereIn('user_id', users)
    .orderBy([
      { column: 'set_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .select();
  return [...rows.filter((row) => row.user_id === userId), ...rows.filter((row) => row.user_id !== userId)];
}

/** Who was merged into a user by an instant and still is. */
async function mergedInto(sql: Sql, tenantId: string, userId: string, at: string): Promise<string[]> {
  const found: string[] = [];
  for (let asked = [userId]; asked.length > 0;) {
    const rows = await sql<UserRow>('user')
      .where({ tenant_id: tenantId })
      .whereIn('merged_into', asked)
      .where('inactive_at', '<=', at)
      .select('id');
    asked = rows.map((row) => row.id);
    found.push(...asked);
  }
  return found;
}

function stands({ set_at: setAt, until, ended_at: endedAt }: OverrideRow, at: string): boolean {
  return setAt <= at && until > at && (endedAt === null || endedAt > at);
}

async function holdsAsOf(sql: Sql, tenantId: string, { userId, recordIds, at }: GroundsRequest): Promise<HoldRow[]> {
  return sql('guard_hold as h')
    .join('review as r', (on) => on.on('r.tenant_id', 'h.tenant_id').andOn('r.id', 'h.review_id'))
    .where({ 'h.tenant_id': tenantId })
    .whereIn('h.subject', [userId, ...recordIds])
    .where('r.opened_at', '<=', at)
    .where((open) => void open.whereNull('h.ended_at').orWhere('h.ended_at', '>', at))
    .orderBy('h.review_id')
    .select<HoldRow[]>('h.*', 'r.guard', 'r.opened_at', 'r.status', 'r.decided_at', 'r.decided_by', 'r.reason');
}

async function conflictsAsOf(
  sql: Sql,
  tenantId: string,
  { userId, at }: GroundsRequest,
): Promise<Map<AttributeName, string>> {
  const rows = await sql<ConflictRow>('conflict')
    .where({ tenant_id: tenantId, user_id: userId })
    .where('opened_at', '<=', at)
    .where((open) => void open.whereNull('closed_at').orWhere('closed_at', '>', at))
    .select('attribute', 'id');
  return new Map(rows.map((row) => [row.attribute, row.id]));
}

/** What a hold keeps. */
export interface Pinned {
  value?: Json;
  reason: string | null;
  detail: string | null;
}

/** Reads what is pinned; one without a value keeps "no value". */
export function pinnedOf(text: string): Pinned {
  const pinned = JSON.parse(text) as Partial<Pinned>;
  return { ...pinned, reason: pinned.reason ?? null, detail: pinned.detail ?? null };
}

/** Holds as resolution takes them. */
export function heldAttributes({ holds }: Grounds, userId: string, catalogue: Catalogue): ResolutionInput['holds'] {
  const kept = holds.filter((hold) => hold.subject === userId && catalogue.has(hold.attribute));
  return Object.fromEntries(
    kept.map(({ attribute, pinned }) => {
      const { value, reason, detail } = pinnedOf(pinned);
      return [attribute, { value, reason: isInactiveReason(reason) ? reason : null, detail }];
    }),
  );
}
