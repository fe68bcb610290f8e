import type { ConsumerUser, EventDocument, EventGrounds, GroupDocument, Json } from '@rollcall/core';
import { expect } from 'chai';
import { dsyncName, type WorkosProfile } from '#server/workos/event-names.js';

const CAUSE = {
  ...{ runId: 'run-1', trigger: 'full', directory: 'hr', sourceId: 'E1', mappingVersion: 'v', rulesVersion: 1 },
  ...{ override: null, review: null },
};

function eventOf(type: string, data: object): EventDocument {
  const [kind = ''] = type.split('.');
  return {
    ...{ id: 'evt-1', sequence: 7, tenant: 'acme', type, occurredAt: '2026-03-09T08:00:00Z' },
    ...{ subject: { kind, id: `${kind}-1` }, changeId: 'chg-1', changed: [], data: data as Json },
  };
}

function groundsOf(parts: Partial<EventGrounds>): EventGrounds {
  const none = new Map<never, never>();
  return {
    ...{ users: none, groups: none, changes: none, groupsBefore: none, causes: none, raw: none, emails: none },
    ...parts,
  };
}

/** A change of somebody from active to active, as it was and as it is. */
function nameOf(
  profile: WorkosProfile,
  type: string,
  was: boolean,
  is: boolean,
  before: string | null = null,
): string | null {
  const values = was === is ? [] : [{ attribute: 'active', from: was, to: is }];
  const changes = new Map([['chg-1', { values, cause: CAUSE, before }]]);
  return dsyncName(eventOf(type, { active: is }), groundsOf({ changes }), profile);
}

describe('server/workos/event-names', () => {
  it('keeps who is inactive, where the profile says so', () => {
    const kept = (...change: [string, boolean, boolean, string?]): string | null => nameOf('keep_inactive', ...change);
    expect(kept('user.created', false, true)).to.equal('dsync.user.created');
    expect(kept('user.created', false, false)).to.equal('dsync.user.created');
    expect(kept('user.updated', true, true)).to.equal('dsync.user.updated');
    expect(kept('user.deactivated', true, false)).to.equal('dsync.user.updated');
    expect(kept('user.reactivated', false, true, 'user.deactivated')).to.equal('dsync.user.updated');
    expect(kept('user.activated', false, true, 'user.created')).to.equal('dsync.user.updated');
    expect(kept('user.merged', true, false)).to.equal('dsync.user.deleted');
    expect(kept('user.merged', false, false)).to.equal('dsync.user.deleted');
    expect(kept('user.reactivated', false, true, 'user.merged')).to.equal('dsync.user.created');
  });

  it('tells who becomes inactive as deleted, where the profile says so', () => {
    const told = (...change: [string, boolean, boolean, string?]): string | null => nameOf('workos_default', ...change);
    expect(told('user.created', false, true)).to.equal('dsync.user.created');
    expect(told('user.created', false, false)).to.equal(null);
    expect(told('user.updated', true, true)).to.equal('dsync.user.updated');
    expect(told('user.updated', false, false)).to.equal(null);
    expect(told('user.deactivated', true, false)).to.equal('dsync.user.deleted');
    expect(told('user.reactivated', false, true, 'user.deactivated')).to.equal('dsync.user.created');
    expect(told('user.activated', false, true, 'user.created')).to.equal('dsync.user.created');
    expect(told('user.merged', true, false)).to.equal('dsync.user.deleted');
    expect(told('user.merged', false, false)).to.equal(null);
  });

  it('tells a group that is back as created: consumers know of its end', () => {
    const group = (type: string, before: Partial<GroupDocument> | null): string | null => {
      const groupsBefore = new Map(before === null ? [] : [[7, before as GroupDocument]]);
      return dsyncName(eventOf(type, {}), groundsOf({ groupsBefore }), 'keep_inactive');
    };
    expect(group('group.created', null)).to.equal('dsync.group.created');
    expect(group('group.updated', { removed: false })).to.equal('dsync.group.updated');
    expect(group('group.updated', { removed: true })).to.equal('dsync.group.created');
    expect(group('group.removed', { removed: false })).to.equal('dsync.group.deleted');
  });

  it('ends memberships of what is deleted without a word', () => {
    const member = (
      type: string,
      user: Partial<ConsumerUser> | null,
      { removed = false, profile = 'keep_inactive' }: { removed?: boolean; profile?: WorkosProfile } = {},
    ): string | null => {
      const users = new Map(
        user === null ? [] : [['usr-1', { active: true, mergedInto: null, ...user } as ConsumerUser]],
      );
      const groupsBefore = new Map([[7, { removed } as GroupDocument]]);
      const event = eventOf(type, { group: { id: 'grp-1', displayName: 'vpn', directory: 'it' }, user: 'usr-1' });
      return dsyncName(event, groundsOf({ users, groupsBefore }), profile);
    };
    const profile = 'workos_default';
    expect(member('membership.added', {})).to.equal('dsync.group.user_added');
    expect(member('membership.removed', {})).to.equal('dsync.group.user_removed');
    expect(member('membership.removed', {}, { removed: true })).to.equal(null);
    expect(member('membership.removed', { mergedInto: 'usr-2' })).to.equal(null);
    expect(member('membership.added', { active: false })).to.equal('dsync.group.user_added');
    expect(member('membership.added', { active: false }, { profile })).to.equal(null);
    expect(member('membership.added', {}, { profile })).to.equal('dsync.group.user_added');
    expect(member('membership.added', null)).to.equal(null);
  });

  it('knows no name for what WorkOS has nothing of', () => {
    for (const type of ['conflict.opened', 'review.decided', 'directory.stale'])
      expect(dsyncName(eventOf(type, {}), groundsOf({}), 'keep_inactive')).to.equal(null);
  });
});
