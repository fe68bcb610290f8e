import type {
  ConsumerChange,
  EventDocument,
  EventGrounds,
  GroupDocument,
  JsonObject,
  MembershipDocument,
} from '@rollcall/core';

/** How who is inactive is told: kept as inactive, or as deleted, which is what WorkOS does unless asked otherwise. */
export type WorkosProfile = 'keep_inactive' | 'workos_default';

/** Every event of Directory Sync by its name at WorkOS, with the types of Rollcall that it may come of. */
export const DSYNC_TYPES: Readonly<Record<string, readonly string[]>> = {
  'dsync.user.created': ['user.created', 'user.activated', 'user.reactivated', 'user.updated'],
  'dsync.user.updated': ['user.updated', 'user.activated', 'user.reactivated', 'user.deactivated'],
  'dsync.user.deleted': ['user.merged', 'user.deactivated'],
  'dsync.group.created': ['group.created', 'group.updated'],
  'dsync.group.updated': ['group.updated'],
  'dsync.group.deleted': ['group.removed'],
  'dsync.group.user_added': ['membership.added'],
  'dsync.group.user_removed': ['membership.removed'],
  // A tenant's one directory comes with the tenant and never goes; tokens are told in the audit log.
  'dsync.activated': [],
  'dsync.deactivated': [],
  'dsync.deleted': [],
  'dsync.token.created': [],
  'dsync.token.revoked': [],
};

/** WorkOS's name of an event; null where WorkOS would tell none. */
export function dsyncName(event: EventDocument, grounds: EventGrounds, profile: WorkosProfile): string | null {
  const [subject] = event.type.split('.');
  if (subject === 'user') return userEventName(event, grounds, profile);
  if (subject === 'group') return groupEventName(event, grounds);
  return subject === 'membership' ? membershipEventName(event, grounds, profile) : null;
}

function userEventName(event: EventDocument, { changes }: EventGrounds, profile: WorkosProfile): string | null {
  const change = changes.get(event.changeId ?? '');
  const { was, is } = activityOf(event, change);
  if (profile === 'workos_default') return nameOfActivity(was, is);
  if (event.type === 'user.merged') return 'dsync.user.deleted';
  // A merge that was undone: to consumers the person was deleted, and is there again.
  const isNew = event.type === 'user.created' || change?.before === 'user.merged';
  return isNew ? 'dsync.user.created' : 'dsync.user.updated';
}

/** Whether somebody was active before a change, and is after it. */
function activityOf({ type, data }: EventDocument, change: ConsumerChange | undefined): { was: boolean; is: boolean } {
  const is = (data as JsonObject).active === true;
  if (type === 'user.created') return { was: false, is };
  const moved = change?.values.find(({ attribute }) => attribute === 'active');
  return { was: moved === undefined ? is : moved.from === true, is };
}

/** Where who is inactive is not there. */
function nameOfActivity(was: boolean, is: boolean): string | null {
  if (is) return was ? 'dsync.user.updated' : 'dsync.user.created';
  return was ? 'dsync.user.deleted' : null;
}

function groupEventName({ type, sequence }: EventDocument, { groupsBefore }: EventGrounds): string {
  if (type === 'group.removed') return 'dsync.group.deleted';
  const before: GroupDocument | undefined = groupsBefore.get(sequence);
  const isNew = type === 'group.created' || before?.removed === true;
  return isNew ? 'dsync.group.created' : 'dsync.group.updated';
}

/** Memberships of a group that was deleted, or of somebody who is not there, end without a word. */
function membershipEventName(
  { type, sequence, data }: EventDocument,
  { users, groupsBefore }: EventGrounds,
  profile: WorkosProfile,
): string | null {
  const user = users.get((data as unknown as MembershipDocument).user);
  if (user?.mergedInto !== null) return null;
  if (profile === 'workos_default' && !user.active) return null;
  if (type === 'membership.added') return 'dsync.group.user_added';
  return groupsBefore.get(sequence)?.removed === true ? null : 'dsync.group.user_removed';
}
