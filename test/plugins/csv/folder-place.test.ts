import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { FolderPlace } from '#csv/folder-place.js';
import { errorOf, makeProject, type TestProject } from './csv-directory.js';

const signal = new AbortController().signal;

describe('plugins/csv/folder-place', () => {
  let project: TestProject;
  let place: FolderPlace;

  beforeEach(() => {
    project = makeProject();
    place = new FolderPlace('inbox', project.inbox);
  });

  afterEach(() => {
    project.remove();
  });

  it('opens no link that took the place of a file', async () => {
    project.deliver('../secret.txt', 'secret');
    symlinkSync(path.join(project.root, 'secret.txt'), path.join(project.inbox, 'a.csv'));
    const error = await errorOf(() => place.open({ name: 'a.csv', size: 6, modifiedMs: 0 }, signal));
    expect(error).to.include({ code: 'RC_SOURCE_UNAVAILABLE', exitCode: 69 });
  });

  it('says that a file is gone', async () => {
    const error = await errorOf(() => place.readText('a.csv.json', signal));
    expect(error).to.include({ code: 'RC_SOURCE_UNAVAILABLE', message: 'a.csv.json does not exist.' });
  });

  it('stops when it is told to', async () => {
    project.deliver('a.csv', 'id\n');
    const told = AbortSignal.abort();
    const file = { name: 'a.csv', size: 3, modifiedMs: 0 };
    for (const act of [
      () => place.connect(told),
      () => place.list(told),
      () => place.open(file, told),
      () => place.readText('a.csv', told),
      () => place.archive('a.csv', path.join(project.root, 'done'), 'b.csv', told),
    ]) {
      expect(await errorOf(async () => act())).to.have.property('name', 'AbortError');
    }
  });

  it('is another file when it was replaced under its name, even by one of the same size', async () => {
    project.deliver('a.csv', 'id\n');
    const [file] = await place.list(signal);
    if (file === undefined) throw new Error('nothing was listed');
    const open = await place.open(file, signal);
    expect(await open.isUnchanged(signal)).to.equal(true);
    await place.archive('a.csv', path.join(project.root, 'done'), 'b.csv', signal);
    project.deliver('a.csv', 'no\n');
    expect(await open.isUnchanged(signal)).to.equal(false);
    await open.close();
  });
});
