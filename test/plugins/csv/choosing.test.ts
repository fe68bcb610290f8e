import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { acceptedOf, errorOf, makeProject, openConnector, readAll, type TestProject } from './csv-directory.js';

const HEADER = 'id,name\n';

describe('plugins/csv: which file is read', () => {
  let project: TestProject;

  beforeEach(() => {
    project = makeProject();
  });

  afterEach(() => {
    project.remove();
  });

  it('reads the newest by name, whatever the times of the files', async () => {
    project.deliver('hr-2026-03-10.csv', `${HEADER}E2,Bob\n`);
    project.deliver('hr-2026-03-09.csv', `${HEADER}E1,Ada\n`);
    project.deliver('it-2026-03-11.csv', `${HEADER}E3,Eve\n`);
    const { connector } = openConnector(project, { files: { user: 'hr-*.csv' } });
    const { first, ids } = await readAll(connector);
    expect(first.source?.file).to.equal('hr-2026-03-10.csv');
    expect(ids).to.deep.equal(['E2']);
  });

  it('looks at no file that is hidden, under way, a link, a folder or oddly named', async () => {
    project.deliver('a.csv', `${HEADER}E1,Ada\n`);
    for (const name of ['.z.csv', 'z.csv.part', 'z.csv.tmp', 'z.csv.FILEPART', 'z\u001b[2J.csv', 'z\n.csv']) {
      project.deliver(name, `${HEADER}E2,Bob\n`);
    }
    symlinkSync(path.join(project.inbox, 'a.csv'), path.join(project.inbox, 'z1.csv'));
    mkdirSync(path.join(project.inbox, 'z2.csv'));
    const { connector } = openConnector(project, { files: { user: '*' } });
    expect((await readAll(connector)).first.source?.file).to.equal('a.csv');
  });

  it('reads each kind from files of its own', async () => {
    project.deliver('people.csv', `${HEADER}E1,Ada\n`);
    project.deliver('teams.csv', `${HEADER}T1,Research\n`);
    const { connector } = openConnector(project, { files: { user: 'p*.csv', group: 't?ams.csv' } });
    const { pages } = await readAll(connector, { kinds: ['user', 'group'] });
    expect(pages.map(({ kind, source }) => [kind, source?.file])).to.deep.equal([
      ['user', 'people.csv'],
      ['group', 'teams.csv'],
    ]);
  });

  it('reads nothing of a kind for which the settings name no files', async () => {
    project.deliver('people.csv', `${HEADER}E1,Ada\n`);
    const { pages } = await readAll(openConnector(project).connector, { kinds: ['group', 'user'] });
    expect(pages.map(({ kind }) => kind)).to.deep.equal(['user']);
  });

  it('says that the folder is not there', async () => {
    rmSync(project.inbox, { recursive: true });
    const error = await errorOf(() => readAll(openConnector(project).connector));
    expect(error).to.include({ code: 'RC_SOURCE_UNAVAILABLE', exitCode: 69 });
    expect(error).to.have.nested.property('where.file', 'inbox');
  });

  it('says that the folder is a file', async () => {
    rmSync(project.inbox, { recursive: true });
    project.deliver('../inbox', HEADER);
    const error = await errorOf(() => readAll(openConnector(project).connector));
    expect(error).to.include({ code: 'RC_SOURCE_UNAVAILABLE', exitCode: 69 });
  });

  it('says that no file matches', async () => {
    project.deliver('other.txt', HEADER);
    const error = await errorOf(() => readAll(openConnector(project).connector));
    expect(error).to.include({ code: 'RC_FILE_MISSING', exitCode: 69 });
  });

  it('observes nothing of the file that was accepted last', async () => {
    project.deliver('a.csv', `${HEADER}E1,Ada\n`);
    const accepted = acceptedOf(await readAll(openConnector(project).connector));
    const { pages, first } = await readAll(openConnector(project).connector, { accepted });
    expect(pages).to.have.length(1);
    expect(first).to.deep.include({ observations: [], source: { ...first.source, alreadyAccepted: true } });
    expect(first).not.to.have.any.keys('complete', 'accepted', 'columns');
  });

  it('reads another content under the name of the file that was accepted last', async () => {
    project.deliver('a.csv', `${HEADER}E1,Ada\n`);
    const accepted = acceptedOf(await readAll(openConnector(project).connector));
    project.deliver('a.csv', `${HEADER}E1,Eve\n`);
    const { first } = await readAll(openConnector(project).connector, { accepted });
    expect(first.source?.alreadyAccepted).to.equal(false);
    expect(first.observations).to.have.length(1);
  });

  it('reads an earlier content under a newer name', async () => {
    project.deliver('a.csv', `${HEADER}E1,Ada\n`);
    const accepted = acceptedOf(await readAll(openConnector(project).connector));
    project.deliver('b.csv', `${HEADER}E1,Ada\n`);
    const { first, ids } = await readAll(openConnector(project).connector, { accepted });
    expect(first.source).to.include({ file: 'b.csv', alreadyAccepted: false });
    expect(ids).to.deep.equal(['E1']);
  });

  it('reads the file that was accepted last when it is forced', async () => {
    project.deliver('a.csv', `${HEADER}E1,Ada\n`);
    const read = await readAll(openConnector(project).connector);
    const forced = await readAll(openConnector(project).connector, { accepted: acceptedOf(read), force: true });
    expect(forced.ids).to.deep.equal(['E1']);
    expect(forced.accepted).to.deep.equal(read.accepted);
  });

  it('does not go back to an older name when the accepted file is gone, and says so', async () => {
    project.deliver('a.csv', `${HEADER}E1,Ada\n`);
    const accepted = acceptedOf({ ...(await readAll(openConnector(project).connector)) });
    const newer = { user: { ...(accepted.user as object), file: 'b.csv' } };
    const { first } = await readAll(openConnector(project).connector, { accepted: newer });
    expect(first.source).to.include({ file: 'b.csv', alreadyAccepted: true });
    expect(first.warnings?.map(({ code }) => code)).to.deep.equal(['RC_FILE_MISSING']);
    expect(first.warnings?.[0]?.message).to.include('a.csv');
  });

  it('says so when the folder is empty since the accepted file', async () => {
    const place = project.deliver('a.csv', `${HEADER}E1,Ada\n`);
    const accepted = acceptedOf(await readAll(openConnector(project).connector));
    rmSync(place);
    const { first } = await readAll(openConnector(project).connector, { accepted });
    expect(first.source?.alreadyAccepted).to.equal(true);
    expect(first.warnings?.map(({ code }) => code)).to.deep.equal(['RC_FILE_MISSING']);
  });

  it('takes no account of a file that another pattern had accepted', async () => {
    project.deliver('z.csv', `${HEADER}E1,Ada\n`);
    const accepted = acceptedOf(await readAll(openConnector(project).connector));
    project.deliver('hr-1.csv', `${HEADER}E2,Bob\n`);
    const { connector } = openConnector(project, { files: { user: 'hr-*.csv' } });
    expect((await readAll(connector, { accepted })).ids).to.deep.equal(['E2']);
  });

  it('takes what it cannot understand as accepted for nothing', async () => {
    project.deliver('a.csv', `${HEADER}E1,Ada\n`);
    for (const user of [null, 'a.csv', 7, ['a.csv'], { file: 'a.csv' }]) {
      const { ids } = await readAll(openConnector(project).connector, { accepted: { user } });
      expect(ids).to.deep.equal(['E1']);
    }
  });

  it('names in the scope what decides which records are seen, and nothing else', async () => {
    project.deliver('a.csv', `${HEADER}E1,Ada\n`);
    const scopeOf = async (settings: Parameters<typeof openConnector>[1]): Promise<string | undefined> =>
      (await readAll(openConnector(project, settings).connector)).first.scopeKey;
    const scope = await scopeOf({});
    expect(await scopeOf({ csv: { delimiter: ',', encoding: 'utf-8' }, ready: { stableSeconds: 0 } })).to.equal(scope);
    expect(await scopeOf({ files: { user: 'a*' } })).not.to.equal(scope);
    expect(await scopeOf({ from: { folder: './inbox/' } })).to.equal(scope);
    mkdirSync(path.join(project.root, 'other'));
    project.deliver('../other/a.csv', `${HEADER}E1,Ada\n`);
    expect(await scopeOf({ from: { folder: 'other' } })).not.to.equal(scope);
  });
});
