import type { SyncDocument } from '@rollcall/core';
import { expect } from 'chai';
import { NO_CHANGES, runOf, type ExplainAnswer, type Lists, type UserAnswer } from './cli-documents.js';
import { appliedProject, initialisedProject, removesProjects, syncedProject, type TestProject } from './support.js';

const INSTANT = '2026-03-09T08:00:00Z';
const SHA = /^sha256:[0-9a-f]{64}$/;

describe('e2e/cli-contract: the documents of the fixture', () => {
  removesProjects();
  let project: TestProject;
  before(async () => {
    project = await syncedProject();
  });

  it('applies and syncs what init --example writes without an edit', async () => {
    const fresh = await appliedProject();
    const document = await fresh.json<SyncDocument>(['sync'], 0);
    expect(document).to.deep.include({ format: 'rollcall.sync/1', exitCode: 0 });
    expect(document.due).to.deep.include({ users: 0, runId: null, held: [], events: null });
    expect(document.runs.map(({ directory }) => directory)).to.deep.equal(['hr', 'it']);

    const hr = runOf(document, 'hr');
    expect(hr).to.deep.include({
      tenant: 'acme',
      trigger: 'manual',
      tier: 'full',
      clock: 'given',
      outcome: 'finished',
      complete: true,
      startedAt: INSTANT,
      records: { read: 3, new: 3, changed: 0, same: 0, stale: 0, absent: 0, quarantined: 0 },
      changes: { ...NO_CHANGES, users: { ...NO_CHANGES.users, created: 3 } },
      conflicts: { opened: 0, closed: 0 },
      drift: { records: 0 },
      held: [],
      doubts: [],
      pending: 0,
      rowsWritten: { records: 3, payloads: 3, users: 3, changes: 3, events: 3 },
      events: { first: 1, last: 3 },
      error: null,
    });
    expect(hr.runId).to.match(/^run-/);
    expect(hr.source).to.have.length(1);
    expect(hr.source[0]).to.deep.include({ file: 'hr-2026-03-09.csv', alreadyAccepted: false });
    expect(hr.source[0]?.sha256).to.match(/^[0-9a-f]{64}$/);

    const it = runOf(document, 'it');
    expect(it.records).to.deep.include({ read: 3, new: 3 });
    expect(it.changes).to.deep.equal({
      users: { ...NO_CHANGES.users, created: 1, updated: 2 },
      groups: { created: 2, updated: 0, removed: 0 },
      memberships: { added: 4, removed: 0 },
    });
    expect(it.conflicts).to.deep.equal({ opened: 2, closed: 0 });
  });

  it('reads nothing again, and writes nothing where it must read again', async () => {
    const again = await project.json<SyncDocument>(['sync'], 0);
    expect(runOf(again, 'hr').records.read).to.equal(0);
    expect(runOf(again, 'hr').source[0]?.alreadyAccepted).to.equal(true);
    const full = await project.json<SyncDocument>(['sync', '--full'], 0);
    for (const run of full.runs) {
      expect(run.records).to.deep.include({ read: 3, same: 3, new: 0, changed: 0 });
      expect(run.changes).to.deep.equal(NO_CHANGES);
      expect(run.conflicts).to.deep.equal({ opened: 0, closed: 0 });
      expect(run.rowsWritten).to.deep.equal({ records: 0, payloads: 0, users: 0, changes: 0, events: 0 });
      expect(run.events).to.equal(null);
    }
  });

  it('activates whose first day has come, without a new file', async () => {
    const later = await syncedProject();
    const now = '2026-03-16T08:00:00Z';
    const document = await later.json<SyncDocument>(['sync'], 0, { now });
    expect(document.due.users).to.equal(1);
    expect(document.due.runId).to.match(/^run-/);
    const { items } = await later.json<Lists['events']>(['events', 'list', '--type', 'user.activated'], 0, { now });
    expect(items).to.have.length(1);
    const { user } = await later.json<UserAnswer>(['users', 'show', 'hr:E1002'], 0, { now });
    expect(user).to.deep.include({ active: true, inactive: null });
    expect(items[0]?.subject).to.deep.equal({ kind: 'user', id: user.id });
  });

  it('shows a person with values, groups, records and open conflicts', async () => {
    const { format, user } = await project.json<UserAnswer>(['users', 'show', 'hr:E1003'], 0);
    expect(format).to.equal('rollcall.user/1');
    expect(user).to.deep.include({ tenant: 'acme', active: false, version: 2, mergedInto: null, unknown: [] });
    expect(user.id).to.match(/^usr-/);
    expect(user.inactive).to.deep.include({ reason: 'terminated', at: INSTANT });
    expect(user.inactive?.changeId).to.match(/^chg-/);
    expect(user.attributes).to.deep.equal({
      userName: 'alan',
      employeeNumber: 'E1003',
      name: { givenName: 'Alan', familyName: 'Turing' },
      emails: [{ value: 'alan@acme.example', type: 'work', primary: true }],
      department: 'Research',
      employment: { status: 'terminated', startDate: '2019-05-01', endDate: '2026-03-06' },
      custom: {},
    });
    expect(user.groups).to.have.length(1);
    expect(user.groups[0]).to.deep.include({ displayName: 'vpn', directory: 'it' });
    expect(user.openConflicts).to.have.length(1);
    expect(user.records).to.have.length(2);
    const [hr, it] = user.records;
    expect(hr).to.deep.include({
      directory: 'hr',
      kind: 'user',
      sourceId: 'E1003',
      present: true,
      claimsActive: false,
    });
    expect(hr?.link).to.deep.include({ how: 'created', rule: null });
    expect(it).to.deep.include({ directory: 'it', kind: 'user', sourceId: '9003', present: true, claimsActive: true });
    expect(it?.link).to.deep.include({ how: 'sure', rule: 'employee number' });
  });

  it('finds the same person by every kind of name', async () => {
    const { user } = await project.json<UserAnswer>(['users', 'show', 'hr:E1003'], 0);
    for (const who of [user.id, 'it:9003', 'userName=alan', 'employeeNumber=E1003', 'email=alan@acme.example']) {
      const found = await project.json<UserAnswer>(['users', 'show', who], 0);
      expect(found.user.id, who).to.equal(user.id);
    }
  });

  it('explains why, down to the raw record, the mapping line, the rule and who disagrees', async () => {
    const answer = await project.json<ExplainAnswer>(['explain', 'hr:E1003'], 0);
    expect(answer).to.deep.include({ format: 'rollcall.explain/1', at: INSTANT });
    const active = answer.attributes.active;
    expect(active).to.deep.include({
      value: false,
      state: 'known',
      reason: 'terminated',
      since: INSTANT,
      override: null,
      hold: null,
    });
    expect(active?.winner).to.deep.include({
      directory: 'hr',
      kind: 'user',
      sourceId: 'E1003',
      value: false,
      trigger: 'manual',
      tier: 'full',
      observedAt: INSTANT,
    });
    expect(active?.winner.raw).to.deep.include({
      employee_id: 'E1003',
      status: 'Terminated',
      termination_date: '2026-03-06',
    });
    expect(active?.winner.mapping).to.deep.include({
      name: 'hr',
      file: 'mappings/hr.yaml',
      line: 11,
      expression: '$lookup($statuses, status) != "terminated"',
    });
    expect(active?.winner.mapping.version).to.match(SHA);
    expect(active?.rule).to.deep.equal({ version: 1, path: 'attributes.active', strategy: 'vote' });
    expect(active?.conflictId).to.match(/^cfl-/);
    const it = active?.others.find(({ directory }) => directory === 'it');
    expect(it).to.deep.include({ sourceId: '9003', value: true, vote: 'allow' });
    const employment = active?.others.find(({ directory }) => directory === null);
    expect(employment).to.deep.include({ kind: 'employment', value: 'terminated', vote: 'deny' });
  });

  it('names the line where the expression stands now, after three lines were put above it', async () => {
    const moved = await initialisedProject();
    await moved.edit('mappings/hr.yaml', (text) => text.replace('attributes:', '# one\n# two\n# three\nattributes:'));
    await moved.json(['apply', '--yes'], 0);
    await moved.json(['sync'], 0);
    const answer = await moved.json<ExplainAnswer>(['explain', 'hr:E1003', '--attribute', 'active'], 0);
    expect(answer.attributes.active?.winner.mapping.line).to.equal(14);
    expect(Object.keys(answer.attributes)).to.deep.equal(['active']);
  });

  it('explains with employment where employment decides', async () => {
    const answer = await project.json<ExplainAnswer>(['explain', 'hr:E1002', '--attribute', 'active'], 0);
    const winner = answer.attributes.active?.winner;
    expect(winner).to.deep.include({ directory: null, kind: 'employment', value: 'pre_hire', vote: 'deny' });
    expect(winner?.from).to.be.an('array').that.is.not.empty;
  });

  it('lists conflicts with both sides and the rule', async () => {
    const list = await project.json<Lists['conflicts']>(['conflicts', 'list'], 0);
    expect(list).to.deep.include({ format: 'rollcall.conflicts/1', next: null });
    expect(list.items.map(({ attribute }) => attribute).sort()).to.deep.equal(['active', 'department']);
    const active = list.items.find(({ attribute }) => attribute === 'active');
    expect(active).to.deep.include({
      status: 'open',
      value: false,
      closedAt: null,
      rule: { version: 1, path: 'attributes.active' },
    });
    expect(active?.who).to.deep.equal({ sourceId: 'hr:E1003', name: 'Alan Turing' });
    expect(active?.claims).to.deep.equal([
      { directory: 'hr', sourceId: 'E1003', value: false, wins: true },
      { directory: 'it', sourceId: '9003', value: true, wins: false },
    ]);
  });

  it('numbers events without gaps, and pages through them', async () => {
    const all = await project.json<Lists['events']>(['events', 'list'], 0);
    expect(all).to.deep.include({ format: 'rollcall.events/1', next: null });
    expect(all.items.map(({ sequence }) => sequence)).to.deep.equal(all.items.map((_, at) => at + 1));
    const first = await project.json<Lists['events']>(['events', 'list', '--limit', '2'], 0);
    expect(first.next).to.equal(2);
    const second = await project.json<Lists['events']>(['events', 'list', '--after', '2', '--limit', '1'], 0);
    expect(second.items).to.deep.equal(all.items.slice(2, 3));
    const created = all.items[0];
    expect(created).to.deep.include({ tenant: 'acme', type: 'user.created' });
    expect(created?.id).to.match(/^evt-/);
    expect(created?.changed).to.include('active');
  });

  it('tells the history of one attribute with its whole cause', async () => {
    const list = await project.json<Lists['history']>(['history', 'hr:E1003', '--attribute', 'userName'], 0);
    expect(list).to.deep.include({ format: 'rollcall.history/1', next: null });
    expect(list.items).to.have.length(1);
    const [item] = list.items;
    expect(item).to.deep.include({
      version: 2,
      at: INSTANT,
      kind: 'user.updated',
      attribute: 'userName',
      from: null,
      to: 'alan',
    });
    expect(item?.cause).to.deep.include({
      trigger: 'manual',
      directory: 'it',
      sourceId: '9003',
      rulesVersion: 1,
      override: null,
      review: null,
    });
    expect(item?.cause.mappingVersion).to.match(SHA);
  });

  it('lists people by activity and reason, in pages', async () => {
    const ids = async (...flags: string[]): Promise<string[]> => {
      const { items } = await project.json<Lists['users']>(['users', 'list', ...flags], 0);
      return items.map(({ records }) => `${records[0]?.directory ?? ''}:${records[0]?.sourceId ?? ''}`).sort();
    };
    expect(await ids()).to.deep.equal(['hr:E1001', 'hr:E1002', 'hr:E1003', 'it:9009']);
    expect(await ids('--active')).to.deep.equal(['hr:E1001', 'it:9009']);
    expect(await ids('--inactive')).to.deep.equal(['hr:E1002', 'hr:E1003']);
    expect(await ids('--reason', 'pre_hire')).to.deep.equal(['hr:E1002']);
    const first = await project.json<Lists['users']>(['users', 'list', '--limit', '3'], 0);
    expect(first.next).to.be.a('string');
    const rest = await project.json<Lists['users']>(
      ['users', 'list', '--limit', '3', '--after', String(first.next)],
      0,
    );
    expect([first.items.length, rest.items.length, rest.next]).to.deep.equal([3, 1, null]);
  });

  it('lists groups and shows who is in one', async () => {
    const list = await project.json<{ format: string; items: { displayName: string; members: number }[] }>(
      ['groups', 'list'],
      0,
    );
    expect(list.format).to.equal('rollcall.groups/1');
    expect(list.items.map(({ displayName, members }) => [displayName, members])).to.have.deep.members([
      ['vpn', 3],
      ['admins', 1],
    ]);
    const { group } = await project.json<{ group: { displayName: string; membersPage: { name: string }[] } }>(
      ['groups', 'show', 'admins'],
      0,
    );
    expect(group.membersPage.map(({ name }) => name)).to.deep.equal(['Ada Lovelace']);
  });
});
