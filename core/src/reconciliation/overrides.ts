import { RollcallError } from '@rollcall/connector-kit';
import type { Decided, OverrideDocument, PageRequest } from '../api.js';
import { ClaimSchemas } from '../mapping/claim-schemas.js';
import { shownInstant, storedInstant } from '../model/instants.js';
import type { Json } from '../model/json.js';
import type { Listing, Who } from '../model/documents.js';
import { OVERRIDE, type GuardHoldRow, type OverrideRow } from '../population/tables.js';
import { findUser } from '../reading/find-user.js';
import { whoOfUsers } from '../reading/who-of-users.js';
import { lockTenant } from '../tenancy/lock-tenant.js';
import { appendAudit } from '../security/audit-log.js';
import { insertRows, updateRows, type Sql } from '../store/table.js';
import type { Job } from './engine.js';
import { personPass } from './person-pass.js';
import type { TenantContext } from './tenant-context.js';

/** A value that a person wants, with a reason and an end. */
export interface WantedOverride {
  who: string;
  attribute: string;
  value: Json;
  reason: string;
  until: string;
  by: string;
}

/** Sets an override; it takes effect before this returns. One a person and attribute: a new one ends the old one. */
export async function setOverride(
  job: Job,
  context: TenantContext,
  wanted: WantedOverride,
): Promise<Decided<OverrideDocument>> {
  const now = storedInstant(job.engine.clock.now());
  checkWanted(context, wanted, now);
  const row = await job.engine.store.write(job.lane, async (sql) => {
    await lockTenant(sql, context.tenantId);
    const user = await findUser(sql, context.tenantId, wanted.who);
    const before = await standing(sql, context, user.id, wanted.attribute, now);
    await end(sql, before, now, 'replaced');
    const override: OverrideRow = {
      tenant_id: context.tenantId,
      id: context.ids.next('ovr'),
      user_id: user.id,
      attribute: wanted.attribute,
      value: JSON.stringify(wanted.value),
      pin: 0,
      reason: wanted.reason,
      until: new Date(wanted.until).toISOString(),
      set_by: wanted.by,
      set_at: now,
      ended_at: null,
      ended_reason: null,
    };
    await insertRows(sql, OVERRIDE, [override]);
    await audit(sql, context, wanted.by, 'override.set', override, now);
    return override;
  });
  const run = await personPass(job, context, { records: [], users: [row.user_id] }, { override: row.id });
  return { item: await documentOf(job, context, row), runs: [run] };
}

/** Ends an override, by its id or by person and attribute; it takes effect before this returns. */
export async function clearOverride(
  job: Job,
  context: TenantContext,
  target: { id: string } | { who: string; attribute: string },
  by: string,
): Promise<Decided<OverrideDocument>> {
  const now = storedInstant(job.engine.clock.now());
  const row = await job.engine.store.write(job.lane, async (sql) => {
    await lockTenant(sql, context.tenantId);
    const found = await findStanding(sql, context, target, now);
    await end(sql, [found], now, `cleared by ${by}`);
    await audit(sql, context, by, 'override.clear', found, now);
    return { ...found, ended_at: now };
  });
  const run = await personPass(job, context, { records: [], users: [row.user_id] }, { override: row.id });
  return { item: await documentOf(job, context, row), runs: [run] };
}

/** Overrides that stand (with `all` also ended ones), and what rejected reviews pinned. */
export async function listOverrides(
  sql: Sql,
  context: TenantContext,
  now: string,
  request: PageRequest & { all?: boolean } = {},
): Promise<Listing<OverrideDocument>> {
  const limit = request.limit ?? 100;
  const query = sql('override')
    .where({ tenant_id: context.tenantId })
    .orderBy('id')
    .limit(limit + 1);
  if (request.after !== undefined) void query.where('id', '>', request.after);
  if (request.all !== true)
    void query.whereNull('ended_at').where((either) => void either.whereNull('until').orWhere('until', '>', now));
  const rows = (await query) as OverrideRow[];
  const page = rows.slice(0, limit);
  const pins = request.after === undefined ? await rejectedHolds(sql, context) : [];
  const who = await whoOfUsers(sql, context.tenantId, [
    ...page.map((row) => row.user_id),
    ...pins.map((pin) => pin.user),
  ]);
  return {
    items: [
      ...page.map((row) => shown(row, who)),
      ...pins.map((pin) => ({ ...pin, who: who.get(pin.user) ?? pin.who })),
    ],
    next: rows.length > limit ? (page[page.length - 1]?.id ?? null) : null,
  };
}

function checkWanted(context: TenantContext, wanted: WantedOverride, now: string): void {
  const entry = context.catalogue.get(wanted.attribute);
  const refuse = (what: string, mend: string): never => {
    throw new RollcallError('RC_OVERRIDE_INVALID', 64, 'stop', {
      what,
      where: { tenant: context.tenantId, attribute: wanted.attribute },
      mend,
    });
  };
  if (entry === undefined || entry.shape === 'groups' || entry.shape === 'reference')
    return refuse(
      `"${wanted.attribute}" cannot be overridden.`,
      `Use one of: ${[...context.catalogue.keys()].join(', ')}.`,
    );
  const fault =
    wanted.value === null ? null : new ClaimSchemas(context.catalogue).faultOf(wanted.attribute, wanted.value);
  if (fault !== null) refuse(fault.message, fault.mend);
  const until = new Date(wanted.until);
  if (Number.isNaN(until.getTime())) refuse('--until is not an instant.', 'Write it as 2026-03-31T00:00:00Z.');
  if (until.toISOString() <= now) refuse('--until is in the past.', 'Name a later instant.');
  if (wanted.reason.trim() === '') refuse('An override needs a reason.', 'Say why, with --reason TEXT.');
}

async function standing(
  sql: Sql,
  context: TenantContext,
  userId: string,
  attribute: string,
  now: string,
): Promise<OverrideRow[]> {
  const rows = (await sql('override')
    .where({ tenant_id: context.tenantId, user_id: userId, attribute })
    .whereNull('ended_at')) as OverrideRow[];
  return rows.filter((row) => row.until === null || row.until > now);
}

async function findStanding(
  sql: Sql,
  context: TenantContext,
  target: { id: string } | { who: string; attribute: string },
  now: string,
): Promise<OverrideRow> {
  const rows =
    'id' in target
      ? ((await sql('override')
          .where({ tenant_id: context.tenantId, id: target.id })
          .whereNull('ended_at')) as OverrideRow[])
      : await standing(sql, context, (await findUser(sql, context.tenantId, target.who)).id, target.attribute, now);
  const row = rows[0];
  if (row !== undefined) return row;
  throw new RollcallError('RC_OVERRIDE_NOT_FOUND', 1, 'stop', {
    what: 'There is no such override in force.',
    where: { tenant: context.tenantId },
    mend: 'See them with: rollcall override list',
  });
}

async function end(sql: Sql, rows: readonly OverrideRow[], now: string, why: string): Promise<void> {
  await updateRows(
    sql,
    OVERRIDE,
    ['ended_at', 'ended_reason'],
    rows.map((row) => ({ ...row, ended_at: now, ended_reason: why })),
  );
}

function audit(
  sql: Sql,
  context: TenantContext,
  by: string,
  action: string,
  row: OverrideRow,
  now: string,
): Promise<void> {
  return appendAudit(sql, context.tenantId, {
    at: now,
    who: by,
    action,
    detail: { override: row.id, user: row.user_id, attribute: row.attribute },
  });
}

async function documentOf(job: Job, context: TenantContext, row: OverrideRow): Promise<OverrideDocument> {
  const who = await job.engine.store.read((sql) => whoOfUsers(sql, context.tenantId, [row.user_id]));
  return shown(row, who);
}

function shown(row: OverrideRow, who: ReadonlyMap<string, Who>): OverrideDocument {
  return {
    id: row.id,
    user: row.user_id,
    who: who.get(row.user_id) ?? { sourceId: '', name: row.user_id },
    attribute: row.attribute,
    value: JSON.parse(row.value ?? 'null') as Json,
    kind: row.pin === 1 ? 'pin' : 'override',
    reason: row.reason,
    by: row.set_by,
    setAt: shownInstant(row.set_at),
    until: row.until === null ? null : shownInstant(row.until),
    endedAt: row.ended_at === null ? null : shownInstant(row.ended_at),
  };
}

/** A hold with the decision that lets it stand, and whose it is. */
type RejectedHold = GuardHoldRow & {
  why: string | null;
  by: string | null;
  at: string | null;
  linked: string | null;
};

/** What rejected reviews pinned: without expiry, until candidate and value agree again. */
async function rejectedHolds(sql: Sql, context: TenantContext): Promise<OverrideDocument[]> {
  const rows = await sql('guard_hold AS h')
    .join('review AS r', (on) => void on.on('r.tenant_id', 'h.tenant_id').andOn('r.id', 'h.review_id'))
    .leftJoin('link AS l', (on) => void on.on('l.tenant_id', 'h.tenant_id').andOn('l.record_id', 'h.subject'))
    .where({ 'h.tenant_id': context.tenantId, 'r.status': 'rejected' })
    .whereNull('h.ended_at')
    .orderBy('h.subject')
    .select<RejectedHold[]>(
      'h.*',
      'r.reason AS why',
      'r.decided_by AS by',
      'r.decided_at AS at',
      'l.user_id AS linked',
    );
  return rows.map((row) => ({
    id: `${row.review_id}/${row.subject}`,
    user: row.linked ?? row.subject,
    who: { sourceId: '', name: row.subject },
    attribute: row.attribute === '' ? 'active' : row.attribute,
    value: (JSON.parse(row.pinned) as { value?: Json }).value ?? null,
    kind: 'pin',
    reason: row.why ?? '',
    by: row.by ?? '',
    setAt: row.at === null ? '' : shownInstant(row.at),
    until: null,
    endedAt: null,
  }));
}
