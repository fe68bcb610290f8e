import { mkdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { catalogueOf, CompiledEvaluator, parseCases, parseMapping } from '@rollcall/core';
import { HR_ROWS, IT_HEADER, IT_ROWS, NEXT_DAY, TestProject } from '../../support/project.js';
import { onBothStores } from '../../support/stores.js';

const [, GRACE = '', ALAN = ''] = HR_ROWS;
const DAY = '2026-03-10';

/** What users of other products reported, and what must happen here. */
onBothStores('what hurts in the field', (kind) => {
  let project: TestProject;

  beforeEach(async () => {
    project = await TestProject.create(kind);
    await project.settle();
  });

  afterEach(() => project.remove());

  const activeIds = (): Promise<string[]> =>
    project.at(NEXT_DAY, async (door) => (await door.users.list({ active: true })).items.map((user) => user.id));

  it('row 9: a changed filter proves nothing; nobody is deleted', async () => {
    const before = await activeIds();
    await project.change('tenants/acme.yaml', "'hr-*.csv'", "'staff-*.csv'");
    await project.write(
      'inbox/hr/staff-2026-03-10.csv',
      `${(await project.read('inbox/hr/hr-2026-03-09.csv')).split('\n')[0] ?? ''}\n${GRACE}\n`,
    );
    await project.apply(NEXT_DAY);
    const sync = await project.sync(NEXT_DAY);
    const hr = sync.runs.find((run) => run.directory === 'hr');
    expect([sync.exitCode, hr?.outcome]).to.deep.equal([3, 'partial']);
    expect(hr?.doubts.map((doubt) => doubt.doubt)).to.include('scopeChanged');
    expect(await activeIds()).to.deep.equal(before);
  });

  it('row 11: an answer with part of the groups is held', async () => {
    const many = Array.from({ length: 12 }, (_, n) => `${8000 + n},,m${n},m${n}@acme.example,true,,vpn|admins`);
    await project.it('2026-03-10', [...IT_ROWS, ...many]);
    await project.sync(NEXT_DAY);
    await project.it('2026-03-11', [...IT_ROWS, ...many.map((row) => row.replace('vpn|admins', 'vpn'))]);
    const sync = await project.sync('2026-03-11T08:00:00Z');
    expect(sync.exitCode).to.equal(3);
    expect(sync.runs[1]?.held[0]).to.include({ guard: 'privilegedRemovals', count: 12 });
    expect(sync.runs[1]?.changes.memberships.removed).to.equal(0);
    const admins = await project.at('2026-03-11T08:00:00Z', (door) => door.groups.show('admins'));
    expect(admins.members).to.equal(13);
  });

  it('row 15: a source that is empty or down disables nobody, and says what is wrong', async () => {
    const before = await activeIds();
    await project.hr(DAY, []);
    expect((await project.sync(NEXT_DAY)).runs[0]?.doubts[0]?.doubt).to.equal('empty');
    await rename(path.join(project.folder, 'inbox/hr'), path.join(project.folder, 'inbox/gone'));
    const down = await project.sync(NEXT_DAY);
    expect([down.exitCode, down.runs[0]?.outcome, down.runs[0]?.error?.code]).to.deep.equal([
      69,
      'failed',
      'RC_SOURCE_UNAVAILABLE',
    ]);
    expect(down.runs[0]?.error?.mend).to.be.a('string').and.not.equal('');
    expect(await activeIds()).to.deep.equal(before);
  });

  it('row 16: who is removed is counted, inactive with a reason, and named', async () => {
    await project.hr(DAY, [GRACE, ALAN]);
    const sync = await project.sync(NEXT_DAY);
    expect([sync.runs[0]?.records.absent, sync.runs[0]?.changes.users.deactivated]).to.deep.equal([1, 1]);
    await project.at(NEXT_DAY, async (door) => {
      const gone = await door.users.list({ active: false, reason: 'absent' });
      expect(gone.items.map((user) => user.attributes.employeeNumber)).to.deep.equal(['E1001']);
      const named = (await door.events({ after: 14, type: 'user.deactivated' })).items;
      expect(named.map((event) => event.subject.id)).to.deep.equal(gone.items.map((user) => user.id));
    });
  });

  it('row 17: a source removes only what it brought', async () => {
    await project.change('tenants/acme.yaml', 'groups: { from: [it] }', 'groups: { from: [it, idp] }');
    await project.change(
      'tenants/acme.yaml',
      '\nrules:',
      "\n  idp:\n    connector: csv\n    mode: live\n    settings: { from: { folder: inbox/idp }, files: { user: 'idp-*.csv' } }\n    mappings: { user: mappings/it.yaml }\nrules:",
    );
    await mkdir(path.join(project.folder, 'inbox/idp'));
    await project.write('inbox/idp/idp-1.csv', `${IT_HEADER}\n77,E1001,ada,ada@acme.example,true,,wiki\n`);
    await project.apply(NEXT_DAY);
    await project.sync(NEXT_DAY);
    await project.write('inbox/idp/idp-2.csv', `${IT_HEADER}\n77,E1001,ada,ada@acme.example,true,,\n`);
    await project.sync('2026-03-11T08:00:00Z');
    const ada = await project.at('2026-03-11T08:00:00Z', (door) => door.users.show('hr:E1001'));
    expect(ada.groups.map((group) => `${group.directory}/${group.displayName}`).sort()).to.deep.equal([
      'it/admins',
      'it/vpn',
    ]);
  });

  it('row 18: who comes back under a new id with the same address is recognised or reviewed, never refused', async () => {
    await project.it(DAY, [IT_ROWS[0] ?? '', IT_ROWS[1] ?? '', '9100,,carol,carol@agency.example,true,,vpn']);
    const sync = await project.sync(NEXT_DAY);
    expect(sync.exitCode).to.equal(0);
    await project.at(NEXT_DAY, async (door) => {
      expect((await door.users.show('it:9100')).active).to.equal(true);
      const reviews = (await door.reviews()).items;
      expect(reviews.map((review) => review.kind)).to.deep.equal(['correlation']);
      const before = await door.users.show('it:9009');
      await door.reviewDecide(reviews[0]?.id ?? '', 'approve', 'the same Carol', 'ops');
      expect((await door.users.show('it:9100')).id).to.equal(before.id);
    });
  });

  it('row 24: a record that stops appearing is tombstoned by a complete read, and kept', async () => {
    await project.it(DAY, [IT_ROWS[0] ?? '', IT_ROWS[1] ?? '']);
    await project.sync(NEXT_DAY);
    const carol = await project.at(NEXT_DAY, (door) => door.users.show('it:9009'));
    expect([carol.active, carol.inactive?.reason, carol.records[0]?.present]).to.deep.equal([false, 'absent', false]);
    expect(carol.attributes.userName).to.equal('carol');
  });
});

describe('what hurts in the field, in the mappings', () => {
  it('row 25: the cases of every mapping show every date that it reads', async () => {
    const catalogue = catalogueOf();
    for (const name of ['hr-csv', 'it-export-csv']) {
      const folder = path.join(import.meta.dirname, '../../../../mappings', name);
      const text = await readFile(path.join(folder, 'user.yaml'), 'utf8');
      const mapping = parseMapping(text, {
        file: `${name}/user.yaml`,
        evaluator: new CompiledEvaluator(),
        catalogue,
        hash: (value) => value.slice(0, 8),
      });
      const cases = JSON.stringify(
        parseCases(await readFile(path.join(folder, 'user.test.yaml'), 'utf8'), { file: name }),
      );
      const dates = [...mapping.attributes.keys()].filter((attribute) => attribute.endsWith('Date'));
      for (const date of dates)
        expect(cases, `${name}: no case for ${date}`).to.match(
          new RegExp(`${date.split('.')[1] ?? date}[^,}]*\\d{4}-\\d{2}-\\d{2}`),
        );
    }
  });
});
