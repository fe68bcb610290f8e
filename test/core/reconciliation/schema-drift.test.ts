import { expect } from 'chai';
import type { FindingDocument } from '@rollcall/core';
import { Store } from '#core/store/store.js';
import { FIRST_DAY, HR_HEADER, NEXT_DAY, TestProject } from '../../support/project.js';
import { onBothStores } from '../../support/stores.js';

const THIRD_DAY = '2026-03-11T08:00:00Z';

/** So many people of two departments. */
function crowd(change: (n: number) => { department?: string; email?: string } = () => ({})): string[] {
  return Array.from({ length: 120 }, (_, n) => {
    const { department = n % 2 === 0 ? 'Sales' : 'Research', email = `p${n}@acme.example` } = change(n);
    return `P${1000 + n};First${n};Last${n};${email};${department};Active;2020-01-01;`;
  });
}

onBothStores('drift of a schema', (kind) => {
  let project: TestProject;

  beforeEach(async () => {
    project = await TestProject.create(kind);
    await project.apply(FIRST_DAY);
  });

  afterEach(() => project.remove());

  async function findings(now: string, all = false): Promise<FindingDocument[]> {
    return (await project.at(now, (door) => door.findings({ all }))).items;
  }

  const shown = (list: readonly FindingDocument[]): unknown[] =>
    list.map(({ name, subject, detail }) => [name, subject, detail]);

  it('shows unseen values of a list of choices and a presence that fell, and writes nothing when read again', async () => {
    await project.hr('2026-03-09', crowd());
    await project.sync(FIRST_DAY, { directories: ['hr'] });
    expect(await findings(FIRST_DAY)).to.deep.equal([]);
    await project.hr(
      '2026-03-10',
      crowd((n) => (n < 30 ? { department: 'Mars', email: '' } : {})),
    );
    await project.sync(NEXT_DAY, { directories: ['hr'] });
    const found = await findings(NEXT_DAY);
    expect(shown(found)).to.deep.equal([
      [
        'schemaDrift',
        'hr/user/department',
        { what: 'unseenValue', known: 2, unseen: 1, records: 30, values: ['Mars'] },
      ],
      ['schemaDrift', 'hr/user/work_email', { what: 'presence', before: 100, now: 0, records: 30 }],
    ]);
    expect(found.map((finding) => [finding.firstAt, finding.lastAt, finding.count, finding.closedAt])).to.deep.equal(
      found.map(() => [NEXT_DAY, NEXT_DAY, 1, null]),
    );
    await project.sync(THIRD_DAY, { directories: ['hr'], full: true });
    expect(await findings(THIRD_DAY)).to.deep.equal(found);
  });

  it('keeps no value of personal fields', async () => {
    await project.hr('2026-03-09', crowd());
    await project.sync(FIRST_DAY, { directories: ['hr'] });
    const store = new Store(project.store.configuration);
    try {
      const rows = await store.read((sql) =>
        sql('field_stat').orderBy('field').select<{ field: string; present: number; samples: string }[]>(),
      );
      expect(rows.filter((row) => row.samples !== 'null').map((row) => [row.field, row.samples])).to.deep.equal([
        ['department', '["Research","Sales"]'],
        ['status', '["Active"]'],
      ]);
    } finally {
      await store.close();
    }
  });

  it('shows columns that appear and vanish, until they are back', async () => {
    const withColumn = (rows: readonly string[], value: string): string[] => rows.map((row) => `${row};${value}`);
    await project.hr('2026-03-09', withColumn(crowd(), '3'), `${HR_HEADER};floor`);
    await project.sync(FIRST_DAY, { directories: ['hr'] });
    await project.hr('2026-03-10', withColumn(crowd(), 'D7'), `${HR_HEADER};desk`);
    await project.sync(NEXT_DAY, { directories: ['hr'] });
    const vanished = ['schemaDrift', 'hr/user/floor', { what: 'vanished' }];
    expect(shown(await findings(NEXT_DAY))).to.deep.equal([
      ['schemaDrift', 'hr/user/desk', { what: 'appeared' }],
      vanished,
    ]);
    await project.hr(
      '2026-03-11',
      withColumn(
        crowd(() => ({ department: 'Sales' })),
        'D7',
      ),
      `${HR_HEADER};desk`,
    );
    await project.sync(THIRD_DAY, { directories: ['hr'] });
    expect(shown(await findings(THIRD_DAY))).to.deep.equal([vanished]);
    await project.hr('2026-03-12', withColumn(crowd(), '3'), `${HR_HEADER};floor`);
    await project.sync('2026-03-12T08:00:00Z', { directories: ['hr'] });
    const open = await findings('2026-03-12T08:00:00Z');
    expect(shown(open)).to.deep.equal([['schemaDrift', 'hr/user/desk', { what: 'vanished' }]]);
    expect(open[0]?.count).to.equal(2);
    expect(await findings('2026-03-12T08:00:00Z', true)).to.have.length(2);
  });

  it('says nothing of few changes', async () => {
    await project.hr('2026-03-09', crowd());
    await project.sync(FIRST_DAY, { directories: ['hr'] });
    await project.hr(
      '2026-03-10',
      crowd((n) => (n < 19 ? { department: 'Mars', email: '' } : {})),
    );
    await project.sync(NEXT_DAY, { directories: ['hr'] });
    expect(await findings(NEXT_DAY)).to.deep.equal([]);
  });
});
