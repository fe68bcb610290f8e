import { expect } from 'chai';
import type { UserDocument } from '#core/model/documents.js';
import { listUsers, showUser, type UsersRequest } from '#core/reading/users.js';
import { refusalOf } from './refusal.js';
import { day, hrRow, itRow, mappings, onEachStore, type Population } from './support.js';

onEachStore('core/reading/users', (open) => {
  let population: Population;
  const list = (request?: UsersRequest): ReturnType<typeof listUsers> =>
    population.read((sql) => listUsers(sql, population.tenantId, request));
  const ids = async (request?: UsersRequest): Promise<string[]> => (await list(request)).items.map(({ id }) => id);
  const show = (who: string, at?: string): Promise<UserDocument> =>
    population.read((sql) =>
      showUser(sql, population.tenantId, who, at === undefined ? undefined : { at, now: day(20), mappings }),
    );

  before(async () => {
    population = await open();
    await population.furnish();
    await population.directory('draft', { mode: 'draft', position: 2 });
    const hr = await population.record('hr', 'E1001', hrRow(), day(9));
    const it = await population.record('it', '9001', itRow(), day(9));
    await population.link(it, 'usr-ada', day(9), 'sure', 'employee number');
    await population.link(hr, 'usr-ada', day(9));
    await population.settle('usr-ada', day(9));
    await population.group('grp-vpn', 'vpn');
    await population.group('grp-admins', 'admins');
    await population.group('grp-old', 'old');
    await population.member('grp-vpn', 'usr-ada');
    await population.member('grp-admins', 'usr-ada', { from_at: day(12) });
    await population.member('grp-old', 'usr-ada', { to_sequence: 90, to_at: day(12), to_cause: '{}' });
    await population.conflict('cfl-1', 'usr-ada', { opened_at: day(12) });
    await population.conflict('cfl-0', 'usr-ada', { attribute: 'active', status: 'closed', closed_at: day(12) });
    const inactive = { active: 0, inactive_at: day(9), inactive_change_id: 'chg-1' };
    await population.user('usr-b', { active: false }, { ...inactive, reason: 'terminated', effective_at: day(8) });
    await population.user('usr-c', { active: false }, { ...inactive, reason: 'merged', merged_into: 'usr-ada' });
    await population.user('usr-d');
    const neighbour = await population.neighbour('other');
    await neighbour.user('usr-ada', { userName: 'their ada' });
    await neighbour.user('usr-z');
    await neighbour.furnish();
    await neighbour.group('grp-vpn', 'theirs');
    await neighbour.member('grp-vpn', 'usr-ada');
    await neighbour.conflict('cfl-1', 'usr-ada');
    const theirs = await neighbour.record('hr', 'E1001', hrRow({ status: 'Terminated' }), day(9));
    await neighbour.link(theirs, 'usr-ada', day(9));
  });
  after(() => population.close());

  it('lists the users of the tenant alone, in the order of their ids, merged ones among them', async () => {
    expect(await ids()).to.deep.equal(['usr-ada', 'usr-b', 'usr-c', 'usr-d']);
  });

  it('filters by activity and reason', async () => {
    expect(await ids({ active: true })).to.deep.equal(['usr-ada', 'usr-d']);
    expect(await ids({ active: false })).to.deep.equal(['usr-b', 'usr-c']);
    expect(await ids({ reason: 'merged' })).to.deep.equal(['usr-c']);
    expect(await ids({ reason: 'absent' })).to.deep.equal([]);
  });

  it('refuses a reason that is not in the closed list', async () => {
    const error = await refusalOf(list({ reason: 'terminate' }));
    expect([error.code, error.exitCode, error.mend]).to.deep.equal([
      'RC_USAGE_REASON',
      64,
      'Did you mean "terminated"?',
    ]);
  });

  it('pages through all and ends', async () => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await list({ limit: 3, ...(after === undefined ? {} : { after }) });
      seen.push(...page.items.map(({ id }) => id), '|');
      after = page.next === null ? undefined : String(page.next);
    } while (after !== undefined);
    expect(seen).to.deep.equal(['usr-ada', 'usr-b', 'usr-c', '|', 'usr-d', '|']);
  });

  it('refuses the cursor of a list with another filter', async () => {
    const { next } = await list({ limit: 1 });
    const error = await refusalOf(list({ limit: 1, active: true, after: String(next) }));
    expect(error.code).to.equal('RC_CURSOR_INVALID');
  });

  it('shows a user with groups, conflicts and records of now', async () => {
    const user = await show('hr:E1001');
    expect(user).to.deep.include({
      id: 'usr-ada',
      tenant: 'acme',
      active: true,
      inactive: null,
      version: 1,
      mergedInto: null,
      unknown: [],
      openConflicts: ['cfl-1'],
      groups: [
        { id: 'grp-admins', displayName: 'admins', directory: 'it' },
        { id: 'grp-vpn', displayName: 'vpn', directory: 'it' },
      ],
    });
    const at = '2026-03-09T08:00:00Z';
    const record = { kind: 'user', present: true, claimsActive: true };
    expect(user.records).to.deep.equal([
      { ...record, directory: 'hr', sourceId: 'E1001', link: { how: 'created', rule: null, at } },
      { ...record, directory: 'it', sourceId: '9001', link: { how: 'sure', rule: 'employee number', at } },
    ]);
    expect(user.attributes).to.deep.include({ department: 'Engineering', userName: 'ada', custom: {} });
    expect(user.attributes).not.to.have.any.keys('active', 'groups');
  });

  it('shows why and since when somebody is inactive', async () => {
    expect((await show('usr-b')).inactive).to.deep.equal({
      reason: 'terminated',
      detail: null,
      at: '2026-03-09T08:00:00Z',
      effectiveAt: '2026-03-08T08:00:00Z',
      changeId: 'chg-1',
    });
  });

  it('shows a merged user with the survivor', async () => {
    const user = await show('usr-c');
    expect([user.id, user.active, user.inactive?.reason, user.mergedInto]).to.deep.equal([
      'usr-c',
      false,
      'merged',
      'usr-ada',
    ]);
  });

  it('lists a page in as many statements as one user takes', async () => {
    const count = async (limit: number): Promise<number> => {
      let statements = 0;
      let isCounting = true;
      population.store.onQuery(() => {
        if (isCounting) statements++;
      });
      await list({ limit });
      isCounting = false;
      return statements;
    };
    expect(await count(4))
      .to.equal(await count(1))
      .and.to.equal(5);
  });

  it('shows a user as of a moment: memberships, conflicts and records of then', async () => {
    const then = await show('usr-ada', '2026-03-11T00:00:00+01:00');
    expect(then.groups.map(({ displayName }) => displayName)).to.deep.equal(['old', 'vpn']);
    expect(then.openConflicts).to.deep.equal(['cfl-0']);
    expect(then.records.map(({ sourceId, claimsActive }) => [sourceId, claimsActive])).to.deep.equal([
      ['E1001', true],
      ['9001', true],
    ]);
    expect(then.attributes).to.deep.equal((await show('usr-ada')).attributes);
  });

  it('answers a moment that lies ahead as of now', async () => {
    expect(await show('usr-ada', '2027-01-01T00:00:00Z')).to.deep.equal(await show('usr-ada'));
  });

  it('finds nobody at a moment before the user was made, and says when that was', async () => {
    const error = await refusalOf(show('usr-ada', '2026-03-09T07:59:59Z'));
    expect([error.code, error.exitCode]).to.deep.equal(['RC_USER_NOT_FOUND', 1]);
    expect(error.mend).to.contain('2026-03-09T08:00:00Z');
  });

  for (const at of ['yesterday', '2026-03-09', '2026-03-09T08:00:00', '2026-13-09T08:00:00Z']) {
    it(`refuses ${at}, which is no instant`, async () => {
      expect((await refusalOf(show('usr-ada', at))).code).to.equal('RC_USAGE_INSTANT');
    });
  }
});
