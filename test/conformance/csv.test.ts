import path from 'node:path';
import csv from '@rollcall/connector-csv';
import { conformanceChecks, type Subject } from '@rollcall/connector-kit/conformance';
import { startSshd, type RunningSshd } from '../support/sshd.js';
import { usesServer } from '../support/servers.js';
import { csvHooks, makeFolder, populate, type CsvSource } from './csv-source.js';

const subject: Omit<Subject<CsvSource>, 'populate'> = {
  ...csvHooks,
  definition: csv,
  remembers: true,
  idOf: ({ raw }) => raw.id as string,
};

function run(populated: () => CsvSource): void {
  for (const check of conformanceChecks({ ...subject, populate: () => Promise.resolve(populated()) })) {
    it(check.name, () => check.run());
  }
}

describe('conformance: csv in a folder', () => {
  run(() => {
    const folder = makeFolder();
    return populate(folder, { folder });
  });
});

describe('conformance: csv in a folder with an archive', () => {
  run(() => {
    const folder = makeFolder();
    return populate(folder, { folder }, { archive: path.join(folder, 'archive') });
  });
});

describe('conformance: csv on SFTP', () => {
  usesServer('sshd');

  let server: RunningSshd;
  let folders = 0;

  before(async () => {
    server = await startSshd();
  });

  after(async () => {
    await server.stop();
  });

  run(() => {
    const name = `source${++folders}`;
    const { host, port, user, password, fingerprints } = server;
    const sftp = { host, port, user, password, hostKey: fingerprints.ed25519 ?? '', folder: name };
    return populate(server.makeFolder(name), { sftp });
  });
});
