import { expect } from 'chai';
import { HR_HEADER, HR_ROWS, IT_ROWS, NEXT_DAY, TestProject } from '../../support/project.js';
import { onBothStores } from '../../support/stores.js';

const [ADA = '', GRACE = '', ALAN = ''] = HR_ROWS;
const DAY = '2026-03-10';

onBothStores('the cases of the contract', (kind) => {
  let project: TestProject;

  beforeEach(async () => {
    project = await TestProject.create(kind);
    await project.settle();
  });

  afterEach(() => project.remove());

  it('counts the fixture as the contract does', async () => {
    const events = await project.at(NEXT_DAY, (door) => door.events());
    expect(events.items.map((event) => event.sequence)).to.deep.equal([...Array(14).keys()].map((n) => n + 1));
  });

  it('writes nothing when everything is read again', async () => {
    const again = await project.sync(NEXT_DAY, { full: true });
    for (const run of again.runs) {
      expect(run.records.same).to.equal(3);
      expect(Object.values(run.changes.users).every((count) => count === 0)).to.equal(true);
      expect(run.rowsWritten).to.deep.equal({ records: 0, payloads: 0, users: 0, changes: 0, events: 0 });
      expect(run.events).to.equal(null);
    }
    expect(again.exitCode).to.equal(0);
  });

  it('reads nothing of a file that was accepted', async () => {
    const again = await project.sync(NEXT_DAY);
    expect(again.exitCode).to.equal(0);
    expect(again.runs.map((run) => [run.source[0]?.alreadyAccepted, run.records.read])).to.deep.equal([
      [true, 0],
      [true, 0],
    ]);
  });

  it('activates who starts, on the day', async () => {
    const sync = await project.sync('2026-03-16T08:00:00Z');
    expect(sync.due.users).to.equal(1);
    expect(sync.due.changes.users.activated).to.equal(1);
    const events = await project.at('2026-03-16T08:00:00Z', (door) => door.events({ after: 14 }));
    expect(events.items.map((event) => event.type)).to.deep.equal(['user.activated']);
  });

  it('doubts a file with the header only: nobody leaves', async () => {
    const before = await project.at(NEXT_DAY, (door) => door.users.list({ active: true }));
    await project.hr(DAY, []);
    const sync = await project.sync(NEXT_DAY);
    expect(sync.exitCode).to.equal(3);
    expect(sync.runs[0]?.outcome).to.equal('partial');
    expect(sync.runs[0]?.doubts[0]?.doubt).to.equal('empty');
    const again = await project.sync(NEXT_DAY);
    expect(again.exitCode).to.equal(3);
    expect(again.runs[0]?.events).to.equal(null);
    const after = await project.at(NEXT_DAY, (door) => door.users.list({ active: true }));
    expect(after.items.map((user) => user.id)).to.deep.equal(before.items.map((user) => user.id));
    const reviews = await project.at(NEXT_DAY, (door) => door.reviews());
    expect(reviews.items.map((review) => review.kind)).to.deep.equal(['doubt']);
  });

  it('deactivates who is not there any more, and keeps what is known of them', async () => {
    await project.hr(DAY, [GRACE, ALAN]);
    const sync = await project.sync(NEXT_DAY);
    expect(sync.exitCode).to.equal(0);
    expect(sync.runs[0]?.records.absent).to.equal(1);
    expect(sync.runs[0]?.conflicts).to.deep.equal({ opened: 1, closed: 1 });
    await project.at(NEXT_DAY, async (door) => {
      const ada = await door.users.show('hr:E1001');
      expect([ada.active, ada.inactive?.reason]).to.deep.equal([false, 'absent']);
      expect(ada.attributes.name).to.deep.equal({ givenName: 'Ada', familyName: 'Lovelace' });
      expect(ada.attributes.department).to.equal('Platform');
      expect((await door.users.show('it:9009')).active).to.equal(true);
      const open = await door.conflicts();
      expect(open.items.map((conflict) => conflict.attribute)).to.deep.equal(['active', 'active']);
    });
  });

  it('reactivates the same user', async () => {
    const before = await project.at(NEXT_DAY, (door) => door.users.show('hr:E1003'));
    await project.hr(DAY, [ADA, GRACE, 'E1003;Alan;Turing;alan@acme.example;Research;Active;2019-05-01;']);
    const sync = await project.sync(NEXT_DAY);
    expect(sync.exitCode).to.equal(0);
    expect(sync.runs[0]?.changes.users.reactivated, JSON.stringify(sync.runs[0])).to.equal(1);
    expect(sync.runs[0]?.conflicts.closed).to.equal(1);
    const after = await project.at(NEXT_DAY, (door) => door.users.show('hr:E1003'));
    expect([after.id, after.active]).to.deep.equal([before.id, true]);
  });

  it('keeps who has a status that nobody knows', async () => {
    await project.hr(DAY, [ADA.replace('Active', 'Probation'), GRACE, ALAN]);
    const sync = await project.sync(NEXT_DAY);
    expect(sync.exitCode).to.equal(4);
    await project.at(NEXT_DAY, async (door) => {
      const ada = await door.users.show('hr:E1001');
      expect(ada.active).to.equal(true);
      expect(ada.unknown).to.deep.equal(['active', 'employment.status']);
      const reviews = await door.reviews();
      expect(reviews.items.map((review) => review.kind)).to.deep.equal(['unknownStatus']);
      const quarantine = await door.quarantine();
      expect(quarantine.items.map((item) => [item.attribute, item.code, item.record.line])).to.deep.equal([
        ['active', 'RC_MAPPING_TABLE_MISS', 2],
        ['employment.status', 'RC_MAPPING_TABLE_MISS', 2],
      ]);
    });
    await project.hr('2026-03-11', HR_ROWS);
    const mended = await project.sync('2026-03-11T08:00:00Z');
    expect(mended.exitCode).to.equal(0);
    await project.at('2026-03-11T08:00:00Z', async (door) => {
      expect((await door.users.show('hr:E1001')).unknown).to.deep.equal([]);
      expect((await door.reviews()).items).to.deep.equal([]);
      expect((await door.quarantine()).items).to.deep.equal([]);
    });
  });

  it('follows a changed login and e-mail', async () => {
    const before = await project.at(NEXT_DAY, (door) => door.users.show('it:9009'));
    await project.it(DAY, [...IT_ROWS.slice(0, 2), '9009,,caroline,caroline@agency.example,true,,vpn']);
    const sync = await project.sync(NEXT_DAY);
    expect(sync.exitCode).to.equal(0);
    expect(sync.runs[1]?.changes.users.updated).to.equal(1);
    const after = await project.at(NEXT_DAY, (door) => door.users.show('userName=caroline'));
    expect(after.id).to.equal(before.id);
  });

  it('does not care for the order of rows', async () => {
    await project.hr(DAY, [...HR_ROWS].reverse());
    const sync = await project.sync(NEXT_DAY);
    expect([sync.exitCode, sync.runs[0]?.events]).to.deep.equal([0, null]);
  });

  it('does not care for the order of columns', async () => {
    const reverse = (row: string): string => row.split(';').reverse().join(';');
    await project.hr(DAY, HR_ROWS.map(reverse), reverse(HR_HEADER));
    const sync = await project.sync(NEXT_DAY);
    expect([sync.exitCode, sync.runs[0]?.events]).to.deep.equal([0, null]);
  });

  it('keeps what a vanished column said', async () => {
    const without = (row: string): string =>
      row
        .split(';')
        .filter((_, n) => n !== 5)
        .join(';');
    const before = await project.at(NEXT_DAY, (door) => door.users.list());
    await project.hr(DAY, HR_ROWS.map(without), without(HR_HEADER));
    const sync = await project.sync(NEXT_DAY);
    expect(sync.exitCode).to.equal(3);
    expect(sync.runs[0]?.doubts[0]).to.deep.equal({
      doubt: 'columnVanished',
      before: 3,
      now: 3,
      attributes: ['active', 'employment.status'],
    });
    const after = await project.at(NEXT_DAY, (door) => door.users.list());
    expect(after.items.map((user) => [user.active, user.attributes])).to.deep.equal(
      before.items.map((user) => [user.active, user.attributes]),
    );
    const ada = await project.at(NEXT_DAY, (door) => door.users.show('hr:E1001'));
    expect(ada.unknown).to.deep.equal(['active', 'employment.status']);
    expect((await project.sync(NEXT_DAY)).exitCode).to.equal(3);
    await project.hr('2026-03-11', HR_ROWS);
    expect((await project.sync('2026-03-11T08:00:00Z')).exitCode).to.equal(0);
  });

  const rejected: readonly [string, string, () => Promise<void>][] = [
    [
      'a file without the id column',
      'RC_FILE_SOURCE_ID_MISSING',
      () => project.hr(DAY, HR_ROWS, HR_HEADER.replace('employee_id', 'personnel_no')),
    ],
    [
      'a doubled header',
      'RC_FILE_HEADER_DUPLICATE',
      () => project.hr(DAY, HR_ROWS, HR_HEADER.replace('first_name', 'last_name')),
    ],
    [
      'Latin-1 bytes',
      'RC_FILE_ENCODING',
      () =>
        project.write(
          `inbox/hr/hr-${DAY}.csv`,
          Buffer.from(
            `${HR_HEADER}\nE1001;Ren\u00e9e;Lovelace;ada@acme.example;Engineering;Active;2020-01-06;\n`,
            'latin1',
          ),
        ),
    ],
    [
      'a quote that is never closed',
      'RC_FILE_TRUNCATED',
      () => project.hr(DAY, [ADA, 'E1002;"Grace;Hopper;;Research;Future;2026-03-16;']),
    ],
  ];
  for (const [what, code, write] of rejected) {
    it(`rejects ${what}: nobody changes`, async () => {
      const before = await project.at(NEXT_DAY, (door) => door.users.list());
      await write();
      const sync = await project.sync(NEXT_DAY);
      expect([sync.exitCode, sync.runs[0]?.outcome, sync.runs[0]?.error?.code]).to.deep.equal([1, 'failed', code]);
      expect(sync.runs[0]?.error?.mend).to.be.a('string').and.not.equal('');
      expect(sync.runs[0]?.error?.where.file).to.contain(`hr-${DAY}.csv`);
      const after = await project.at(NEXT_DAY, (door) => door.users.list());
      expect(after).to.deep.equal(before);
    });
  }

  it('terminates in spite of a bad date beside it', async () => {
    await project.hr(DAY, [ADA.replace('Active', 'Terminated').replace('2020-01-06', 'soon'), GRACE, ALAN]);
    const sync = await project.sync(NEXT_DAY);
    expect(sync.exitCode).to.equal(4);
    await project.at(NEXT_DAY, async (door) => {
      const ada = await door.users.show('hr:E1001');
      expect([ada.active, ada.inactive?.reason]).to.deep.equal([false, 'terminated']);
      expect(ada.attributes.employment).to.deep.include({ startDate: '2020-01-06' });
      const [bad] = (await door.quarantine()).items;
      expect([bad?.attribute, bad?.record.line, bad?.lastGoodKept, bad?.code]).to.deep.equal([
        'employment.startDate',
        2,
        true,
        'RC_CLAIM_INVALID',
      ]);
    });
  });

  it('believes neither of two rows of one id', async () => {
    const before = await project.at(NEXT_DAY, (door) => door.users.show('hr:E1001'));
    await project.hr(DAY, [ADA.replace('Engineering', 'Sales'), GRACE, ALAN, ADA.replace('Engineering', 'Legal')]);
    const sync = await project.sync(NEXT_DAY);
    expect(sync.exitCode).to.equal(4);
    await project.at(NEXT_DAY, async (door) => {
      expect(await door.users.show('hr:E1001')).to.deep.equal(before);
      const items = (await door.quarantine()).items;
      expect(items.map((item) => [item.sourceId, item.attribute, item.record.line])).to.deep.equal([
        ['E1001', null, 2],
        ['E1001', null, 5],
      ]);
    });
    await project.hr('2026-03-11', HR_ROWS);
    expect((await project.sync('2026-03-11T08:00:00Z')).exitCode).to.equal(0);
  });
});
