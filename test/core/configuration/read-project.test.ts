import { expect } from 'chai';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { findProject, readCustomAttributes, readProject } from '#core/configuration/read-project.js';
import { brief, rejectionsOf } from '../mapping/errors.js';
import { ExampleProject } from './project.js';

const tenant = 'tenants/acme.yaml';
const config = 'rollcall.config.yaml';

describe('core/configuration/read-project', () => {
  let project: ExampleProject;
  beforeEach(async () => {
    project = await ExampleProject.create();
  });
  afterEach(() => project.remove());

  it('finds the nearest project above', async () => {
    expect(await findProject(path.join(project.root, 'inbox/hr'))).to.equal(project.root);
    expect(await findProject(path.dirname(project.root))).to.equal(null);
  });

  it("reads the contract's project", async () => {
    const read = await readProject(project.root);
    expect(read).to.deep.include({
      root: project.root,
      file: config,
      store: { client: 'sqlite3', file: path.join(project.root, '.rollcall/rollcall.db') },
      plugins: [],
    });
    expect(read.secretKey).to.deep.equal({
      text: 'file:.rollcall/secret.key',
      kind: 'file',
      name: '.rollcall/secret.key',
      where: { file: config, line: 4, column: 12 },
    });
    const [acme] = read.tenants;
    expect(acme).to.include({
      tenant: 'acme',
      name: 'Acme Ltd',
      timeZone: 'Europe/Berlin',
      file: tenant,
      rulesFile: tenant,
      rulesLine: 24,
    });
    expect(acme?.warnings).to.deep.equal([]);
    expect(acme?.catalogue.has('custom.costCenter')).to.equal(true);
    expect(acme?.rules.attributes.emails?.from).to.deep.equal(['it', 'hr']);
    const shown = acme?.directories.map(({ name, connector, mode, mappings, privilegedGroups }) => [
      name,
      connector,
      mode,
      mappings.user?.file,
      mappings.user?.mapping.name,
      privilegedGroups,
    ]);
    expect(shown).to.deep.equal([
      ['hr', 'csv', 'live', 'mappings/hr.yaml', 'hr', []],
      ['it', 'csv', 'live', 'mappings/it.yaml', 'it', ['admins']],
    ]);
    expect(acme?.directories[0]?.mappings.user?.mapping.attributes.get('active')).to.include({ line: 11, column: 11 });
  });

  it('keeps lines and columns of rules that are a part of the tenant file', async () => {
    const [acme] = (await readProject(project.root)).tenants;
    const lines = (acme?.rulesText ?? '').split('\n');
    const whole = (acme?.text ?? '').split('\n').slice((acme?.rulesLine ?? 0) - 1);
    expect(lines[0]).to.match(/^ {2}priority:/);
    expect(whole.slice(0, lines.length - 1)).to.deep.equal(lines.slice(0, -1));
  });

  it('reads rules from a file of their own', async () => {
    const [acme] = (await readProject(project.root)).tenants;
    await project.write('rules.yaml', acme?.rulesText ?? '');
    await project.edit(tenant, acme?.rulesText ?? '', '');
    await project.edit(tenant, 'rules: ', 'rules: rules.yaml ');
    const [again] = (await readProject(project.root)).tenants;
    expect(again).to.deep.include({ rulesFile: 'rules.yaml', rulesLine: 1, rules: acme?.rules });
  });

  it('looks for a mapping beside the tenant file before it looks in the project', async () => {
    await mkdir(path.join(project.root, 'tenants/mappings'));
    await rename(path.join(project.root, 'mappings/hr.yaml'), path.join(project.root, 'tenants/mappings/hr.yaml'));
    const [acme] = (await readProject(project.root)).tenants;
    expect(acme?.directories[0]?.mappings.user?.file).to.equal('tenants/mappings/hr.yaml');
    expect(acme?.directories[1]?.mappings.user?.file).to.equal('mappings/it.yaml');
  });

  it('finds a mapping that a package brings, from where it is told to look', async () => {
    await project.edit(tenant, 'user: mappings/hr.yaml', "user: '@rollcall/mappings/hr-csv'");
    const [acme] = (await readProject(project.root, { resolveFrom: import.meta.url })).tenants;
    expect(acme?.directories[0]?.mappings.user).to.have.property('file', '@rollcall/mappings/hr-csv/user.yaml');
    expect(acme?.directories[0]?.mappings.user?.mapping.name).to.equal('hr-csv');
  });

  it('takes a PostgreSQL address only as a reference', async () => {
    const sqlite = '{ client: sqlite3, file: .rollcall/rollcall.db }';
    await project.edit(config, sqlite, "{ client: pg, url: 'env:DATABASE_URL', schema: people }");
    expect((await readProject(project.root)).store).to.deep.include({ client: 'pg', schema: 'people' });
    await project.edit(config, 'env:DATABASE_URL', 'postgres://u:geheim@h/d');
    const errors = await rejectionsOf(readProject(project.root));
    expect(errors.map(brief)).to.deep.equal(['RC_SECRET_LITERAL 3:27']);
    expect(JSON.stringify(errors)).not.to.include('geheim');
  });

  it('goes without what may be left out', async () => {
    await project.edit(tenant, 'mode: live', '');
    await project.edit(tenant, 'name: Acme Ltd', '');
    await project.edit(config, 'plugins: []', '');
    await project.edit(config, 'tenants: tenants', '');
    const read = await readProject(project.root);
    expect(read.plugins).to.deep.equal([]);
    expect(read.tenants[0]).to.include({ name: 'acme' });
    expect(read.tenants[0]?.directories[0]?.mode).to.equal('live');
  });

  it('reads tenants by name, each with its own custom attributes', async () => {
    await project.write(
      'tenants/beta.yaml',
      'tenant: beta\ntimeZone: UTC\ncustom: { badge: { type: number } }\ndirectories: {}\n',
    );
    const read = await readProject(project.root);
    expect(read.tenants.map((each) => each.tenant)).to.deep.equal(['acme', 'beta']);
    expect(read.tenants[1]?.catalogue.has('custom.costCenter')).to.equal(false);
    expect(read.tenants[1]?.rules.priority).to.deep.equal([]);
  });

  it('tells the custom attributes even of a project that is broken elsewhere', async () => {
    await project.edit('mappings/hr.yaml', 'kind: user', 'kind: thing');
    await project.edit(tenant, 'Europe/Berlin', 'Nowhere');
    expect(await readCustomAttributes(project.root)).to.deep.equal([
      { tenant: 'acme', custom: { costCenter: { type: 'string' } } },
    ]);
  });

  it('tells everything that is wrong in all files at once', async () => {
    await project.edit(tenant, 'Europe/Berlin', 'Europe/Berln');
    await project.edit(tenant, 'priority: [hr, it]', 'priority: [hr, itt]');
    await project.edit('mappings/hr.yaml', 'department: department', 'departmnt: department');
    await project.edit('mappings/it.yaml', 'login', '(login');
    const errors = await rejectionsOf(readProject(project.root));
    expect(errors.map((error) => `${error.where.file ?? ''} ${brief(error)}`)).to.deep.equal([
      'tenants/acme.yaml RC_CONFIG_TIME_ZONE 4:11',
      'mappings/hr.yaml RC_MAPPING_UNKNOWN_ATTRIBUTE 10:3',
      'mappings/it.yaml RC_MAPPING_SYNTAX 6:19',
      'tenants/acme.yaml RC_RULES_UNKNOWN_DIRECTORY 24:18',
    ]);
  });

  const refused: [string, string, string, string, string, string?][] = [
    [
      'an identity directory that is not there',
      tenant,
      'directories:',
      'identityDirectory: hrr\ndirectories:',
      'RC_CONFIG_IDENTITY_DIRECTORY 6:20',
      'Did you mean "hr"?',
    ],
    ['an unknown key', tenant, 'timeZone:', 'timezone:', 'RC_CONFIG_UNKNOWN_KEY 4:1', 'Did you mean "timeZone"?'],
    [
      'an unknown key of a directory',
      tenant,
      'privilegedGroups',
      'privilegedGroup',
      'RC_CONFIG_UNKNOWN_KEY 22:5',
      'Did you mean "privilegedGroups"?',
    ],
    [
      'an unknown kind of mapping',
      tenant,
      '{ user: mappings/hr',
      '{ users: mappings/hr',
      'RC_CONFIG_UNKNOWN_KEY 16:17',
      'Did you mean "user"?',
    ],
    ['an unknown mode', tenant, 'mode: live', 'mode: life', 'RC_CONFIG_INVALID 9:11', 'Did you mean "live"?'],
    ['a directory named with capitals', tenant, '  hr:', '  HR:', 'RC_CONFIG_INVALID 7:3'],
    ['another name than the file has', tenant, 'tenant: acme', 'tenant: beta', 'RC_TENANT_NAME_MISMATCH 2:9'],
    ['a schema that is none', tenant, '{ type: string }', '{ type: strin }', 'RC_CONFIG_CUSTOM_SCHEMA 5:23'],
    [
      'a schema with what RE2 cannot do',
      tenant,
      '{ type: string }',
      "{ type: string, pattern: '(?=a)' }",
      'RC_CONFIG_CUSTOM_SCHEMA 5:23',
    ],
    ['a group that looks like a number', tenant, '[admins]', '[007]', 'RC_CONFIG_INVALID 22:24', 'Put it in quotes.'],
    ['a mapping that is not there', tenant, 'mappings/it.yaml', 'mappings/itt.yaml', 'RC_MAPPING_NOT_FOUND 21:23'],
    [
      'a package that is not there',
      tenant,
      'mappings/it.yaml',
      "'@rollcall/mappings/none'",
      'RC_MAPPING_NOT_FOUND 21:23',
    ],
    ['a mapping of the other kind', 'mappings/it.yaml', 'kind: user', 'kind: group', 'RC_MAPPING_KIND 21:23'],
    [
      'a voter without active',
      'mappings/it.yaml',
      'active: \'enabled = "true"\'',
      'title: login',
      'RC_RULES_ACTIVE_UNMAPPED 26:26',
    ],
    ['a tenant key twice', tenant, 'name: Acme Ltd', 'tenant: acme', 'RC_YAML_DUPLICATE_KEY 3:1'],
    [
      'an unknown store',
      config,
      'client: sqlite3',
      'client: sqlite',
      'RC_CONFIG_INVALID 3:8',
      'Did you mean "sqlite3"?',
    ],
    [
      'a store without a file',
      config,
      ', file: .rollcall/rollcall.db',
      '',
      'RC_CONFIG_MISSING_KEY 3:1',
      'Write file: and its value.',
    ],
    [
      'an unknown key of the project',
      config,
      'plugins',
      'plugin',
      'RC_CONFIG_UNKNOWN_KEY 5:1',
      'Did you mean "plugins"?',
    ],
    ['a secret that stands there itself', config, 'file:.rollcall/secret.key', 'c2VjcmV0', 'RC_SECRET_LITERAL 4:12'],
    ['another version', config, 'version: 1', 'version: 2', 'RC_CONFIG_INVALID 2:10'],
    ['no folder of tenants', config, 'tenants: tenants', 'tenants: tenant', 'RC_CONFIG_TENANTS_MISSING 6:10'],
  ];
  for (const [what, file, from, to, expected, mend] of refused) {
    it(`refuses ${what}`, async () => {
      await project.edit(file, from, to);
      const errors = await rejectionsOf(readProject(project.root));
      expect(errors.map(brief)).to.deep.equal([expected]);
      expect(errors[0]).to.have.property('exitCode', 78);
      expect(errors[0]?.mend).not.to.equal('');
      if (mend !== undefined) expect(errors[0]?.mend).to.equal(mend);
    });
  }

  it('refuses a rules file that is not there', async () => {
    await project.write(tenant, 'tenant: acme\ntimeZone: UTC\ndirectories: {}\nrules: none.yaml\n');
    expect((await rejectionsOf(readProject(project.root))).map(brief)).to.deep.equal(['RC_RULES_NOT_FOUND 4:8']);
  });

  it('refuses a folder that is no project', async () => {
    await rm(path.join(project.root, config));
    const [error] = await rejectionsOf(readProject(project.root));
    expect(error).to.include({ code: 'RC_PROJECT_NOT_FOUND', exitCode: 78 });
  });
});
