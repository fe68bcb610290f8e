import { startSshd, type RunningSshd } from '../support/sshd.js';
import { usesServer } from '../support/servers.js';
import { ARRANGEMENTS, type Arrangement } from './bad-input/arrangements.js';
import { BesideEachOther } from './bad-input/beside-each-other.js';
import { readCases, type BadInput } from './bad-input/read-case.js';
import { runCase } from './bad-input/run-case.js';
import { removesProjects } from './support.js';

const needsSshd = ({ arrange }: BadInput): boolean =>
  arrange !== null && (ARRANGEMENTS[arrange] as Arrangement).needsSshd === true;

describe('e2e/bad-input', () => {
  removesProjects();
  const cases = readCases();

  describe('a project of its own', () => {
    // Starting the binary is most of the time; two at once use both cores of a small machine.
    const running = new BesideEachOther(
      cases.filter((each) => !needsSshd(each)),
      (each) =>
        runCase(each, () => {
          throw new Error('This case says that it needs no sshd.');
        }),
    );
    after(() => running.rest());
    for (const each of running.all) it(`${each.name}: ${each.about}`, () => running.result(each));
  });

  describe('an SFTP server', () => {
    usesServer('sshd');
    let sshd: RunningSshd;
    before(async () => {
      sshd = await startSshd();
    });
    after(() => sshd.stop());
    for (const each of cases.filter(needsSshd)) it(`${each.name}: ${each.about}`, () => runCase(each, () => sshd));
  });
});
