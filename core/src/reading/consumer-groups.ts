import type { JsonObject } from '../model/json.js';
import type { Claims } from '../model/claims.js';
import { groupBy } from '../model/group-by.js';
import { rawRows, type Sql } from '../store/table.js';
import { externalIdOf, payloadsOf } from './identity.js';
import { keyOfCursor } from './objects.js';
import { ofTenants, selectForOwned, type Owned } from './of-tenants.js';
import { pageByObject, type ObjectListing, type ObjectPage } from './page-by-object.js';

/** A group as consumers of several tenants see it. Instants are ISO 8601 UTC with milliseconds. */
export interface ConsumerGroup {
  id: string;
  tenant: string;
  displayName: string;
  removed: boolean;
  /** The external id of its record, else its source id. */
  idpId: string;
  /** What its source shows of it; empty for a group known by name only. */
  raw: JsonObject;
  createdAt: string;
  /** When it last came, went or was renamed. */
  updatedAt: string;
}

/** Which groups. */
export interface ConsumerGroupsRequest extends ObjectPage {
  /** Those that this user is in now. */
  user?: string;
}

interface GroupFacts extends Owned {
  display_name: string;
  removed: number;
  created_at: string;
  changed_at: string | null;
}

const FACTS = `g.tenant_id, g.id, g.display_name, g.removed, g.created_at,
  (SELECT e.occurred_at FROM event AS e WHERE e.tenant_id = g.tenant_id AND e.subject_id = g.id
    AND e.subject_kind = 'group' ORDER BY e.sequence DESC LIMIT 1) AS changed_at`;

/**
 * Groups of these tenants that are not removed, in the order of their making.
 *
 * @throws RC_CURSOR_INVALID
 */
export async function listConsumerGroups(
  sql: Sql,
  tenants: readonly string[],
  request: ConsumerGroupsRequest,
): Promise<ObjectListing<ConsumerGroup>> {
  const key = await keyOfCursor(sql, 'group', tenants, request);
  const own = ofTenants(sql, 'g.tenant_id', tenants);
  const { user } = request;
  const ofUser =
    user === undefined
      ? ''
      : ` AND EXISTS (SELECT 1 FROM membership AS m WHERE m.tenant_id = g.tenant_id AND m.group_id = g.id
          AND m.user_id = ? AND m.to_sequence IS NULL)`;
  const { rows, ...place } = await pageByObject(request, ['g.id'], key, (range) =>
    rawRows<GroupFacts>(
      sql,
      `SELECT ${FACTS} FROM "group" AS g WHERE ${own.text} AND g.removed = 0${ofUser}${range.text} ${range.order}`,
      [...own.bindings, ...(user === undefined ? [] : [user]), ...range.bindings, range.limit],
    ),
  );
  return { items: await asConsumerGroups(sql, rows), ...place };
}

/** These groups, removed ones among them, by id. */
export async function consumerGroups(sql: Sql, groups: readonly Owned[]): Promise<Map<string, ConsumerGroup>> {
  const rows = await selectForOwned<GroupFacts>(
    sql,
    groups,
    ({ list, tenant, id }) =>
      `SELECT ${FACTS} FROM ${list} CROSS JOIN "group" AS g WHERE g.tenant_id = ${tenant} AND g.id = ${id}`,
  );
  return new Map((await asConsumerGroups(sql, rows)).map((group) => [group.id, group]));
}

/** The groups that each of these users is in now, at most so many of each, by user: three statements for all. */
export async function groupsOfUsers(
  sql: Sql,
  users: readonly Owned[],
  most: number,
): Promise<Map<string, ConsumerGroup[]>> {
  const rows = await selectForOwned<{ tenant_id: string; user_id: string; group_id: string }>(
    sql,
    users,
    ({ list, tenant, id }) => `SELECT * FROM (
        SELECT m.tenant_id, m.user_id, m.group_id,
          ROW_NUMBER() OVER (PARTITION BY m.user_id ORDER BY m.group_id) AS place
        FROM ${list} CROSS JOIN membership AS m
        WHERE m.tenant_id = ${tenant} AND m.user_id = ${id} AND m.to_sequence IS NULL) AS placed
      WHERE placed.place <= ${most} ORDER BY placed.group_id`,
  );
  const wanted = new Map(rows.map((row) => [row.group_id, { tenant_id: row.tenant_id, id: row.group_id }]));
  const groups = await consumerGroups(sql, [...wanted.values()]);
  return new Map(
    [...groupBy(rows, (row) => row.user_id)].map(([userId, memberships]) => [
      userId,
      memberships.flatMap(({ group_id: id }) => groups.get(id) ?? []),
    ]),
  );
}

interface GroupRecord {
  group_id: string;
  tenant_id: string;
  group_source_id: string;
  record_id: string | null;
  payload_no: number | null;
  claims: string | null;
}

async function asConsumerGroups(sql: Sql, rows: readonly GroupFacts[]): Promise<ConsumerGroup[]> {
  const records = await groupRecords(sql, rows);
  const raw = await payloadsOf(
    sql,
    [...records.values()].flatMap(({ tenant_id: tenantId, record_id: recordId, payload_no: payloadNo }) =>
      recordId === null || payloadNo === null ? [] : [{ tenantId, recordId, payloadNo }],
    ),
  );
  return rows.map((row) => {
    const record = records.get(row.id);
    return {
      id: row.id,
      tenant: row.tenant_id,
      displayName: row.display_name,
      removed: row.removed === 1,
      idpId: idpIdOf(record) ?? row.id,
      raw: raw.get(record?.record_id ?? '') ?? {},
      createdAt: row.created_at,
      updatedAt: row.changed_at ?? row.created_at,
    };
  });
}

function idpIdOf(record: GroupRecord | undefined): string | null {
  if (record === undefined) return null;
  const external = record.claims === null ? null : externalIdOf(JSON.parse(record.claims) as Claims);
  return external ?? record.group_source_id;
}

/** The record of each group; where a migration left several, a present one. */
async function groupRecords(sql: Sql, groups: readonly Owned[]): Promise<Map<string, GroupRecord>> {
  const rows = await selectForOwned<GroupRecord>(
    sql,
    groups,
    ({
      list,
      tenant,
      id,
    }) => `SELECT gr.group_id, gr.tenant_id, gr.group_source_id, gr.record_id, r.payload_no, c.claims
      FROM ${list} CROSS JOIN group_record AS gr
      LEFT JOIN source_record AS r ON r.tenant_id = gr.tenant_id AND r.id = gr.record_id
      LEFT JOIN claims AS c ON c.tenant_id = gr.tenant_id AND c.record_id = gr.record_id
      WHERE gr.tenant_id = ${tenant} AND gr.group_id = ${id}
      ORDER BY CASE WHEN r.gone_begin IS NULL THEN 1 ELSE 0 END, gr.group_source_id DESC`,
  );
  return new Map(rows.map((row) => [row.group_id, row]));
}
