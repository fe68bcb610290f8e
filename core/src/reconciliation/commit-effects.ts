import { changesText } from '../history/stored-changes.js';
import { CHANGE } from '../history/tables.js';
import type { Counts } from '../model/documents.js';
import { groupBy } from '../model/group-by.js';
import { GROUP, GROUP_RECORD, USER, type ReviewRow } from '../population/tables.js';
import { userRow } from '../population/user-state.js';
import { countMembers } from '../reading/groups.js';
import { EDGE } from '../sources/tables.js';
import { deleteRows, insertRows, upsertRows, type Sql } from '../store/table.js';
import { appendDrafts } from './append-drafts.js';
import { writeConflicts, type WrittenConflict } from './write-conflicts.js';
import { writeReviews } from './write-reviews.js';
import type { Effects, UserEffect } from './effects.js';
import {
  conflictEvent,
  documentOf,
  groupEvent,
  reviewEvent,
  userEvent,
  whoOfEffect,
  type EventDraft,
} from './event-drafts.js';
import { endHolds } from './holds.js';
import { DUE } from './tables.js';
import type { TenantContext } from './tenant-context.js';
import { writeRecords } from './write-claims.js';
import { drawMembershipEntries, writeMemberships } from './write-memberships.js';

/** What one batch did. */
export interface BatchTally {
  changes: Counts;
  conflicts: { opened: number; closed: number };
  rows: { users: number; changes: number; events: number };
  events: { first: number; last: number } | null;
}

/** Writes one batch of effects: all of it in the caller's transaction, events last. */
export async function commitEffects(
  sql: Sql,
  context: TenantContext,
  effects: Effects,
  pass: { runId: string; now: string },
): Promise<BatchTally> {
  const changed = effects.users.filter((user) => user.changes.length > 0);
  await writeRecords(sql, context, effects, pass);
  await writeGroups(sql, effects);
  await upsertRows(
    sql,
    USER,
    changed.map((user) => userRow(context.tenantId, user.after)),
  );
  await writeChanges(sql, context, changed, pass.now);
  await writeDue(sql, context, effects);
  const conflicts = await writeConflicts(sql, context, effects, pass.now);
  const reviews = await writeReviews(sql, context, effects, pass);
  reviews.closed.push(...(await endHolds(sql, effects.endedHolds, pass.now)));
  const events = await writeEvents(sql, context, effects, { changed, conflicts, reviews }, pass.now);
  return tally(effects, changed, conflicts, events);
}

async function writeGroups(sql: Sql, effects: Effects): Promise<void> {
  await upsertRows(
    sql,
    GROUP,
    effects.groups.map((entry) => entry.group),
  );
  await upsertRows(
    sql,
    GROUP_RECORD,
    effects.groups.map((entry) => entry.record),
  );
  await upsertRows(sql, EDGE, effects.edges);
}

async function writeChanges(
  sql: Sql,
  context: TenantContext,
  changed: readonly UserEffect[],
  now: string,
): Promise<void> {
  await insertRows(
    sql,
    CHANGE,
    changed.map((user) => ({
      tenant_id: context.tenantId,
      id: user.changeId,
      subject_kind: 'user',
      subject_id: user.after.id,
      version: user.after.version,
      at: now,
      kind: user.kind,
      attributes: changesText(user.changes),
      cause: JSON.stringify(user.cause),
    })),
  );
}

async function writeDue(sql: Sql, context: TenantContext, effects: Effects): Promise<void> {
  const rows = [...effects.due].map(([userId, at]) => ({ tenant_id: context.tenantId, user_id: userId, at: at ?? '' }));
  await upsertRows(
    sql,
    DUE,
    rows.filter((row) => row.at !== ''),
  );
  await deleteRows(
    sql,
    DUE,
    rows.filter((row) => row.at === ''),
  );
}

interface Written {
  changed: readonly UserEffect[];
  conflicts: readonly WrittenConflict[];
  reviews: { opened: readonly ReviewRow[]; closed: readonly ReviewRow[] };
}

/** Groups, users, memberships, conflicts, reviews, in this order; memberships carry the numbers of their events. */
async function writeEvents(
  sql: Sql,
  context: TenantContext,
  effects: Effects,
  written: Written,
  now: string,
): Promise<{ first: number; last: number } | null> {
  const before = [...(await groupDrafts(sql, context, effects)), ...userDrafts(context, effects, written, now)];
  const memberships = drawMembershipEntries(context, effects.memberships);
  const drafts = [
    ...before,
    ...memberships.map((entry) => entry.draft),
    ...conflictDrafts(effects, written),
    ...reviewDrafts(context, written),
  ];
  const range = await appendDrafts(sql, context, drafts, now);
  if (range !== null) await writeMemberships(sql, context, memberships, range.first + before.length, now);
  return range;
}

/** With the members that the groups have once the batch is written. */
async function groupDrafts(sql: Sql, context: TenantContext, effects: Effects): Promise<EventDraft[]> {
  const known = effects.groups.filter((entry) => !entry.isNew).map((entry) => entry.group.id);
  const members = await countMembers(sql, context.tenantId, known);
  for (const { group, closes } of effects.memberships)
    members.set(group.id, (members.get(group.id) ?? 0) + (closes === null ? 1 : -1));
  return effects.groups.map((entry) => groupEvent(context, entry.group, entry.kind, members.get(entry.group.id) ?? 0));
}

function userDrafts(context: TenantContext, effects: Effects, written: Written, now: string): EventDraft[] {
  const links = new Map(effects.links.map((link) => [link.record.row.id, link]));
  const open = groupBy(
    written.conflicts.map((conflict) => conflict.row).filter((row) => row.status === 'open'),
    (row) => row.user_id,
  );
  return written.changed.flatMap((user) => {
    const openConflicts = open.get(user.after.id) ?? [];
    const draft = userEvent(documentOf(context, effects, user, { links, openConflicts, now }), user);
    return draft === null ? [] : [draft];
  });
}

function conflictDrafts(effects: Effects, written: Written): EventDraft[] {
  const users = new Map(effects.users.map((user) => [user.after.id, user]));
  return written.conflicts.flatMap((conflict) => {
    const user = users.get(conflict.row.user_id);
    if (conflict.event === null || user === undefined) return [];
    return [
      conflictEvent(conflict.row, whoOfEffect(user), conflict.event, user.changes.length > 0 ? user.changeId : null),
    ];
  });
}

function reviewDrafts(context: TenantContext, written: Written): EventDraft[] {
  return [
    ...written.reviews.opened.map((row) => reviewEvent(context, row, 'review.opened')),
    ...written.reviews.closed.map((row) => reviewEvent(context, row, 'review.decided')),
  ];
}

function tally(
  effects: Effects,
  changed: readonly UserEffect[],
  conflicts: readonly WrittenConflict[],
  events: { first: number; last: number } | null,
): BatchTally {
  const changes = countChanges(effects, changed);
  return {
    changes,
    conflicts: {
      opened: conflicts.filter((conflict) => conflict.event === 'conflict.opened').length,
      closed: conflicts.filter((conflict) => conflict.event === 'conflict.closed').length,
    },
    rows: {
      users: changed.length,
      changes: changed.length,
      events: events === null ? 0 : events.last - events.first + 1,
    },
    events,
  };
}

function countChanges(effects: Effects, changed: readonly UserEffect[]): Counts {
  const count = (kind: UserEffect['kind']): number => changed.filter((user) => user.kind === kind).length;
  return {
    users: {
      created: count('user.created'),
      activated: count('user.activated'),
      updated: count('user.updated'),
      deactivated: count('user.deactivated'),
      reactivated: count('user.reactivated'),
      merged: count('user.merged'),
    },
    groups: {
      created: effects.groups.filter((entry) => entry.kind === 'group.created').length,
      updated: effects.groups.filter((entry) => entry.kind === 'group.updated').length,
      removed: effects.groups.filter((entry) => entry.kind === 'group.removed').length,
    },
    memberships: {
      added: effects.memberships.filter((membership) => membership.closes === null).length,
      removed: effects.memberships.filter((membership) => membership.closes !== null).length,
    },
  };
}
