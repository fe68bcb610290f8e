import type { AttributeName } from '../model/claims.js';
import { foldText, primaryEmail } from '../model/compare.js';
import type { Json, JsonObject } from '../model/json.js';
import { lastOf, mergeSteps } from '../population/survivors.js';
import { isSqlite, rawRows, type Sql } from '../store/table.js';
import { groupsOfUsers, type ConsumerGroup } from './consumer-groups.js';
import { identitiesOf, payloadsOf, type Identity } from './identity.js';
import { keyOfCursor, ownerOf } from './objects.js';
import { ofTenants, selectForOwned, type Condition, type Owned } from './of-tenants.js';
import { pageByObject, type ObjectListing, type ObjectPage } from './page-by-object.js';

/** A person as consumers of several tenants see them. Instants are ISO 8601 UTC with milliseconds. */
export interface ConsumerUser {
  id: string;
  tenant: string;
  active: boolean;
  /** Why not active; null while active. */
  reason: string | null;
  mergedInto: string | null;
  /** Values by catalogue name; those without one are left out. */
  attributes: Readonly<Record<AttributeName, Json>>;
  /** By which the provider knows them: of the best record in the tenant's identity directory. */
  idpId: string;
  /** What that record's source shows of them. */
  raw: JsonObject;
  managerEmail: string | null;
  groups: readonly ConsumerGroup[];
  createdAt: string;
  /** When a value or a membership last changed. */
  updatedAt: string;
}

/** Which people; merged ones are in no list. */
export interface ConsumerUsersRequest extends ObjectPage {
  /** Those who are in this group now. */
  group?: string;
  email?: string;
  idpId?: string;
  /** True: the active ones alone. */
  onlyActive: boolean;
  /** At most so many groups of each. */
  mostGroups: number;
}

/** Somebody's own row, with what changed last. */
export interface UserFacts extends Owned {
  attributes: string;
  active: number;
  reason: string | null;
  merged_into: string | null;
  created_at: string;
  changed_at: string | null;
  member_at: string | null;
}

const FACTS = `u.tenant_id, u.id, u.attributes, u.active, u.reason, u.merged_into, u.created_at,
  (SELECT c.at FROM change AS c WHERE c.tenant_id = u.tenant_id AND c.subject_kind = 'user' AND c.subject_id = u.id
    AND c.kind <> 'user.provenance' ORDER BY c.version DESC LIMIT 1) AS changed_at,
  (SELECT MAX(COALESCE(m.to_at, m.from_at)) FROM membership AS m
    WHERE m.tenant_id = u.tenant_id AND m.user_id = u.id) AS member_at`;

/**
 * People of these tenants in the order of their making. So many statements a page, however many people are on it.
 *
 * @throws RC_CURSOR_INVALID
 */
export async function listConsumerUsers(
  sql: Sql,
  tenants: readonly string[],
  request: ConsumerUsersRequest,
): Promise<ObjectListing<ConsumerUser>> {
  const key = await keyOfCursor(sql, 'user', tenants, request);
  const chosen = conditionsOf(sql, tenants, request);
  const where = chosen.map(({ text }) => text).join(' AND ');
  const bindings = chosen.flatMap((condition) => condition.bindings);
  const { rows, ...place } = await pageByObject(request, ['u.id'], key, (range) =>
    rawRows<UserFacts>(sql, `SELECT ${FACTS} FROM "user" AS u WHERE ${where}${range.text} ${range.order}`, [
      ...bindings,
      ...range.bindings,
      range.limit,
    ]),
  );
  const users = await asConsumerUsers(sql, rows, request.mostGroups);
  // Whose best record has another id than the one that was found is somebody else to consumers.
  const { idpId } = request;
  return { items: idpId === undefined ? users : users.filter((user) => user.idpId === idpId), ...place };
}

function conditionsOf(
  sql: Sql,
  tenants: readonly string[],
  { group, email, idpId, onlyActive }: ConsumerUsersRequest,
): Condition[] {
  const conditions = [ofTenants(sql, 'u.tenant_id', tenants), { text: 'u.merged_into IS NULL', bindings: [] }];
  if (onlyActive) conditions.push({ text: 'u.active = 1', bindings: [] });
  if (email !== undefined) conditions.push({ text: 'u.email_key = ?', bindings: [foldText(email)] });
  if (group !== undefined) {
    const own = ofTenants(sql, 'm.tenant_id', tenants);
    const text = `u.id IN (SELECT m.user_id FROM membership AS m
      WHERE ${own.text} AND m.group_id = ? AND m.to_sequence IS NULL)`;
    conditions.push({ text, bindings: [...own.bindings, group] });
  }
  if (idpId !== undefined) conditions.push(withRecord(sql, tenants, idpId));
  return conditions;
}

/** Who has a record that the id may be of: by the source's id, or by what a record claims as its external id. */
function withRecord(sql: Sql, tenants: readonly string[], idpId: string): Condition {
  const own = ofTenants(sql, 'r.tenant_id', tenants);
  const external = isSqlite(sql) ? `c.claims ->> '$.externalId.value'` : `c.claims::json -> 'externalId' ->> 'value'`;
  const text = `u.id IN (SELECT l.user_id FROM source_record AS r
    JOIN link AS l ON l.tenant_id = r.tenant_id AND l.record_id = r.id
    LEFT JOIN claims AS c ON c.tenant_id = r.tenant_id AND c.record_id = r.id
    WHERE ${own.text} AND r.kind = 'user' AND (r.source_id = ? OR ${external} = ?))`;
  return { text, bindings: [...own.bindings, idpId, idpId] };
}

/**
 * One person by id; who was merged answers as who they live on in. Null for somebody who is not there or belongs to
 * another tenant than these.
 */
export async function findConsumerUser(
  sql: Sql,
  tenants: readonly string[],
  id: string,
  mostGroups: number,
): Promise<ConsumerUser | null> {
  const tenant = await ownerOf(sql, 'user', tenants, id);
  if (tenant === null) return null;
  const survivor = lastOf(id, await mergeSteps(sql, tenant, [id]));
  const rows = await userFacts(sql, [{ tenant_id: tenant, id: survivor }]);
  return (await asConsumerUsers(sql, rows, mostGroups))[0] ?? null;
}

/** The rows of these users. */
export function userFacts(sql: Sql, users: readonly Owned[]): Promise<UserFacts[]> {
  return selectForOwned<UserFacts>(
    sql,
    users,
    ({ list, tenant, id }) =>
      `SELECT ${FACTS} FROM ${list} CROSS JOIN "user" AS u WHERE u.tenant_id = ${tenant} AND u.id = ${id}`,
  );
}

async function asConsumerUsers(sql: Sql, rows: readonly UserFacts[], mostGroups: number): Promise<ConsumerUser[]> {
  const identities = await identitiesOf(sql, rows);
  const raw = await payloadsOf(
    sql,
    rows.flatMap((row) => {
      const identity = identities.get(row.id);
      return identity === undefined ? [] : [{ tenantId: row.tenant_id, ...identity }];
    }),
  );
  const groups = await groupsOfUsers(sql, rows, mostGroups);
  const emails = await emailsOf(sql, rows.flatMap(managerOf));
  return rows.map((row) => consumerUser(row, { identities, raw, groups, emails }));
}

/** What is known around people, by their ids; payloads by the id of the record. */
export interface AroundUsers {
  identities: ReadonlyMap<string, Identity>;
  raw: ReadonlyMap<string, JsonObject>;
  groups: ReadonlyMap<string, readonly ConsumerGroup[]>;
  emails: ReadonlyMap<string, string | null>;
}

/** A row as consumers see it. */
export function consumerUser(row: UserFacts, { identities, raw, groups, emails }: AroundUsers): ConsumerUser {
  const attributes = JSON.parse(row.attributes) as ConsumerUser['attributes'];
  const identity = identities.get(row.id);
  const isActive = row.active === 1;
  return {
    id: row.id,
    tenant: row.tenant_id,
    active: isActive,
    reason: isActive ? null : row.reason,
    mergedInto: row.merged_into,
    attributes,
    idpId: identity?.idpId ?? row.id,
    raw: raw.get(identity?.recordId ?? '') ?? {},
    managerEmail: managerOf(row).map(({ id }) => emails.get(id) ?? null)[0] ?? null,
    groups: groups.get(row.id) ?? [],
    createdAt: row.created_at,
    updatedAt: latest(row.changed_at, row.member_at, row.created_at),
  };
}

function latest(...instants: (string | null)[]): string {
  return instants.reduce<string>((last, instant) => (instant !== null && instant > last ? instant : last), '');
}

/** Somebody's manager, as the population names them: a user id. */
function managerOf({ tenant_id, attributes }: UserFacts): Owned[] {
  const { manager } = JSON.parse(attributes) as Record<string, Json>;
  return typeof manager === 'string' ? [{ tenant_id, id: manager }] : [];
}

/** The addresses of these users, by id. */
export async function emailsOf(sql: Sql, users: readonly Owned[]): Promise<Map<string, string | null>> {
  const rows = await selectForOwned<{ id: string; attributes: string }>(
    sql,
    [...new Map(users.map((user) => [user.id, user])).values()],
    ({ list, tenant, id }) =>
      `SELECT u.id, u.attributes FROM ${list} CROSS JOIN "user" AS u WHERE u.tenant_id = ${tenant} AND u.id = ${id}`,
  );
  return new Map(
    rows.map((row) => [row.id, primaryEmail((JSON.parse(row.attributes) as Record<string, Json>).emails)]),
  );
}
