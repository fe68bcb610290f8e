import { createRequire } from 'node:module';
import { isRollcallError, SETTINGS, type JsonObject } from '@rollcall/connector-kit';
import csv from '@rollcall/connector-csv';
import { expect } from 'chai';
import { readSettings } from '#csv/settings.js';

const PROJECT = { root: '/project', spool: '/project/.spool' };
const HOST_KEY = `SHA256:${'b'.repeat(43)}`;
const SFTP: JsonObject = { host: 'sftp.example', user: 'acme', password: 'x', hostKey: HOST_KEY, folder: 'out' };

interface Validator {
  compile(schema: unknown): (value: unknown) => boolean;
  addKeyword(definition: { keyword: string; schemaType: string }): void;
}

/** The validator of the kit, of the version that the runtime has, too. */
function validator(): (value: unknown) => boolean {
  const fromKit = createRequire(createRequire(import.meta.url).resolve('@rollcall/connector-kit'));
  const { Ajv2020 } = fromKit('ajv/dist/2020.js') as { Ajv2020: new (options: object) => Validator };
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addKeyword({ keyword: 'secret', schemaType: 'boolean' });
  return ajv.compile(csv.settings);
}

function settings(parts: JsonObject = {}): JsonObject {
  return { from: { folder: 'in' }, files: { user: '*.csv' }, ...parts };
}

function overSftp(parts: JsonObject = {}): JsonObject {
  return settings({ from: { sftp: { ...SFTP, ...parts } } });
}

const WITHOUT_LOGIN = without('password');
const WITHOUT_KEY = without('hostKey');

function without(key: string): JsonObject {
  return Object.fromEntries(Object.entries(SFTP).filter(([name]) => name !== key));
}

const GOOD: [string, JsonObject][] = [
  ['a folder', settings()],
  [
    'all of a folder',
    settings({ csv: { delimiter: ';', encoding: 'utf-8' }, ready: { stableSeconds: 0 }, archive: false }),
  ],
  ['a tab', settings({ csv: { delimiter: '\t' } })],
  ['no quote', settings({ csv: { quote: '' } })],
  ['a marker', settings({ ready: { marker: '{file}.done' } })],
  ['a manifest', settings({ ready: { manifest: '{file}.json' } })],
  ['an archive', settings({ archive: 'done' })],
  ['both kinds', settings({ files: { user: 'u*', group: 'g*' } })],
  ['SFTP with a password', overSftp({ port: 2222 })],
  ['SFTP with several host keys', overSftp({ hostKey: [HOST_KEY, `${HOST_KEY}=`] })],
  ['SFTP with a key', settings({ from: { sftp: { ...WITHOUT_LOGIN, privateKey: 'k', passphrase: 'p' } } })],
];

const BAD: [string, JsonObject][] = [
  ['no place', { files: { user: '*' } }],
  ['two places', settings({ from: { folder: 'in', sftp: SFTP } })],
  ['no files', settings({ files: {} })],
  ['files of an unknown kind', settings({ files: { users: '*' } })],
  ['a pattern with a path', settings({ files: { user: 'in/*.csv' } })],
  ['a delimiter of two characters', settings({ csv: { delimiter: '||' } })],
  ['a letter for a delimiter', settings({ csv: { delimiter: 'x' } })],
  ['a quote for a delimiter', settings({ csv: { delimiter: '"' } })],
  ['a line end for a delimiter', settings({ csv: { delimiter: '\n' } })],
  ['an unknown encoding', settings({ csv: { encoding: 'utf-9' } })],
  ['two ways to be ready', settings({ ready: { stableSeconds: 0, marker: '{file}.done' } })],
  ['a marker without the file', settings({ ready: { marker: 'done' } })],
  ['a marker elsewhere', settings({ ready: { marker: '../{file}' } })],
  ['an archive of true', settings({ archive: true })],
  ['SFTP without a host key', settings({ from: { sftp: WITHOUT_KEY } })],
  ['SFTP with no host key of several', overSftp({ hostKey: [] })],
  ['SFTP with a host key of MD5', overSftp({ hostKey: 'MD5:aa:bb' })],
  ['SFTP without a login', settings({ from: { sftp: WITHOUT_LOGIN } })],
  ['SFTP with two logins', overSftp({ privateKey: 'k' })],
  ['a passphrase without a key', overSftp({ passphrase: 'p' })],
];

describe('plugins/csv/settings', () => {
  const isValid = validator();

  for (const [what, given] of GOOD) {
    it(`accepts ${what}`, () => {
      expect(isValid(given)).to.equal(true);
      expect(readSettings(given, PROJECT).files).to.deep.equal(given.files);
    });
  }

  for (const [what, given] of BAD) {
    it(`refuses ${what}`, () => {
      expect(isValid(given)).to.equal(false);
    });
  }

  it('fills in what is left out for a folder', () => {
    expect(readSettings(settings(), PROJECT)).to.deep.equal({
      from: { kind: 'folder', folder: 'in', absolute: '/project/in' },
      files: { user: '*.csv' },
      csv: { quote: '"' },
      ready: { kind: 'stable', seconds: 0 },
    });
  });

  it('fills in what is left out for SFTP', () => {
    const { from, ready } = readSettings(overSftp({ hostKey: `${HOST_KEY}=` }), PROJECT);
    expect(from).to.deep.equal({
      kind: 'sftp',
      sftp: { ...WITHOUT_KEY, port: 22, hostKeys: [HOST_KEY], timeoutMs: 30_000 },
    });
    expect(ready).to.deep.equal({ kind: 'stable', seconds: 30 });
  });

  it('resolves an archive against the project in a folder, and not on SFTP', () => {
    expect(readSettings(settings({ archive: 'done' }), PROJECT).archive).to.equal('/project/done');
    expect(readSettings({ ...overSftp(), archive: 'done' }, PROJECT).archive).to.equal('done');
  });

  const contradictions: [string, JsonObject][] = [
    ['one character for two purposes', settings({ csv: { delimiter: "'", quote: "'" } })],
    ['an archive in which the files arrive', settings({ archive: './in/' })],
    ['an archive on SFTP in which the files arrive', { ...overSftp(), archive: 'out/' }],
  ];
  for (const [what, given] of contradictions) {
    it(`refuses ${what} although the schema cannot see it`, () => {
      expect(isValid(given)).to.equal(true);
      try {
        readSettings(given, PROJECT);
      } catch (error) {
        expect(isRollcallError(error) && [error.code, error.exitCode]).to.deep.equal(['RC_SETTINGS_INVALID', 78]);
        return;
      }
      expect.fail('nothing was thrown');
    });
  }

  it('is declared as csv for users and groups', () => {
    expect(csv).to.include({ id: 'csv', apiVersion: 1 });
    expect(csv.capabilities).to.deep.include({ kinds: ['user', 'group'], full: true, delta: false });
    expect('needs' in csv && csv.needs.settings).to.equal(SETTINGS);
  });
});
