import { expect } from 'chai';
import { makeProject, openConnector, type TestProject } from './csv-directory.js';

const signal = new AbortController().signal;

describe('plugins/csv/check', () => {
  let project: TestProject;

  beforeEach(() => {
    project = makeProject();
  });

  afterEach(() => {
    project.remove();
  });

  it('goes step by step and shows ten records', async () => {
    const rows = Array.from({ length: 25 }, (_, index) => `E${index};Ada`);
    project.deliver('a.csv', `id;name\n${rows.join('\n')}\n`);
    const { steps, sample } = await openConnector(project).connector.check(signal);
    expect(steps.map(({ name, ok }) => [name, ok])).to.deep.equal([
      ['reach and log in', true],
      ['list the folder', true],
      ['choose the file of kind user', true],
      ['read a.csv', true],
      ['header of a.csv', true],
      ['sample of a.csv', true],
    ]);
    expect(steps[4]?.message).to.equal('2 columns (id, name), delimiter ;, utf-8.');
    expect(sample).to.have.length(10);
    expect(sample[9]).to.deep.equal({ kind: 'user', raw: { id: 'E9', name: 'Ada' } });
  });

  it('looks at each kind', async () => {
    project.deliver('u.csv', 'id,name\nE1,Ada\n');
    project.deliver('g.csv', 'id,name\nG1,Research\n');
    const { connector } = openConnector(project, { files: { user: 'u*', group: 'g*' } });
    expect((await connector.check(signal)).sample.map(({ kind, raw }) => [kind, raw.id])).to.deep.equal([
      ['user', 'E1'],
      ['group', 'G1'],
    ]);
  });

  it('ends with the step that fails, and says how to mend it', async () => {
    const { steps, sample } = await openConnector(project).connector.check(signal);
    expect(steps.map(({ ok }) => ok)).to.deep.equal([true, true, false]);
    expect(steps[2]).to.include({ code: 'RC_FILE_MISSING' });
    expect(steps[2]?.mend).to.match(/^Put a file there/);
    expect(sample).to.deep.equal([]);
  });

  it('tells what is wrong with the file', async () => {
    project.deliver('a.csv', 'id,id\nE1,Ada\n');
    const { steps } = await openConnector(project).connector.check(signal);
    expect(steps.at(-1)).to.include({ ok: false, code: 'RC_FILE_HEADER_DUPLICATE' });
  });
});
