import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SyncDocument } from '@rollcall/core';
import { expect } from 'chai';
import { onBothStores } from '../../support/stores.js';
import { crowd, ListProject, person } from './list-project.js';
import { installRowLog, takeRowLog, type RowCounts } from './row-log.js';

const FIRST = '2026-03-09T08:00:00Z';
const SECOND = '2026-03-10T08:00:00Z';

onBothStores('what a re-derivation costs', (kind) => {
  let project: ListProject;

  beforeEach(async () => {
    project = await ListProject.create(kind);
    await project.inStore(installRowLog);
  });

  afterEach(() => project.remove());

  /** Mends the mapping after a first sync and derives everybody again. */
  async function mend(from: string, to: string): Promise<{ rows: RowCounts; done: SyncDocument }> {
    await project.apply(FIRST);
    await project.sync(FIRST);
    const file = path.join(project.folder, 'mappings/list.yaml');
    const text = await readFile(file, 'utf8');
    expect(text).to.include(from);
    await writeFile(file, text.replace(from, to));
    await project.apply(SECOND);
    await project.inStore(takeRowLog);
    const done = await project.with(SECOND, async (rollcall) => (await rollcall.tenant('acme')).rederive());
    return { rows: await project.inStore(takeRowLog), done };
  }

  it('draws and writes those who change; of the others it notes that another version says the same', async () => {
    project.people = crowd(600);
    project.people[100] = person(101, { department: 'Räd' });
    const { rows, done } = await mend('department: department', `department: '$replace(department, "Räd", "R&D")'`);
    expect(done.exitCode).to.equal(0);
    expect(done.runs[0]?.changes.users.updated).to.equal(1);
    expect(rows).to.include({ 'claims UPDATE': 600, 'user UPDATE': 1, 'change INSERT': 1, 'event INSERT': 1 });
    const versions = await project.inStore((store) =>
      store.read((sql) => sql('claims').distinct<{ mapping_version: string }[]>('mapping_version')),
    );
    expect(versions).to.have.length(1);
  });

  it('counts those whom it did not draw: a few new unknowns among many are no broken mapping', async () => {
    project.people = crowd(600);
    for (let n = 0; n < 25; n++) project.people[n] = person(n + 1, { department: 'X' });
    const { done } = await mend(
      'department: department',
      `department: 'department = "X" ? $number(department) : department'`,
    );
    expect(done.runs[0]?.error).to.equal(null);
    expect(done.runs[0]?.records.quarantined).to.equal(25);
  });
});
