import { expect } from 'chai';
import { migrate } from '#core/store/migrate.js';
import { Store } from '#core/store/store.js';
import { rawRows } from '#core/store/table.js';
import { HR_HEADER, HR_ROWS, IT_ROWS, TestProject } from '../../support/project.js';
import { onBothStores } from '../../support/stores.js';
import { Chance } from '../../kill/chance.js';
import { KEPT, withoutDeletes } from './no-deletes.js';
import { Company } from './company.js';

const at = (day: number): string => `2026-03-${String(9 + day).padStart(2, '0')}T08:00:00Z`;
const date = (day: number): string => at(day).slice(0, 10);
const [ADA = '', GRACE = '', ALAN = ''] = HR_ROWS;

onBothStores('nobody is deleted', (kind) => {
  let project: TestProject;

  beforeEach(async () => {
    project = await TestProject.create(withoutDeletes(kind));
    await project.settle();
  });

  afterEach(() => project.remove());

  const inStore = async <T>(task: (store: Store) => Promise<T>): Promise<T> => {
    const store = new Store(project.store.configuration);
    try {
      return await task(store);
    } finally {
      await store.close();
    }
  };

  const counts = (): Promise<number[]> =>
    inStore((store) =>
      store.read(async (sql) => {
        const found: number[] = [];
        for (const name of KEPT) {
          const [row] = await rawRows<{ n: number | string }>(sql, `SELECT count(*) AS n FROM "${name}"`);
          found.push(Number(row?.n));
        }
        return found;
      }),
    );

  it('raises on a DELETE: the net has no hole', async () => {
    await project.hr(date(1), HR_ROWS.slice(1));
    await project.sync(at(1));
    const full = await counts();
    for (const [n, name] of KEPT.entries()) {
      if (full[n] === 0) continue;
      const refused = await inStore((store) =>
        store
          .write('sweep', (sql) => sql(name).delete())
          .then(
            () => 'deleted',
            (error: unknown) => String(error),
          ),
      );
      expect(refused, name).to.contain('Nobody is deleted');
    }
    expect(full.filter((count) => count === 0)).to.have.length(1);
    expect(await counts()).to.deep.equal(full);
  });

  const cases: readonly (readonly [what: string, write: () => Promise<unknown>, exitCode: number])[] = [
    ['a header only', () => project.hr(date(1), []), 3],
    ['somebody vanishes', () => project.hr(date(1), [GRACE, ALAN]), 0],
    [
      'somebody returns',
      () => project.hr(date(1), [ADA, GRACE, ALAN.replace('Terminated', 'Active').replace('2026-03-06', '')]),
      0,
    ],
    ['an unknown status', () => project.hr(date(1), [ADA.replace('Active', 'Probation'), GRACE, ALAN]), 4],
    [
      'a changed login',
      () => project.it(date(1), [...IT_ROWS.slice(0, 2), '9009,,caroline,caroline@agency.example,true,,vpn']),
      0,
    ],
    [
      'a group left',
      () =>
        project.it(
          date(1),
          IT_ROWS.map((row) => row.replace('vpn|admins', 'vpn')),
        ),
      0,
    ],
    ['an account gone', () => project.it(date(1), IT_ROWS.slice(0, 2)), 0],
    [
      'a column gone',
      () =>
        project.hr(
          date(1),
          HR_ROWS.map((row) => row.split(';').toSpliced(5, 1).join(';')),
          HR_HEADER.replace('status;', ''),
        ),
      3,
    ],
    ['a bad date', () => project.hr(date(1), [ADA.replace('2020-01-06', 'soon'), GRACE, ALAN]), 4],
    ['a doubled id', () => project.hr(date(1), [...HR_ROWS, ADA.replace('Engineering', 'Sales')]), 4],
    ['a row without an id', () => project.hr(date(1), [...HR_ROWS, ADA.replace('E1001', '')]), 4],
    ['a rejected file', () => project.hr(date(1), HR_ROWS, HR_HEADER.replace('first_name', 'last_name')), 1],
    [
      'a personnel number given to another',
      () => project.it(date(1), [...IT_ROWS.slice(0, 2), '9009,E1002,carol,carol@agency.example,true,,vpn']),
      0,
    ],
    [
      'a mended mapping',
      () =>
        project
          .change('mappings/hr.yaml', 'department: department', 'department: $uppercase(department)')
          .then(() => project.apply(at(1))),
      0,
    ],
    [
      'other rules',
      () =>
        project
          .change(
            'tenants/acme.yaml',
            'department: { from: [hr, it], onConflict: log }',
            'department: { from: [it, hr] }',
          )
          .then(() => project.apply(at(1))),
      0,
    ],
  ];
  for (const [what, write, exitCode] of cases) {
    it(`keeps everything through: ${what}`, async () => {
      const before = await counts();
      await write();
      expect((await project.sync(at(1))).exitCode).to.equal(exitCode);
      await project.hr(date(2), HR_ROWS);
      await project.it(date(2), IT_ROWS);
      expect((await project.sync(at(2))).exitCode).to.be.oneOf([0, 3, 4]);
      const after = await counts();
      for (const [n, name] of KEPT.entries()) expect(after[n], name).to.be.at.least(before[n] ?? 0);
    });
  }

  for (const seed of [1, 2]) {
    it(`keeps everything and numbers its events without a gap through a random fortnight, seed ${seed}`, async () => {
      const company = new Company(new Chance(seed));
      let before = await counts();
      for (let day = 1; day <= 14; day++) {
        await company.live(project, date(day));
        const sync = await project.sync(at(day));
        expect(
          sync.runs.map((run) => run.error),
          `day ${day}`,
        ).to.deep.equal([null, null]);
        await company.decide(project, at(day));
        const after = await counts();
        for (const [n, name] of KEPT.entries()) expect(after[n], `day ${day}, ${name}`).to.be.at.least(before[n] ?? 0);
        before = after;
      }
      const sequences = await inStore((store) =>
        store.read((sql) => rawRows<{ sequence: number }>(sql, 'SELECT sequence FROM event ORDER BY sequence')),
      );
      expect(sequences.map((row) => row.sequence)).to.deep.equal(sequences.map((_, n) => n + 1));
      expect(company.told(), 'what happened').to.include.all.keys(
        'hired',
        'left',
        'moved',
        'returned',
        'decided',
        'overridden',
      );
    });
  }

  it('migrates a store that is guarded so without a delete', async () => {
    expect(await inStore(migrate)).to.deep.equal([]);
  });
});
