import { expect } from 'chai';
import { cpSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, runScript, Scratch, type Answer } from './run-script.js';

const passing = "it('needs nothing', () => undefined);";
const asking =
  "import { usesServer } from './support/servers.js'; describe('guest', () => { usesServer('postgresql'); ";

/** A tree with the real scripts and the real `usesServer`, whose search for servers answers what the test says. */
function treeWith(scratch: Scratch, tests: string, server: { missing: string | null }): void {
  cpSync(path.join(root, 'scripts'), scratch.at('scripts'), { recursive: true });
  scratch.link('node_modules', path.join(root, 'node_modules'));
  scratch.write('package.json', '{ "type": "module" }');
  scratch.write('package-lock.json', '{ "packages": {} }');
  scratch.write('tsconfig.json', '{ "files": [], "references": [{ "path": "test" }] }');
  scratch.write(
    'test/tsconfig.json',
    '{ "compilerOptions": { "composite": true, "types": [], "lib": ["es5"] }, "files": ["a.ts"] }',
  );
  scratch.write('test/a.ts', 'export {};');
  scratch.write('.mocharc.json', '{ "spec": ["test/dist/*.test.js"], "forbid-pending": true, "fail-zero": true }');
  const real = JSON.stringify(pathToFileURL(path.join(root, 'test/dist/support/servers.js')));
  const found = { name: 'postgresql', version: '99.9', debianPackages: ['postgresql'], ...server };
  scratch.write(
    'test/dist/support/servers.js',
    `export { usesServer } from ${real};\nexport const findServers = () => [${JSON.stringify(found)}];`,
  );
  scratch.write('test/dist/a.test.js', tests);
}

describe('scripts/test', () => {
  let scratch: Scratch;

  beforeEach(() => {
    scratch = new Scratch();
  });

  afterEach(() => {
    scratch.remove();
  });

  /** Without apt-get in PATH: nothing gets installed, whoever runs this. */
  function npmTest(...args: string[]): Answer & { closing: string | undefined } {
    const env = {
      PATH: scratch.programs({}),
      HOME: scratch.folder,
      ROLLCALL_TEST_PG_URL: 'postgres://nobody-connects',
    };
    const answer = runScript(scratch.at('scripts/test.mjs'), args, env);
    return { ...answer, closing: answer.out.trimEnd().split('\n').at(-1) };
  }

  it('names the tests whose server is missing and how to set it up, and fails', () => {
    treeWith(scratch, `${asking} it('asks', () => undefined); }); ${passing}`, { missing: 'it is not installed' });
    const { code, out, closing } = npmTest();
    expect(out).to.include('postgresql: guest asks').and.to.include('npm run setup:servers');
    expect(closing).to.equal('1 passed, 0 failed');
    expect(code).to.equal(1);
  });

  it('is content without them when --local is given', () => {
    treeWith(scratch, `${asking} it('asks', () => undefined); }); ${passing}`, { missing: 'it is not installed' });
    const { code, out, closing } = npmTest('--local');
    expect(out).to.include('postgresql: guest asks');
    expect(closing).to.equal('1 passed, 0 failed');
    expect(code).to.equal(0);
  });

  it('fails with --local, too, when a test fails', () => {
    treeWith(scratch, `${passing} it('fails', () => { throw new Error('as told'); });`, { missing: 'absent' });
    const { code, closing } = npmTest('--local');
    expect(closing).to.equal('1 passed, 1 failed');
    expect(code).to.equal(1);
  });

  it('names each server, its version and how many tests spoke to it', () => {
    treeWith(scratch, `${asking} it('asks', () => undefined); }); ${passing}`, { missing: null });
    const { code, out, closing } = npmTest();
    expect(out).to.include('server postgresql 99.9: 1 test spoke to it');
    expect(closing).to.equal('2 passed, 0 failed');
    expect(code).to.equal(0);
  });

  it('fails when a server is there and no test of the whole run spoke to it', () => {
    treeWith(scratch, passing, { missing: null });
    const { code, out, closing } = npmTest();
    expect(out).to.include('failed: postgresql is here, and no test spoke to it');
    expect(closing).to.equal('1 passed, 1 failed');
    expect(code).to.equal(1);
  });

  it('passes a pattern through to mocha', () => {
    treeWith(scratch, `${passing} it('fails', () => { throw new Error('as told'); });`, { missing: null });
    const { code, closing } = npmTest('--grep', 'needs nothing');
    expect(closing).to.equal('1 passed, 0 failed');
    expect(code).to.equal(0);
  });

  it('runs only the files that are named, as sources or as output', () => {
    treeWith(scratch, "it('fails', () => { throw new Error('as told'); });", { missing: null });
    scratch.write('test/dist/b.test.js', passing);
    for (const file of ['test/b.test.ts', 'test/dist/b.test.js']) {
      expect(npmTest(scratch.at(file))).to.include({ code: 0, closing: '1 passed, 0 failed' });
    }
  });

  it('runs long tests in a lane of their own and adds both up', () => {
    treeWith(scratch, `${asking} it('asks', () => undefined); }); ${passing}`, { missing: null });
    scratch.write('.mocharc.json', '{ "spec": ["test/dist/**/*.test.js"], "fail-zero": true }');
    scratch.write('test/dist/kill/b.test.js', `${asking.replace('./', '../')} it('asks, too', () => undefined); });`);
    scratch.write('test/dist/simulation/c.test.js', "it('is long', () => { throw new Error('as told'); });");
    const { code, out, closing } = npmTest();
    for (const title of ['needs nothing', 'asks, too', '1) is long']) expect(out).to.include(title);
    expect(out).to.include('server postgresql 99.9: 2 tests spoke to it');
    expect(closing).to.equal('3 passed, 1 failed');
    expect(code).to.equal(1);
  });

  it('runs what uses both cores alone, after the others have ended, and adds it up, too', () => {
    treeWith(scratch, `${asking} it('asks', () => undefined); });`, { missing: null });
    scratch.write('.mocharc.json', '{ "spec": ["test/dist/**/*.test.js"], "fail-zero": true }');
    const mark = scratch.at('ended');
    const fs = "import { existsSync, writeFileSync } from 'node:fs';";
    scratch.write('test/dist/kill/b.test.js', `${fs} it('ends', () => writeFileSync('${mark}', ''));`);
    scratch.write(
      'test/dist/simulation/simulation.test.js',
      `${fs} it('is alone', () => { if (!existsSync('${mark}')) throw new Error('too early'); });`,
    );
    expect(npmTest()).to.include({ code: 0, closing: '3 passed, 0 failed' });
  });

  it('closes with a failure when nothing could be compiled', () => {
    treeWith(scratch, passing, { missing: null });
    scratch.write('test/a.ts', 'export const wrong: never = 1;');
    const { code, err, closing } = npmTest();
    expect(err).to.include('tsc -b failed');
    expect(closing).to.equal('0 passed, 1 failed');
    expect(code).to.equal(1);
  });
});

describe('scripts/setup-servers', () => {
  interface SetupServers {
    mayInstall: (env: NodeJS.ProcessEnv, uid: number) => boolean;
  }

  it('installs unasked only for root and for CI, and only where apt-get is', async () => {
    const scratch = new Scratch();
    const url = pathToFileURL(path.join(root, 'scripts/setup-servers.mjs')).href;
    const { mayInstall } = (await import(url)) as SetupServers;
    const PATH = scratch.programs({ 'apt-get': 'exit 0' });
    expect(mayInstall({ PATH }, 0)).to.equal(true);
    expect(mayInstall({ PATH, CI: 'true' }, 1000)).to.equal(true);
    expect(mayInstall({ PATH }, 1000)).to.equal(false);
    expect(mayInstall({ PATH: '', CI: 'true' }, 0)).to.equal(false);
    scratch.remove();
  });

  it('calls apt-get itself, never sudo', () => {
    const scratch = new Scratch();
    const log = scratch.at('calls');
    const note = (name: string): string => `echo ${name} "$@" >> "${log}"`;
    const PATH = scratch.programs({ 'apt-get': note('apt-get'), sudo: note('sudo') });
    const { code } = runScript(path.join(root, 'scripts/setup-servers.mjs'), [], { PATH });
    expect(code).to.equal(0);
    expect(scratch.read('calls').trimEnd().split('\n')).to.deep.equal([
      'apt-get update',
      'apt-get install -y --no-install-recommends postgresql openssh-server libnss-wrapper',
    ]);
    scratch.remove();
  });
});
