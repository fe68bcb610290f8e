import { foldText } from '../model/compare.js';
import { groupBy } from '../model/group-by.js';
import type { Json } from '../model/json.js';
import {
  GROUP,
  GROUP_RECORD,
  MEMBERSHIP,
  type GroupRecordRow,
  type GroupRow,
  type GuardHoldRow,
  type MembershipRow,
} from '../population/tables.js';
import { EDGE, type EdgeRow } from '../sources/tables.js';
import { selectRows, type Sql } from '../store/table.js';
import type { Cause } from '../history/tables.js';
import type { Effects, MembershipEffect, UserEffect } from './effects.js';
import type { TenantContext } from './tenant-context.js';
import { isPresent, type WorkRecord, type WorkSet } from './work-set.js';

interface NamedGroup {
  sourceId: string;
  name: string;
}

/** What a user mapping says of groups; null: nothing, or nothing that can be believed. */
export function claimedGroups(record: WorkRecord): NamedGroup[] | null {
  const claim = record.claims.groups;
  if (claim === undefined || claim.unknown !== undefined || claim.value === undefined) return null;
  if (claim.value === null) return [];
  const list = Array.isArray(claim.value) ? claim.value : [claim.value];
  const byId = new Map<string, NamedGroup>();
  for (const item of list) {
    const group = namedGroup(item);
    if (group !== null) byId.set(group.sourceId, group);
  }
  return [...byId.values()];
}

function namedGroup(item: Json): NamedGroup | null {
  if (typeof item === 'string') return { sourceId: `name:${foldText(item)}`, name: item.trim() };
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return null;
  const { id, name } = item;
  if (typeof name !== 'string') return null;
  return { sourceId: typeof id === 'string' ? id : `name:${foldText(name)}`, name: name.trim() };
}

/** Groups as they stand, known while a batch is drawn. */
interface GroupWork {
  records: Map<string, GroupRecordRow>;
  groups: Map<string, GroupRow>;
}

/** A membership that stands, with its group. */
type OpenMembership = MembershipRow & { group: GroupRow };

const placeOf = (directoryId: string, sourceId: string): string => `${directoryId}\n${sourceId}`;

/** Draws groups that come into being, edges and memberships of the users in `users`. */
export async function drawGroups(
  sql: Sql,
  context: TenantContext,
  set: WorkSet,
  drawn: { users: readonly UserEffect[]; minted: Effects['groups'] },
  now: string,
): Promise<Pick<Effects, 'groups' | 'edges' | 'memberships' | 'groupsOf' | 'endedHolds'>> {
  const seeds = [...set.records.values()].filter((record) => record.seed && record.mapped);
  const stored = await edgesOf(sql, context, [...set.records.values()]);
  const edges = seeds.flatMap((record) => changedEdges(context, record, stored.get(memberPlace(record)) ?? []));
  const work = await loadGroups(sql, context, [...edges, ...[...stored.values()].flat()]);
  for (const { group, record } of drawn.minted) {
    work.records.set(placeOf(record.directory_id, record.group_source_id), record);
    work.groups.set(group.id, group);
  }
  const groups = newGroups(context, seeds, edges, work, now);
  const live = liveEdges(stored, edges);
  return { groups, edges, ...(await drawMemberships(sql, context, drawn, live, work, set)) };
}

const memberPlace = (record: WorkRecord): string => placeOf(record.row.directory_id, record.row.source_id);

async function edgesOf(
  sql: Sql,
  context: TenantContext,
  records: readonly WorkRecord[],
): Promise<Map<string, EdgeRow[]>> {
  const rows = await selectRows(
    sql,
    EDGE,
    { tenant_id: context.tenantId, member_kind: 'user' },
    ['directory_id', 'member_source_id'],
    records.map((record) => [record.row.directory_id, record.row.source_id]),
  );
  return groupBy(rows, (row) => placeOf(row.directory_id, row.member_source_id));
}

/** Compares what the mapping emits with the edges of the scope `user:<source id>`. */
function changedEdges(context: TenantContext, record: WorkRecord, stored: readonly EdgeRow[]): EdgeRow[] {
  const claimed = claimedGroups(record);
  if (claimed === null) return [];
  const scope = `user:${record.row.source_id}`;
  const wanted = new Set(claimed.map((group) => group.sourceId));
  const open = new Set(stored.filter((edge) => edge.gone_begin === null).map((edge) => edge.group_source_id));
  const begun = claimed
    .filter((group) => !open.has(group.sourceId))
    .map((group) => ({
      tenant_id: context.tenantId,
      directory_id: record.row.directory_id,
      group_source_id: group.sourceId,
      member_kind: 'user',
      member_source_id: record.row.source_id,
      begin: record.row.begin,
      gone_begin: null,
      scope,
    }));
  const ended = stored
    .filter((edge) => edge.scope === scope && edge.gone_begin === null && !wanted.has(edge.group_source_id))
    .map((edge) => ({ ...edge, gone_begin: record.row.begin }));
  return [...begun, ...ended];
}

async function loadGroups(sql: Sql, context: TenantContext, edges: readonly EdgeRow[]): Promise<GroupWork> {
  const scope = { tenant_id: context.tenantId };
  const places = new Map(edges.map((edge) => [placeOf(edge.directory_id, edge.group_source_id), edge]));
  const records = await selectRows(
    sql,
    GROUP_RECORD,
    scope,
    ['directory_id', 'group_source_id'],
    [...places.values()].map((edge) => [edge.directory_id, edge.group_source_id]),
  );
  const groups = await selectRows(
    sql,
    GROUP,
    scope,
    ['id'],
    [...new Set(records.map((row) => row.group_id))].map((id) => [id]),
  );
  return {
    records: new Map(records.map((row) => [placeOf(row.directory_id, row.group_source_id), row])),
    groups: new Map(groups.map((row) => [row.id, row])),
  };
}

/** One record, one group, minted at first sight. */
function newGroups(
  context: TenantContext,
  seeds: readonly WorkRecord[],
  edges: readonly EdgeRow[],
  work: GroupWork,
  now: string,
): Effects['groups'] {
  const names = new Map(
    seeds.flatMap((record) => (claimedGroups(record) ?? []).map((group) => [group.sourceId, group.name] as const)),
  );
  const made: Effects['groups'] = [];
  for (const edge of edges) {
    const place = placeOf(edge.directory_id, edge.group_source_id);
    if (edge.gone_begin !== null || work.records.has(place)) continue;
    const group: GroupRow = {
      tenant_id: context.tenantId,
      id: context.ids.next('grp'),
      directory_id: edge.directory_id,
      display_name: names.get(edge.group_source_id) ?? edge.group_source_id,
      removed: 0,
      version: 1,
      created_at: now,
    };
    const record: GroupRecordRow = {
      tenant_id: context.tenantId,
      directory_id: edge.directory_id,
      group_source_id: edge.group_source_id,
      group_id: group.id,
      record_id: null,
    };
    work.records.set(place, record);
    work.groups.set(group.id, group);
    made.push({ group, record, kind: 'group.created', isNew: true });
  }
  return made;
}

function liveEdges(
  stored: ReadonlyMap<string, readonly EdgeRow[]>,
  changed: readonly EdgeRow[],
): Map<string, EdgeRow[]> {
  const all = new Map<string, EdgeRow>();
  for (const edge of [...[...stored.values()].flat(), ...changed])
    all.set(`${placeOf(edge.directory_id, edge.member_source_id)}\n${edge.group_source_id}`, edge);
  return groupBy(
    [...all.values()].filter((edge) => edge.gone_begin === null),
    (edge) => placeOf(edge.directory_id, edge.member_source_id),
  );
}

/** A membership is open while at least one live edge of a listed directory reaches it; only 0 <-> 1 is an effect. */
async function drawMemberships(
  sql: Sql,
  context: TenantContext,
  drawn: { users: readonly UserEffect[] },
  live: ReadonlyMap<string, readonly EdgeRow[]>,
  work: GroupWork,
  set: WorkSet,
): Promise<Pick<Effects, 'memberships' | 'groupsOf' | 'endedHolds'>> {
  const listed = new Set(context.rules.attributes.groups?.from ?? context.rules.priority);
  const open = await openMemberships(
    sql,
    context,
    drawn.users.flatMap((user) => (user.before === null ? [] : [user.after.id])),
  );
  const memberships: MembershipEffect[] = [];
  const groupsOf = new Map<string, GroupRow[]>();
  const endedHolds: GuardHoldRow[] = [];
  for (const user of drawn.users) {
    const stands = open.get(user.after.id) ?? [];
    const wanted = reachedGroups(user, listed, live, work);
    endedHolds.push(...keepHeld(user, set.holds.get(user.after.id) ?? [], stands, wanted));
    memberships.push(...membershipChanges(user, wanted, stands, work));
    for (const row of stands) work.groups.set(row.group_id, row.group);
    groupsOf.set(
      user.after.id,
      [...wanted.keys()].flatMap((id) => work.groups.get(id) ?? []),
    );
  }
  return { memberships, groupsOf, endedHolds };
}

/** The groups that the user's present records reach, each with a record that reaches it. */
function reachedGroups(
  user: UserEffect,
  listed: ReadonlySet<string>,
  live: ReadonlyMap<string, readonly EdgeRow[]>,
  work: GroupWork,
): Map<string, WorkRecord> {
  const reached = new Map<string, WorkRecord>();
  for (const record of user.records) {
    if (!isPresent(record) || !listed.has(record.directory.name)) continue;
    for (const edge of live.get(memberPlace(record)) ?? []) {
      const group = work.records.get(placeOf(edge.directory_id, edge.group_source_id));
      if (group !== undefined) reached.set(group.group_id, record);
    }
  }
  return reached;
}

/** Keeps the memberships that a guard holds; answers the holds whose group is reached again. */
function keepHeld(
  user: UserEffect,
  holds: readonly GuardHoldRow[],
  open: readonly OpenMembership[],
  wanted: Map<string, WorkRecord>,
): GuardHoldRow[] {
  const [record] = user.records;
  const ended: GuardHoldRow[] = [];
  for (const hold of holds.filter((candidate) => candidate.attribute.startsWith('group:'))) {
    const groupId = hold.attribute.slice('group:'.length);
    if (wanted.has(groupId)) ended.push(hold);
    else if (record !== undefined && open.some((row) => row.group_id === groupId)) wanted.set(groupId, record);
  }
  return ended;
}

function membershipChanges(
  user: UserEffect,
  wanted: ReadonlyMap<string, WorkRecord>,
  open: readonly OpenMembership[],
  work: GroupWork,
): MembershipEffect[] {
  const held = new Set(open.map((row) => row.group_id));
  const effects: MembershipEffect[] = [];
  for (const [groupId, record] of wanted) {
    const group = work.groups.get(groupId);
    if (held.has(groupId) || group === undefined) continue;
    effects.push({ group, userId: user.after.id, closes: null, cause: causeOf(user, record) });
  }
  for (const { group, ...row } of open) {
    if (!wanted.has(row.group_id)) effects.push({ group, userId: user.after.id, closes: row, cause: user.cause });
  }
  return effects;
}

function causeOf(user: UserEffect, record: WorkRecord): Cause {
  return { ...user.cause, sourceId: record.row.source_id, mappingVersion: record.mappingVersion };
}

async function openMemberships(
  sql: Sql,
  context: TenantContext,
  userIds: readonly string[],
): Promise<Map<string, OpenMembership[]>> {
  const scope = { tenant_id: context.tenantId };
  const rows = await selectRows(
    sql,
    MEMBERSHIP,
    scope,
    ['user_id'],
    userIds.map((id) => [id]),
  );
  const open = rows.filter((row) => row.to_sequence === null);
  const groups = await selectRows(
    sql,
    GROUP,
    scope,
    ['id'],
    [...new Set(open.map((row) => row.group_id))].map((id) => [id]),
  );
  const byId = new Map(groups.map((group) => [group.id, group]));
  return groupBy(
    open.flatMap((row) => {
      const group = byId.get(row.group_id);
      return group === undefined ? [] : [{ ...row, group }];
    }),
    (row) => row.user_id,
  );
}
