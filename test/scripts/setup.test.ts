import { expect } from 'chai';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, runScript, Scratch } from './run-script.js';

const script = path.join(root, 'scripts/setup.mjs');
const tools = { python3: 'exit 0', make: 'exit 0', 'g++': 'exit 0' };

describe('scripts/setup', () => {
  let scratch: Scratch;

  beforeEach(() => {
    scratch = new Scratch();
    scratch.write('node/include/node/node_version.h', '');
  });

  afterEach(() => {
    scratch.remove();
  });

  const environment = (programs: Record<string, string>): NodeJS.ProcessEnv => ({
    PATH: scratch.programs(programs),
    npm_config_nodedir: scratch.at('node'),
  });

  it('says in one line which tools are missing and how to get them', () => {
    const { code, out, err } = runScript(script, ['--check'], environment({ 'apt-get': 'exit 0' }));
    expect(code).to.equal(1);
    expect(out).to.equal('');
    expect(err.trimEnd().split('\n')).to.have.length(1);
    expect(err).to.match(/^Missing: python3, make, g\+\+ .* Get them with: \S+/);
  });

  it('names only what is missing', () => {
    const { code, err } = runScript(script, ['--check'], environment({ python3: 'exit 0', make: 'exit 0' }));
    expect(code).to.equal(1);
    expect(err).to.match(/^Missing: g\+\+ .* Get it with: /);
  });

  it('says in one line that the headers of Node are missing', () => {
    const env = { ...environment(tools), npm_config_nodedir: scratch.at('nowhere') };
    const { code, err } = runScript(script, ['--check'], env);
    expect(code).to.equal(1);
    expect(err.trimEnd().split('\n')).to.have.length(1);
    expect(err).to.include("Node's headers are missing").and.to.include(scratch.at('nowhere'));
  });

  it('says nothing where nothing is missing', () => {
    expect(runScript(script, ['--check'], environment(tools))).to.deep.equal({ code: 0, out: '', err: '' });
  });

  it('does not call npm where a tool is missing', () => {
    cpSync(path.join(root, 'scripts'), scratch.at('tree/scripts'), { recursive: true });
    const env = environment({ npm: `touch "${scratch.at('npm-was-called')}"` });
    const { code, err } = runScript(scratch.at('tree/scripts/setup.mjs'), [], env);
    expect(code).to.equal(1);
    expect(err).to.match(/^Missing: python3, make, g\+\+/);
    expect(existsSync(scratch.at('npm-was-called'))).to.equal(false);
  });

  it('shows the end of the log and fails when npm fails', () => {
    cpSync(path.join(root, 'scripts'), scratch.at('tree/scripts'), { recursive: true });
    const npm = 'i=1; while [ $i -le 30 ]; do echo "npm line $i"; i=$((i + 1)); done; exit 7';
    const { code, err } = runScript(scratch.at('tree/scripts/setup.mjs'), [], environment({ ...tools, npm }));
    expect(code).to.equal(1);
    expect(err).to.include('npm ci failed (7)').and.to.include('npm line 30\n').and.to.include('npm line 11\n');
    expect(err).not.to.include('npm line 10\n');
  });
});

describe('scripts/stale-output', () => {
  it('removes the output of a deleted source, and nothing else', async () => {
    const scratch = new Scratch();
    scratch.write('tsconfig.json', '{ "references": [{ "path": "room" }] }');
    scratch.write('room/tsconfig.json', '{ "compilerOptions": { "rootDir": "src" } }');
    scratch.write('room/src/kept.ts', '');
    for (const name of ['kept', 'gone']) {
      for (const ending of ['js', 'js.map', 'd.ts', 'd.ts.map']) scratch.write(`room/dist/${name}.${ending}`, '');
    }
    scratch.write('room/dist/schema.json', '{}');
    const url = pathToFileURL(path.join(root, 'scripts/stale-output.mjs')).href;
    const { pruneStaleOutput } = (await import(url)) as { pruneStaleOutput: (folder: string) => void };
    pruneStaleOutput(scratch.folder);
    const left = ['kept.js', 'kept.d.ts', 'schema.json', 'gone.js', 'gone.js.map', 'gone.d.ts', 'gone.d.ts.map'].filter(
      (name) => existsSync(scratch.at('room/dist', name)),
    );
    expect(left).to.deep.equal(['kept.js', 'kept.d.ts', 'schema.json']);
    scratch.remove();
  });

  it('makes the compiler write again into a folder that was emptied', async () => {
    const scratch = new Scratch();
    scratch.write('tsconfig.json', '{ "references": [{ "path": "room" }] }');
    scratch.write('room/tsconfig.json', '{}');
    scratch.write('room/tsconfig.tsbuildinfo', '{}');
    const url = pathToFileURL(path.join(root, 'scripts/stale-output.mjs')).href;
    const { pruneStaleOutput } = (await import(url)) as { pruneStaleOutput: (folder: string) => void };
    pruneStaleOutput(scratch.folder);
    expect(existsSync(scratch.at('room/tsconfig.tsbuildinfo'))).to.equal(false);
    expect(readFileSync(scratch.at('room/tsconfig.json'), 'utf8')).to.equal('{}');
    scratch.remove();
  });
});
