import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { acceptedOf, errorOf, makeProject, openConnector, readAll, type TestProject } from './csv-directory.js';

const ADA = 'id,name\nE1,Ada\n';
const BOB = 'id,name\nE2,Bob\n';
const signal = new AbortController().signal;

describe('plugins/csv: archive', () => {
  let project: TestProject;

  beforeEach(() => {
    project = makeProject();
  });

  afterEach(() => {
    project.remove();
  });

  function archived(): string[] {
    return readdirSync(path.join(project.root, 'done')).sort();
  }

  it('leaves files where they are unless it is told a folder', async () => {
    project.deliver('a.csv', ADA);
    const { connector } = openConnector(project, { archive: false });
    await connector.committed(acceptedOf(await readAll(connector)), signal);
    expect(readdirSync(project.inbox)).to.deep.equal(['a.csv']);
  });

  it('moves a file only once it is committed, and makes the folder', async () => {
    project.deliver('a.csv', ADA);
    const { connector } = openConnector(project, { archive: 'done' });
    const read = await readAll(connector);
    expect(readdirSync(project.inbox)).to.deep.equal(['a.csv']);
    await connector.committed(acceptedOf(read), signal);
    expect(readdirSync(project.inbox)).to.deep.equal([]);
    expect(archived()).to.deep.equal(['a.csv']);
  });

  it('moves the manifest behind its file', async () => {
    project.deliver('a.csv', ADA);
    project.deliver('a.csv.json', '{}');
    const { connector } = openConnector(project, { archive: 'done', ready: { manifest: '{file}.json' } });
    await connector.committed(acceptedOf(await readAll(connector)), signal);
    expect(archived()).to.deep.equal(['a.csv', 'a.csv.json']);
  });

  it('does not move what came under that name since', async () => {
    project.deliver('a.csv', ADA);
    const { connector } = openConnector(project, { archive: 'done' });
    const read = await readAll(connector);
    project.deliver('a.csv', BOB);
    await connector.committed(acceptedOf(read), signal);
    expect(readdirSync(project.inbox)).to.deep.equal(['a.csv']);
  });

  it('overwrites no archived file of the same name', async () => {
    const { connector } = openConnector(project, { archive: 'done' });
    for (const content of [ADA, BOB]) {
      project.deliver('a.csv', content);
      await connector.committed(acceptedOf(await readAll(connector)), signal);
    }
    const kept = archived().map((name) => readFileSync(path.join(project.root, 'done', name), 'utf8'));
    expect(kept).to.deep.equal([ADA, BOB]);
  });

  it('says that it could not move a file, does not read it again, and moves it later', async () => {
    project.deliver('a.csv', ADA);
    const obstacle = path.join(project.root, 'done');
    writeFileSync(obstacle, 'a file where the folder should be');
    const { connector } = openConnector(project, { archive: 'done' });
    const accepted = acceptedOf(await readAll(connector));
    const error = await errorOf(() => connector.committed(accepted, signal));
    expect(error).to.include({ code: 'RC_FILE_NOT_ARCHIVED', exitCode: 69 });
    expect(error).to.have.nested.property('where.file', 'a.csv');

    rmSync(obstacle);
    const again = await readAll(connector, { accepted });
    expect(again.first.source?.alreadyAccepted).to.equal(true);
    await connector.committed({}, signal);
    expect(archived()).to.deep.equal(['a.csv']);
  });

  it('moves what it can when one of two files cannot be moved', async () => {
    project.deliver('u.csv', ADA);
    project.deliver('g.csv', BOB);
    mkdirSync(path.join(project.root, 'done/u.csv'), { recursive: true });
    const { connector } = openConnector(project, { archive: 'done', files: { user: 'u*', group: 'g*' } });
    const { pages } = await readAll(connector, { kinds: ['user', 'group'] });
    const [user, group] = pages.map(({ accepted }) => accepted ?? null);
    const blocked = (user as { sha256: string }).sha256.slice(0, 12);
    mkdirSync(path.join(project.root, `done/u.csv.${blocked}`));
    const error = await errorOf(() => connector.committed({ user: user ?? null, group: group ?? null }, signal));
    expect(error).to.include({ code: 'RC_FILE_NOT_ARCHIVED' });
    expect(archived()).to.include('g.csv');
    expect(readdirSync(project.inbox)).to.deep.equal(['u.csv']);
  });

  it('stops when it is told to', async () => {
    project.deliver('a.csv', ADA);
    const { connector } = openConnector(project, { archive: 'done' });
    const read = await readAll(connector);
    const error = await errorOf(() => connector.committed(acceptedOf(read), AbortSignal.abort()));
    expect(error).to.have.property('name', 'AbortError');
  });

  it('passes over what it cannot understand as accepted', async () => {
    project.deliver('a.csv', ADA);
    const { connector } = openConnector(project, { archive: 'done' });
    await connector.committed({ user: null }, signal);
    expect(readdirSync(project.inbox)).to.deep.equal(['a.csv']);
  });

  describe('when it is forced', () => {
    it('reads the accepted file from the archive', async () => {
      project.deliver('a.csv', ADA);
      const { connector } = openConnector(project, { archive: 'done' });
      const read = await readAll(connector);
      await connector.committed(acceptedOf(read), signal);
      const forced = await readAll(connector, { accepted: acceptedOf(read), force: true });
      expect(forced.ids).to.deep.equal(['E1']);
      expect(forced.accepted).to.deep.equal(read.accepted);
      expect(forced.last.complete).to.have.length(1);
    });

    it('does not take another archived content for the accepted file', async () => {
      project.deliver('a.csv', ADA);
      const { connector } = openConnector(project, { archive: 'done' });
      const read = await readAll(connector);
      await connector.committed(acceptedOf(read), signal);
      writeFileSync(path.join(project.root, 'done', 'a.csv'), BOB);
      const forced = await readAll(connector, { accepted: acceptedOf(read), force: true });
      expect(forced.first.source?.alreadyAccepted).to.equal(true);
    });

    it('does without the archive when that is gone', async () => {
      const place = project.deliver('a.csv', ADA);
      const { connector } = openConnector(project, { archive: 'done' });
      const read = await readAll(connector);
      mkdirSync(path.join(project.root, 'done'));
      rmSync(place);
      rmSync(path.join(project.root, 'done'), { recursive: true });
      const forced = await readAll(connector, { accepted: acceptedOf(read), force: true });
      expect(forced.first.source?.alreadyAccepted).to.equal(true);
    });
  });
});
