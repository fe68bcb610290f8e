import { RollcallError } from '@rollcall/connector-kit';
import type { Decided, OverrideDocument } from '../api.js';
import { storedInstant } from '../model/instants.js';
import { OVERRIDE, type OverrideRow } from '../population/tables.js';
import { findUser } from '../reading/find-user.js';
import { survivorOf } from '../population/survivors.js';
import { overrideDocument, withSurvivors } from '../reading/overrides.js';
import { whoOfUsers } from '../reading/who-of-users.js';
import { lockTenant } from '../tenancy/lock-tenant.js';
import { appendAudit } from '../security/audit-log.js';
import { insertRows, updateRows, type Sql } from '../store/table.js';
import { checkOverride, type WantedOverride } from './check-override.js';
import type { Job } from './engine.js';
import { overridesOfMerged } from './overrides-of-merged.js';
import { markTouched, personPass } from './person-pass.js';
import { advanceTenantClock } from './tenant-clock.js';
import type { TenantContext } from './tenant-context.js';

/** Sets an override; it takes effect before this returns. One a person and attribute: a new one ends the old one. */
export async function setOverride(
  job: Job,
  context: TenantContext,
  wanted: WantedOverride,
): Promise<Decided<OverrideDocument>> {
  const now = storedInstant(job.engine.clock.now());
  checkOverride(context, wanted, now);
  const row = await job.engine.store.write(job.lane, async (sql) => {
    await lockTenant(sql, context.tenantId);
    await advanceTenantClock(sql, context.tenantId, now, job.engine.givenClock);
    const userId = await personOf(sql, context, wanted.who);
    const before = await standing(sql, context, userId, wanted.attribute, now);
    await end(sql, before, now, 'replaced');
    const override: OverrideRow = {
      tenant_id: context.tenantId,
      id: context.ids.next('ovr'),
      user_id: userId,
      attribute: wanted.attribute,
      value: JSON.stringify(wanted.value),
      reason: wanted.reason,
      until: new Date(wanted.until).toISOString(),
      set_by: wanted.by,
      set_at: now,
      ended_at: null,
      ended_reason: null,
    };
    await insertRows(sql, OVERRIDE, [override]);
    await audit(sql, context, wanted.by, 'override.set', override, now);
    await markTouched(sql, context.tenantId, { records: [], users: [userId] }, { now, by: override.id });
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
  const { cleared, users } = await job.engine.store.write(job.lane, async (sql) => {
    await lockTenant(sql, context.tenantId);
    await advanceTenantClock(sql, context.tenantId, now, job.engine.givenClock);
    const [found, ...others] = await findStanding(sql, context, target, now);
    await end(sql, [found, ...others], now, `cleared by ${by}`);
    for (const row of [found, ...others]) await audit(sql, context, by, 'override.clear', row, now);
    const users = [await survivorOf(sql, context.tenantId, found.user_id)];
    await markTouched(sql, context.tenantId, { records: [], users }, { now, by: found.id });
    return { cleared: { ...found, ended_at: now, ended_reason: `cleared by ${by}` }, users };
  });
  const run = await personPass(job, context, { records: [], users }, { override: cleared.id });
  return { item: await documentOf(job, context, cleared), runs: [run] };
}

/** Also what was set for somebody who was merged into the user. */
async function standing(
  sql: Sql,
  context: TenantContext,
  userId: string,
  attribute: string,
  now: string,
): Promise<OverrideRow[]> {
  const own = (await sql('override')
    .where({ tenant_id: context.tenantId, user_id: userId, attribute })
    .whereNull('ended_at')) as OverrideRow[];
  const merged = await overridesOfMerged(sql, context.tenantId, new Set([userId]));
  return [...own, ...merged.rows.filter((row) => row.attribute === attribute)].filter((row) => row.until > now);
}

/** The person whom somebody names: who was merged away is whom they were merged into. */
async function personOf(sql: Sql, context: TenantContext, who: string): Promise<string> {
  return survivorOf(sql, context.tenantId, (await findUser(sql, context.tenantId, who)).id);
}

/** The override of that id, or all that a person has of the attribute. */
async function findStanding(
  sql: Sql,
  context: TenantContext,
  target: { id: string } | { who: string; attribute: string },
  now: string,
): Promise<[OverrideRow, ...OverrideRow[]]> {
  const [first, ...others] =
    'id' in target
      ? ((await sql('override')
          .where({ tenant_id: context.tenantId, id: target.id })
          .whereNull('ended_at')) as OverrideRow[])
      : await standing(sql, context, await personOf(sql, context, target.who), target.attribute, now);
  if (first !== undefined) return [first, ...others];
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
  return job.engine.store.read(async (sql) => {
    const [shown = row] = await withSurvivors(sql, [row]);
    const now = storedInstant(job.engine.clock.now());
    return overrideDocument(shown, await whoOfUsers(sql, context.tenantId, [shown.user_id]), now);
  });
}
