import { expect } from 'chai';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { initProject } from '#core/configuration/init-project.js';
import { readProject } from '#core/configuration/read-project.js';
import { readSecretKey } from '#core/configuration/secrets.js';
import { parseCases, runCases } from '#core/mapping/cases.js';
import { lintMapping } from '#core/mapping/lint.js';
import { rejectionsOf } from '../mapping/errors.js';

/** The fixture named `contract`, as docs/reference/contract.md writes it. */
const people = {
  'inbox/hr/hr-2026-03-09.csv': [
    'employee_id;first_name;last_name;work_email;department;status;hire_date;termination_date',
    'E1001;Ada;Lovelace;ada@acme.example;Engineering;Active;2020-01-06;',
    'E1002;Grace;Hopper;;Research;Future;2026-03-16;',
    'E1003;Alan;Turing;alan@acme.example;Research;Terminated;2019-05-01;2026-03-06',
    '',
  ].join('\n'),
  'inbox/it/it-2026-03-09.csv': [
    'account_id,employee_id,login,email,enabled,department,groups',
    '9001,E1001,ada,ada@acme.example,true,Platform,vpn|admins',
    '9003,E1003,alan,alan@acme.example,true,Research,vpn',
    '9009,,carol,carol@agency.example,true,,vpn',
    '',
  ].join('\n'),
};

describe('core/configuration/init-project', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rollcall-init-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const at = (...parts: string[]): string => path.join(folder, ...parts);

  it('writes a project that reads without an edit or a warning', async () => {
    await initProject(folder, { example: false });
    const read = await readProject(folder);
    expect(read.tenants[0]?.warnings).to.deep.equal([]);
    expect(await readdir(at('inbox/hr'))).to.deep.equal([]);
    expect(await readdir(at('inbox/it'))).to.deep.equal([]);
  });

  it('writes mappings whose cases hold, every date among them', async () => {
    await initProject(folder, { example: true });
    const [acme] = (await readProject(folder)).tenants;
    expect(acme?.directories).to.have.length(2);
    for (const { mappings } of acme?.directories ?? []) {
      if (acme === undefined || mappings.user === undefined) expect.fail('a mapping is missing');
      const { file, mapping } = mappings.user;
      const cases = file.replace('.yaml', '.test.yaml');
      const listed = parseCases(await readFile(at(cases), 'utf8'), { file: cases });
      expect(await runCases(listed, mapping, acme)).to.deep.equal([]);
      expect(lintMapping(mapping, acme.catalogue)).to.deep.equal([]);
    }
  });

  it('writes the people of the example byte by byte', async () => {
    await initProject(folder, { example: true });
    for (const [file, text] of Object.entries(people)) expect(await readFile(at(file), 'utf8')).to.equal(text);
  });

  it('writes a key that only its owner reads, another one each time, and keeps it out of version control', async () => {
    const { written } = await initProject(folder, { example: false });
    expect(written).to.include('.rollcall/secret.key');
    expect((await stat(at('.rollcall/secret.key'))).mode & 0o777).to.equal(0o600);
    expect(await readFile(at('.gitignore'), 'utf8')).to.match(/^\.rollcall\/$/m);
    const { secretKey } = await readProject(folder);
    const key = await readSecretKey(secretKey, { root: folder, env: {} });
    await initProject(at('other'), { example: false });
    expect(await readSecretKey(secretKey, { root: at('other'), env: {} })).not.to.deep.equal(key);
  });

  it('leaves a .gitignore as it is, and keeps the key out of version control all the same', async () => {
    await writeFile(at('.gitignore'), 'mine');
    const { written } = await initProject(folder, { example: false });
    expect(written).not.to.include('.gitignore');
    expect(await readFile(at('.gitignore'), 'utf8')).to.equal('mine');
    expect(await readFile(at('.rollcall/.gitignore'), 'utf8')).to.equal('*\n');
  });

  it('says why where it cannot write', async () => {
    await writeFile(at('file'), '');
    const [error] = await rejectionsOf(initProject(at('file'), { example: true }));
    expect(error).to.include({ code: 'RC_INIT_REFUSED', exitCode: 1 });
    expect(error?.message).to.include('ENOTDIR');
  });

  it('writes nothing where one of its files is there already', async () => {
    const file = 'rollcall.config.yaml';
    await writeFile(at(file), 'mine');
    const [error] = await rejectionsOf(initProject(folder, { example: true }));
    expect(error).to.deep.include({ code: 'RC_INIT_NOT_EMPTY', exitCode: 1, where: { file } });
    expect(await readdir(folder)).to.deep.equal([file]);
    expect(await readFile(at(file), 'utf8')).to.equal('mine');
  });

  it('leaves other files alone', async () => {
    await writeFile(at('README.md'), 'mine');
    await initProject(folder, { example: false });
    expect(await readFile(at('README.md'), 'utf8')).to.equal('mine');
  });
});
