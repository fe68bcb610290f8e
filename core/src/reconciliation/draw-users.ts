import type { PartitionResult, Target } from '../correlation/partition-types.js';
import type { AttributeChange, Cause } from '../history/tables.js';
import { groupBy } from '../model/group-by.js';
import type { GuardHoldRow, UserState } from '../population/tables.js';
import type { LinkEffect, UserEffect } from './effects.js';
import type { DrawOptions } from './pass-cause.js';
import { overridesAfter } from './overrides-of-merged.js';
import type { TenantContext } from './tenant-context.js';
import { drawUser } from './user-drawing.js';
import type { WorkRecord, WorkSet } from './work-set.js';

/** Links and users after the partition. */
export interface DrawnUsers {
  users: UserEffect[];
  links: LinkEffect[];
  /** Next instants by user, where they differ from what is stored; null: none any more. */
  due: Map<string, string | null>;
  endedHolds: GuardHoldRow[];
}

/** Draws every user of the set after the partition. New users get their ids here. */
export function drawUsers(
  context: TenantContext,
  gathered: WorkSet,
  result: PartitionResult,
  options: DrawOptions,
): DrawnUsers {
  const ownership = assignRecords(context, gathered, result);
  const overrides = overridesAfter(gathered, result, (userId) => ownership.recordsOf.has(userId));
  const set = { ...gathered, overrides };
  const drawn: DrawnUsers = { users: [], links: ownership.links, due: new Map(), endedHolds: [] };
  for (const userId of [...ownership.recordsOf.keys(), ...abandonedUsers(set, result, ownership)]) {
    const { effect, dueAt, endedHolds } = drawUser(context, set, options, {
      userId,
      records: ownership.recordsOf.get(userId) ?? [],
      broughtBy: ownership.broughtBy.get(userId) ?? null,
    });
    if (dueAt !== (set.due.get(userId) ?? null)) drawn.due.set(userId, dueAt);
    drawn.users.push(effect);
    drawn.endedHolds.push(...endedHolds);
  }
  drawMerges(context, set, result, options, drawn);
  // Nothing comes due for who was merged away earlier.
  for (const userId of set.due.keys()) {
    const isMerged = typeof set.users.get(userId)?.mergedInto === 'string' && !ownership.recordsOf.has(userId);
    if (isMerged) drawn.due.set(userId, null);
  }
  return drawn;
}

/** Who owns which record after the partition. */
interface Ownership {
  links: LinkEffect[];
  recordsOf: Map<string, WorkRecord[]>;
  /** New users, with the record that brings each. */
  broughtBy: Map<string, string>;
}

function assignRecords(context: TenantContext, set: WorkSet, result: PartitionResult): Ownership {
  const freshIds = new Map<string, string>();
  const links: LinkEffect[] = [];
  const owned: { userId: string; record: WorkRecord }[] = [];
  for (const target of result.targets) {
    const userId = ownerOf(context, target, freshIds);
    const record = set.records.get(target.recordId);
    if (record === undefined) continue;
    if (target.changed) links.push({ record, userId, how: target.how ?? 'unlinked', rule: target.rule });
    if (userId !== null) owned.push({ userId, record });
  }
  const recordsOf = new Map<string, WorkRecord[]>();
  for (const [userId, entries] of groupBy(owned, (entry) => entry.userId))
    recordsOf.set(
      userId,
      entries.map((entry) => entry.record),
    );
  return { links, recordsOf, broughtBy: new Map([...freshIds].map(([label, userId]) => [userId, label])) };
}

function ownerOf(context: TenantContext, { to }: Target, freshIds: Map<string, string>): string | null {
  if (to.kind === 'unlinked') return null;
  if (to.kind === 'user') return to.userId;
  const userId = freshIds.get(to.label) ?? context.ids.next('usr');
  freshIds.set(to.label, userId);
  return userId;
}

/** Users whom every record has left. */
function abandonedUsers(set: WorkSet, result: PartitionResult, { recordsOf }: Ownership): string[] {
  const merged = new Set(result.merges.flatMap((merge) => merge.losers));
  return [...set.users.values()]
    .filter((user) => user.mergedInto === null && !merged.has(user.id) && !recordsOf.has(user.id))
    .map((user) => user.id);
}

function drawMerges(
  context: TenantContext,
  set: WorkSet,
  result: PartitionResult,
  options: DrawOptions,
  drawn: DrawnUsers,
): void {
  for (const { losers, survivor } of result.merges) {
    for (const loser of losers) {
      const before = set.users.get(loser);
      if (before?.mergedInto === null) drawn.users.push(drawMerged(context, options, before, survivor));
      if (set.due.has(loser)) drawn.due.set(loser, null);
    }
  }
}

function drawMerged(context: TenantContext, options: DrawOptions, before: UserState, survivor: string): UserEffect {
  const changeId = context.ids.next('chg');
  const change: AttributeChange = {
    attribute: 'active',
    from: before.active,
    to: false,
    kind: before.active ? 'value' : 'provenance',
    provenance: before.provenance.active ?? null,
    reason: 'merged',
    detail: survivor,
    effectiveAt: null,
    unknown: false,
  };
  const after: UserState = {
    ...before,
    attributes: { ...before.attributes, active: false },
    unknown: [],
    active: false,
    inactive: { reason: 'merged', detail: null, at: options.now, effectiveAt: null, changeId },
    version: before.version + 1,
    mergedInto: survivor,
  };
  const cause: Cause = { ...options.cause, sourceId: null, mappingVersion: null, rulesVersion: context.rulesVersion };
  return { before, after, kind: 'user.merged', changeId, changes: [change], cause, resolution: null, records: [] };
}
