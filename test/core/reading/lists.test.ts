import { expect } from 'chai';
import { listConflicts } from '#core/reading/conflicts.js';
import { listDirectories } from '#core/reading/directories.js';
import { EVENT_TYPES } from '#core/events/event-document.js';
import { listEvents } from '#core/reading/events.js';
import { listGroups, showGroup } from '#core/reading/groups.js';
import { listQuarantine } from '#core/reading/quarantine.js';
import { listReviews } from '#core/reading/reviews.js';
import { refusalOf } from './refusal.js';
import { day, hrRow, onEachStore, type Population } from './support.js';

const idsOf = (page: { items: readonly { id: string }[] }): string[] => page.items.map(({ id }) => id);
const at = '2026-03-09T08:00:00Z';

onEachStore('core/reading', (open) => {
  let population: Population;
  let tenant: string;

  beforeEach(async () => {
    population = await open();
    tenant = population.tenantId;
    await population.furnish();
    const neighbour = await population.neighbour('other');
    await neighbour.furnish();
    await neighbour.user('usr-1');
    await neighbour.group('grp-1', 'theirs');
    await neighbour.member('grp-1', 'usr-1');
    await neighbour.conflict('cfl-9', 'usr-1');
    await neighbour.review('rev-9');
    await neighbour.quarantined('hr', 'E9', '');
    await neighbour.event(1, 'user.created');
    await neighbour.run('run-9', 'hr', day(20));
    await neighbour.record('hr', 'E9', hrRow(), day(9));
  });
  afterEach(() => population.close());

  describe('groups', () => {
    beforeEach(async () => {
      await population.user('usr-1', { displayName: 'Ada' });
      await population.user('usr-2', { userName: 'bob' });
      await population.group('grp-1', 'vpn');
      await population.group('grp-2', 'admins');
      await population.group('grp-3', 'vpn', 'hr', 1);
      await population.member('grp-1', 'usr-1');
      await population.member('grp-1', 'usr-2');
      await population.member('grp-2', 'usr-2', { to_sequence: 5, to_at: day(10), to_cause: '{}' });
    });

    it('lists groups with their open memberships counted', async () => {
      const page = await population.read((sql) => listGroups(sql, tenant));
      const group = { tenant, directory: 'it', removed: false, version: 1 };
      expect(page).to.deep.equal({
        next: null,
        items: [
          { ...group, id: 'grp-1', displayName: 'vpn', members: 2 },
          { ...group, id: 'grp-2', displayName: 'admins', members: 0 },
          { ...group, id: 'grp-3', displayName: 'vpn', directory: 'hr', removed: true, members: 0 },
        ],
      });
    });

    it('pages through groups', async () => {
      const first = await population.read((sql) => listGroups(sql, tenant, { limit: 2 }));
      const rest = await population.read((sql) => listGroups(sql, tenant, { limit: 2, after: String(first.next) }));
      expect([idsOf(first), idsOf(rest), rest.next]).to.deep.equal([['grp-1', 'grp-2'], ['grp-3'], null]);
    });

    it('shows a group with a page of its members by name', async () => {
      const show = (after?: string | null): ReturnType<typeof showGroup> =>
        population.read((sql) => showGroup(sql, tenant, 'grp-1', { limit: 1, ...(after == null ? {} : { after }) }));
      const first = await show();
      const second = await show(first.membersNext);
      expect([first.displayName, first.members, first.membersPage]).to.deep.equal([
        'vpn',
        2,
        [{ id: 'usr-1', name: 'Ada' }],
      ]);
      expect([second.membersPage, second.membersNext]).to.deep.equal([[{ id: 'usr-2', name: 'bob' }], null]);
    });

    it('finds a group by its name, or by directory and name', async () => {
      const show = (group: string): Promise<string> =>
        population.read(async (sql) => (await showGroup(sql, tenant, group)).id);
      expect(await show('admins')).to.equal('grp-2');
      expect(await show('hr:vpn')).to.equal('grp-3');
      const twice = await refusalOf(show('vpn'));
      expect([twice.code, twice.exitCode]).to.deep.equal(['RC_GROUP_AMBIGUOUS', 1]);
      expect(twice.extra.candidates).to.deep.equal([
        { id: 'grp-1', displayName: 'vpn', directory: 'it' },
        { id: 'grp-3', displayName: 'vpn', directory: 'hr' },
      ]);
      const none = await refusalOf(show('theirs'));
      expect([none.code, none.exitCode]).to.deep.equal(['RC_GROUP_NOT_FOUND', 1]);
    });
  });

  describe('conflicts', () => {
    beforeEach(async () => {
      const record = await population.record('hr', 'E1001', hrRow(), day(9));
      await population.user('usr-1', { displayName: 'Ada' }, { brought_by: record });
      const claims = [
        { directory: 'hr', recordId: record, sourceId: 'E1001', value: 'Engineering', wins: true },
        { directory: 'it', recordId: 'rec-x', sourceId: '9001', value: 'Platform', wins: false },
      ];
      await population.conflict('cfl-1', 'usr-1', { claims: JSON.stringify(claims) });
      await population.conflict('cfl-2', 'usr-1', { status: 'closed', closed_at: day(12), updated_at: day(12) });
    });

    it('lists open conflicts with whom they are about and who claims what', async () => {
      const page = await population.read((sql) => listConflicts(sql, tenant));
      expect(page).to.deep.equal({
        next: null,
        items: [
          {
            id: 'cfl-1',
            status: 'open',
            user: 'usr-1',
            who: { sourceId: 'hr:E1001', name: 'Ada' },
            attribute: 'department',
            value: 'Engineering',
            openedAt: at,
            updatedAt: at,
            closedAt: null,
            claims: [
              { directory: 'hr', sourceId: 'E1001', value: 'Engineering', wins: true },
              { directory: 'it', sourceId: '9001', value: 'Platform', wins: false },
            ],
            rule: { version: 1, path: 'attributes.department' },
          },
        ],
      });
    });

    it('lists closed ones, too, when asked for all', async () => {
      const page = await population.read((sql) => listConflicts(sql, tenant, { all: true }));
      expect(page.items.map(({ id, status, closedAt }) => [id, status, closedAt])).to.deep.equal([
        ['cfl-1', 'open', null],
        ['cfl-2', 'closed', '2026-03-12T08:00:00Z'],
      ]);
    });
  });

  describe('reviews', () => {
    it('lists what is open, and what was decided when asked for all', async () => {
      const sample = [{ user: 'usr-1', who: { sourceId: 'hr:E1001', name: 'Ada' } }];
      await population.review('rev-1', { sample: JSON.stringify(sample) });
      const decision = { status: 'approved', decided_by: 'someone', decided_at: day(12), reason: 'right' };
      await population.review('rev-2', { ...decision, kind: 'doubt', guard: null, doubt: 'empty', directory_id: null });
      const open = await population.read((sql) => listReviews(sql, tenant));
      expect(open).to.deep.equal({
        next: null,
        items: [
          {
            id: 'rev-1',
            status: 'open',
            kind: 'guard',
            guard: 'absences',
            doubt: null,
            directory: 'hr',
            runId: 'run-1',
            openedAt: at,
            counts: { users: 42 },
            sample,
            detail: {},
            planHash: 'sha256:0',
            decidedBy: null,
            decidedAt: null,
            reason: null,
          },
        ],
      });
      const all = await population.read((sql) => listReviews(sql, tenant, { all: true }));
      expect(all.items[1]).to.deep.include({
        id: 'rev-2',
        directory: null,
        decidedAt: '2026-03-12T08:00:00Z',
        reason: 'right',
      });
    });
  });

  describe('quarantine', () => {
    it('lists whole records and single attributes, page by page', async () => {
      const mapping = { name: 'hr', version: 'sha256:1', file: 'mappings/hr.yaml', line: 13 };
      await population.quarantined('hr', 'E1004', 'employment.startDate', { mapping: JSON.stringify(mapping) });
      await population.quarantined('hr', 'line:9', '', { source_id: null, line: 9, last_good_kept: 0 });
      await population.quarantined('it', '9001', 'userName');
      const first = await population.read((sql) => listQuarantine(sql, tenant, { limit: 2 }));
      expect(first.items[0]).to.deep.equal({
        directory: 'hr',
        kind: 'user',
        sourceId: 'E1004',
        record: { file: 'people.csv', line: 5 },
        code: 'RC_CLAIM_INVALID',
        attribute: 'employment.startDate',
        message: 'It is no date.',
        mend: 'Write a date.',
        mapping,
        firstSeenAt: at,
        tries: 1,
        lastGoodKept: true,
      });
      expect(first.items[1]).to.deep.include({ sourceId: null, attribute: null, mapping: null, lastGoodKept: false });
      const rest = await population.read((sql) => listQuarantine(sql, tenant, { limit: 2, after: String(first.next) }));
      expect([rest.items.map(({ attribute }) => attribute), rest.next]).to.deep.equal([['userName'], null]);
    });
  });

  describe('events', () => {
    const list = (request?: Parameters<typeof listEvents>[2]): ReturnType<typeof listEvents> =>
      population.read((sql) => listEvents(sql, tenant, request));

    beforeEach(async () => {
      await population.event(1, 'user.created', { change_id: 'chg-1', changed: '["active"]', data: '{"id":"usr-1"}' });
      await population.event(2, 'membership.added');
      await population.event(3, 'user.updated');
    });

    it('lists events by sequence, each with what it is about', async () => {
      const page = await list({ limit: 1 });
      expect(page).to.deep.equal({
        next: 1,
        items: [
          {
            id: 'evt-1',
            sequence: 1,
            tenant,
            type: 'user.created',
            occurredAt: at,
            subject: { kind: 'user', id: 'usr-1' },
            changeId: 'chg-1',
            changed: ['active'],
            data: { id: 'usr-1' },
          },
        ],
      });
      expect((await list({ after: 1 })).items.map(({ sequence }) => sequence)).to.deep.equal([2, 3]);
      expect((await list({ after: 3 })).items).to.deep.equal([]);
    });

    it('filters by type', async () => {
      const page = await list({ type: 'user.updated', limit: 1 });
      expect([page.items.map(({ sequence }) => sequence), page.next]).to.deep.equal([[3], null]);
    });

    it('knows 18 types and refuses others, and sequences that are none', async () => {
      expect(new Set(EVENT_TYPES).size).to.equal(20);
      expect((await refusalOf(list({ type: 'user.create' }))).mend).to.equal('Did you mean "user.created"?');
      expect((await refusalOf(list({ after: -1 }))).code).to.equal('RC_CURSOR_INVALID');
      expect((await refusalOf(list({ after: 1.5 }))).code).to.equal('RC_CURSOR_INVALID');
    });
  });

  describe('directories', () => {
    it('lists directories in the order of the file with records, last run and open reviews', async () => {
      await population.directory('first', { position: -1, paused: 1, mode: 'shadow' });
      const gone = await population.record('hr', 'E1', hrRow(), day(9));
      await population.record('hr', 'E2', hrRow(), day(9));
      await population.gone(gone, 'absent', day(10));
      await population.run('run-2', 'hr', day(9));
      await population.run('run-1', 'hr', day(10), { outcome: 'held', ended_at: null });
      await population.run('run-3', null, day(12));
      await population.review('rev-1');
      await population.review('rev-2', { status: 'closed' });
      const directory = { tenant, connector: 'csv', mode: 'live', paused: false };
      const idle = { records: { present: 0, gone: 0 }, lastRun: null, lastPushAt: null, openReviews: 0 };
      expect(await population.read((sql) => listDirectories(sql, tenant))).to.deep.equal([
        { ...directory, ...idle, id: 'dir-first', directory: 'first', mode: 'shadow', paused: true },
        {
          ...directory,
          id: 'dir-hr',
          directory: 'hr',
          records: { present: 1, gone: 1 },
          lastRun: { runId: 'run-1', outcome: 'held', at: '2026-03-10T08:00:00Z' },
          lastPushAt: null,
          openReviews: 1,
        },
        { ...directory, ...idle, id: 'dir-it', directory: 'it' },
      ]);
    });
  });
});
