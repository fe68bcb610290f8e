import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { ServiceProvider, token, type ServiceProviderOptions } from '../support/service-provider.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const bin = path.join(root, 'simulators/bin/rollcall-simulate.js');

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe('simulators/cli: rollcall-simulate', () => {
  let folder: string;
  let server: ServiceProvider;
  let url: string;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'rollcall-simulate-'));
    symlinkSync(bin, path.join(folder, 'rollcall-simulate'));
    await serve();
  });

  afterEach(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  async function serve(options: ServiceProviderOptions = {}): Promise<void> {
    server = new ServiceProvider(options);
    url = await server.start();
  }

  function shell(line: string): Promise<Ended> {
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH ?? ''}`, SCIM_TOKEN: token, U: url };
    return new Promise((resolve) => {
      execFile('bash', ['-c', line], { cwd: folder, env }, (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  }

  function simulate(rest: string): Promise<Ended> {
    return shell(`rollcall-simulate ${rest}`);
  }

  /** Each example begins on an empty server, unless it goes on from the one before. */
  async function runExamples(lines: readonly string[]): Promise<void> {
    for (const line of lines) {
      if (/^rollcall-simulate (run|assign) /.test(line)) {
        await server.stop();
        await serve();
      }
      const { exitCode, stderr } = await shell(line.replaceAll('http://127.0.0.1:8080/scim/v2/acme', url));
      expect([line, exitCode, stderr]).to.deep.equal([line, 0, '']);
    }
  }

  it('runs the examples of the README', async () => {
    const text = readFileSync(path.join(root, 'simulators/README.md'), 'utf8');
    const examples = [...text.matchAll(/^rollcall-simulate .*$/gm)].map(([line]) => line);
    expect(examples).to.have.length(7);
    await runExamples(examples);
  });

  it('shows in the README what it prints', async () => {
    const { stdout } = await simulate('run okta --url $U --token env:SCIM_TOKEN --people 50 --groups 5');
    expect(readFileSync(path.join(root, 'simulators/README.md'), 'utf8')).to.contain(`\`\`\`\n${stdout}\`\`\``);
  });

  it('runs the examples of its help', async () => {
    const { stdout, exitCode } = await simulate('--help');
    expect(exitCode).to.equal(0);
    const examples = [...stdout.matchAll(/^ {2}\$ (rollcall-simulate (?!COMMAND).*)$/gm)].map(([, line]) => line ?? '');
    expect(examples).to.have.length(3);
    await runExamples(examples);
  });

  it('ends with 1 and says what differs', async () => {
    await server.stop();
    await serve({ mistakes: { takesTextAsTrue: true } });
    const run = await simulate('run entra --url $U --token env:SCIM_TOKEN --people 20 --groups 2 --json');
    expect(run.exitCode).to.equal(1);
    const document = JSON.parse(run.stdout) as { exitCode: number; differences: { kind: string; attribute: string }[] };
    expect(document.exitCode).to.equal(1);
    expect(document.differences.map(({ kind, attribute }) => [kind, attribute])).to.deep.include([
      'attribute',
      'active',
    ]);
  });

  it('lists problems and differences for people, the first twenty of each', async () => {
    await server.stop();
    await serve({
      fate: ({ method, path }) =>
        method === 'POST' && path === '/Users' ? { kind: 'answer', status: 413 } : undefined,
    });
    const { exitCode, stdout } = await simulate('run rippling --url $U --token env:SCIM_TOKEN --people 30 --groups 1');
    expect(exitCode).to.equal(1);
    const lines = stdout.split('\n');
    expect(lines[0]).to.equal('Rippling: the connection test passed.');
    expect(lines[1]).to.match(/^Assignment: 31 tasks, /);
    expect(lines[2]).to.equal('  hire p00001: POST /scim/v2/acme/Users: 413');
    expect(lines[22]).to.equal('  … and 10 more problems');
    expect(stdout).to.match(/^\d+ differences:\n {2}missing: Users p00001, expected null, is null$/m);
    expect(stdout).to.match(/^ {2}… and \d+ more differences$/m);
  });

  it('takes the token from a file and never prints it', async () => {
    writeFileSync(path.join(folder, 'token'), `${token}\n`);
    const { exitCode, stdout, stderr } = await simulate('test okta --url $U --token file:token --json');
    expect(exitCode).to.equal(0);
    expect(stdout + stderr).not.to.contain(token);
  });

  it('keeps what it remembers where only the owner reads it', async () => {
    await simulate('assign okta --url $U --token env:SCIM_TOKEN --people 5 --groups 1 --state s.json');
    expect(statSync(path.join(folder, 's.json')).mode & 0o777).to.equal(0o600);
    const again = await simulate('assign okta --url $U --token env:SCIM_TOKEN --state s.json');
    expect([again.exitCode, again.stderr]).to.deep.equal([
      64,
      'Everybody is assigned already: s.json says so. Remove it to begin anew.\n',
    ]);
  });

  for (const { what, line, exitCode, says } of [
    { what: 'an unknown command', line: 'go okta', exitCode: 64, says: 'There is no command "go"' },
    { what: 'an unknown dialect', line: 'run octa', exitCode: 64, says: 'There is no dialect "octa"' },
    { what: 'an argument too many', line: 'run okta now', exitCode: 64, says: '"now" is one argument too many' },
    { what: 'an unknown flag', line: 'run okta --speed 3', exitCode: 64, says: "Unknown option '--speed'" },
    { what: 'no address', line: 'run okta --token env:SCIM_TOKEN', exitCode: 64, says: '--url is needed' },
    { what: 'a strange address', line: 'run okta --url ftp://x --token env:X', exitCode: 64, says: 'no http or https' },
    {
      what: 'half a person',
      line: 'run okta --url $U --token env:X --people 1.5',
      exitCode: 64,
      says: 'no whole number',
    },
    { what: 'a share above one', line: 'run okta --url $U --token env:X --drops 2', exitCode: 64, says: 'no share' },
    {
      what: 'an unknown setting',
      line: 'run okta --url $U --token env:X --set put=full',
      exitCode: 64,
      says: 'has no setting "put"',
    },
    { what: 'an unknown value', line: 'run okta --url $U --token env:X --set style=x', exitCode: 64, says: 'oin, aiw' },
    { what: 'a bare token', line: 'run okta --url $U --token s3cret', exitCode: 64, says: 'env:NAME or file:PATH' },
    {
      what: 'a week before the assignment',
      line: 'week okta --url $U --token env:SCIM_TOKEN --state s',
      exitCode: 64,
      says: 'goes on from an assignment',
    },
    {
      what: 'a comparison with nothing',
      line: 'compare okta --url $U --token env:SCIM_TOKEN',
      exitCode: 64,
      says: '--state FILE or --expected FILE',
    },
    {
      what: 'no such variable',
      line: 'run okta --url $U --token env:NOT_SET',
      exitCode: 78,
      says: 'NOT_SET is not set',
    },
    { what: 'no such file', line: 'run okta --url $U --token file:none', exitCode: 78, says: 'none cannot be read' },
    {
      what: 'a document of another kind',
      line: 'compare okta --url $U --token env:SCIM_TOKEN --expected /dev/null',
      exitCode: 78,
      says: 'no JSON',
    },
    {
      what: 'a wrong token',
      line: 'run entra --url $U --token env:PATH',
      exitCode: 69,
      says: '401: The token is wrong.',
    },
    {
      what: 'nobody there',
      line: 'run okta --url http://127.0.0.1:1/ --token env:SCIM_TOKEN',
      exitCode: 69,
      says: 'cannot be reached: ECONNREFUSED',
    },
  ])
    it(`says what to do about ${what}`, async () => {
      const ended = await simulate(line);
      expect([ended.exitCode, ended.stdout]).to.deep.equal([exitCode, '']);
      expect(ended.stderr).to.contain(says).and.not.contain('    at ');
    });

  it('says it as a document, too', async () => {
    const { exitCode, stdout, stderr } = await simulate('run okta --url $U --token env:NOT_SET --json');
    expect([exitCode, stderr]).to.deep.equal([78, '']);
    expect(JSON.parse(stdout)).to.deep.equal({
      format: 'rollcall.simulate/1',
      exitCode: 78,
      error: { message: 'The environment variable NOT_SET is not set.' },
    });
  });
});
