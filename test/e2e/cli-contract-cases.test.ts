import type { SyncDocument } from '@rollcall/core';
import { expect } from 'chai';
import {
  eventsAfter,
  everybody,
  lastSequence,
  NO_CHANGES,
  runOf,
  syncNextDay,
  userOf,
  type Lists,
} from './cli-documents.js';
import {
  hrFile,
  itFile,
  NEXT_DAY,
  nextHr,
  nextIt,
  removesProjects,
  syncedProject,
  type Layout,
  type TestProject,
} from './support.js';

/** Events of one type after the fixture's. */
async function eventsOf(project: TestProject, after: number, type: string): Promise<number> {
  return (await eventsAfter(project, after)).filter((event) => event.type === type).length;
}

describe('e2e/cli-contract: a newer file, one day later', () => {
  removesProjects();
  let project: TestProject;
  let sequence: number;
  beforeEach(async () => {
    project = await syncedProject();
    sequence = await lastSequence(project);
  });

  it('doubts an HR file with the header only, and nobody leaves', async () => {
    const before = await everybody(project);
    await nextHr(project, hrFile({ E1001: null, E1002: null, E1003: null }));
    const run = runOf(await syncNextDay(project, 3), 'hr');
    expect(run.outcome).to.equal('partial');
    expect(run.doubts[0]).to.deep.include({ doubt: 'empty', before: 3, now: 0 });
    expect(await everybody(project)).to.deep.equal(before);
    const again = await syncNextDay(project, 3);
    expect(runOf(again, 'hr').outcome).to.equal('partial');
  });

  it('makes E1001 inactive when her row is gone, keeps her name, and lets IT speak', async () => {
    await nextHr(project, hrFile({ E1001: null }));
    await syncNextDay(project, 0);
    const ada = await userOf(project, 'it:9001');
    expect(ada.active).to.equal(false);
    expect(ada.inactive?.reason).to.equal('absent');
    expect(ada.attributes).to.deep.include({
      name: { givenName: 'Ada', familyName: 'Lovelace' },
      department: 'Platform',
    });
    const { items } = await project.json<Lists['conflicts']>(['conflicts', 'list', '--all'], 0, { now: NEXT_DAY });
    const hers = items.filter(({ user }) => user === ada.id).map(({ attribute, status }) => `${attribute} ${status}`);
    expect(hers).to.have.members(['department closed', 'active open']);
    expect((await userOf(project, 'it:9009')).active).to.equal(true);
  });

  it('reactivates the same E1003 when HR says Active again', async () => {
    const { id } = await userOf(project, 'hr:E1003');
    await nextHr(project, hrFile({ E1003: { status: 'Active', termination_date: '' } }));
    await syncNextDay(project, 0);
    const alan = await userOf(project, 'hr:E1003');
    expect(alan).to.deep.include({ id, active: true, inactive: null, openConflicts: [] });
    expect(await eventsOf(project, sequence, 'user.reactivated')).to.equal(1);
    expect(await eventsOf(project, sequence, 'conflict.closed')).to.equal(1);
  });

  it('keeps E1001 active when her status is a word that the table lacks', async () => {
    await nextHr(project, hrFile({ E1001: { status: 'Probation' } }));
    await syncNextDay(project, 4);
    const ada = await userOf(project, 'hr:E1001');
    expect(ada.active).to.equal(true);
    expect(ada.unknown).to.include.members(['active', 'employment.status']);
    const opened = (await eventsAfter(project, sequence)).filter(({ type }) => type === 'review.opened');
    expect(opened).to.have.length(1);
    expect(opened[0]?.data).to.deep.include({ kind: 'unknownStatus', status: 'open' });
  });

  it('follows carol through another login and e-mail', async () => {
    const { id } = await userOf(project, 'it:9009');
    await nextIt(project, itFile({ 9009: { login: 'carol2', email: 'carol2@agency.example' } }));
    await syncNextDay(project, 0);
    const carol = await userOf(project, 'userName=carol2');
    expect(carol.id).to.equal(id);
    expect(await eventsOf(project, sequence, 'user.updated')).to.equal(1);
    expect(await eventsAfter(project, sequence)).to.have.length(1);
  });

  const reversed = <Item>(items: Item[]): Item[] => [...items].reverse();
  const orders: [string, Layout][] = [
    ['rows in another order', { rows: reversed }],
    ['columns in another order', { columns: reversed }],
  ];
  for (const [order, layout] of orders) {
    it(`sees no change in ${order}`, async () => {
      const before = await everybody(project);
      await nextHr(project, hrFile({}, layout));
      await nextIt(project, itFile({}, layout));
      const document = await syncNextDay(project, 0);
      for (const directory of ['hr', 'it']) {
        const run = runOf(document, directory);
        expect(run.changes, directory).to.deep.equal(NO_CHANGES);
        expect(run.events, directory).to.equal(null);
        expect(run.source[0]?.alreadyAccepted, directory).to.equal(false);
      }
      expect(await everybody(project)).to.deep.equal(before);
    });
  }

  it('keeps what it knew when the column status is gone', async () => {
    const before = await everybody(project);
    await nextHr(project, hrFile({}, { columns: (columns) => columns.filter((column) => column !== 'status') }));
    const run = runOf(await syncNextDay(project, 3), 'hr');
    expect(run.outcome).to.equal('partial');
    expect(run.doubts[0]?.doubt).to.equal('columnVanished');
    expect(run.doubts[0]?.attributes).to.include.members(['active', 'employment.status']);
    const after = await everybody(project);
    expect(after.map(({ attributes, active }) => [attributes, active])).to.deep.equal(
      before.map(({ attributes, active }) => [attributes, active]),
    );
    expect((await userOf(project, 'hr:E1001')).unknown).to.include.members(['active', 'employment.status']);
  });

  const latin1 = Buffer.from(hrFile({ E1001: { last_name: 'Lövelace' } }), 'latin1');
  const rejected: [string, string, string | Uint8Array][] = [
    [
      'without the column employee_id',
      'RC_FILE_SOURCE_ID_MISSING',
      hrFile({}, { columns: (columns) => columns.slice(1) }),
    ],
    [
      'with a header twice',
      'RC_FILE_HEADER_DUPLICATE',
      hrFile({}, { columns: (columns) => [...columns, 'department'] }),
    ],
    ['with Latin-1 bytes', 'RC_FILE_ENCODING', latin1],
    ['with a quote that is never closed', 'RC_FILE_TRUNCATED', hrFile({ E1002: { first_name: '"Grace' } })],
  ];
  for (const [what, code, content] of rejected) {
    it(`rejects a file ${what}, and nobody changes`, async () => {
      const before = await everybody(project);
      await nextHr(project, content);
      const run = runOf(await syncNextDay(project, 1), 'hr');
      expect(run.outcome).to.equal('failed');
      expect(run.error).to.deep.include({ code });
      expect(run.error?.where.file).to.contain('hr-2026-03-10.csv');
      expect(run.error?.mend).to.not.equal('');
      expect(await everybody(project)).to.deep.equal(before);
      expect(await lastSequence(project)).to.equal(sequence);
    });
  }

  it('acts on a termination beside a date that cannot be read', async () => {
    await nextHr(project, hrFile({ E1001: { hire_date: 'soon', status: 'Terminated' } }));
    const run = runOf(await syncNextDay(project, 4), 'hr');
    expect(run.records.quarantined).to.equal(1);
    const ada = await userOf(project, 'hr:E1001');
    expect(ada.active).to.equal(false);
    expect(ada.inactive?.reason).to.equal('terminated');
    expect(ada.unknown).to.deep.equal(['employment.startDate']);
    expect(ada.attributes.employment).to.deep.include({ startDate: '2020-01-06', status: 'terminated' });
  });

  it('takes neither of two differing rows of E1001', async () => {
    const before = await userOf(project, 'hr:E1001');
    const twin = 'E1001;Ada;Lovelace;ada@acme.example;Finance;Terminated;2020-01-06;2026-03-09\n';
    await nextHr(project, hrFile() + twin);
    const run = runOf(await syncNextDay(project, 4), 'hr');
    expect(run.records.quarantined).to.be.greaterThan(0);
    const after = await userOf(project, 'hr:E1001');
    expect([after.active, after.attributes, after.version]).to.deep.equal([
      before.active,
      before.attributes,
      before.version,
    ]);
  });

  it('warns of files that were changed after they were applied, and does not act on them', async () => {
    await project.edit('mappings/hr.yaml', (text) =>
      text.replace('department: department', 'department: $uppercase(department)'),
    );
    const document = await project.json<SyncDocument>(['sync', '--full'], 0, { now: NEXT_DAY });
    expect(document.warnings.map(({ code }) => code)).to.deep.equal(['RC_NOT_APPLIED']);
    expect((await userOf(project, 'hr:E1001')).attributes.department).to.equal('Engineering');
  });
});
