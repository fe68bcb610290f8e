import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect } from 'chai';
import { runInProcess } from '../cli/support.js';
import type { ErrorAnswer } from './cli-documents.js';
import { RunningService } from './running-service.js';
import {
  appliedProject,
  emptyProject,
  NEXT_DAY,
  hrFile,
  nextHr,
  removesProjects,
  syncedProject,
  type TestProject,
} from './support.js';

/** How a command line is refused that runs in this process. */
async function refusal(project: TestProject, args: string[]): Promise<{ exitCode: number; code: string | undefined }> {
  const { exitCode, error } = await runInProcess([...args, '--project', project.root]);
  return { exitCode, code: error?.code };
}

describe('e2e/serve', () => {
  removesProjects();

  const keyOf = async (project: TestProject, ...flags: string[]): Promise<string> =>
    (await project.json<{ token: string }>(['apikey', 'create', 'intranet', ...flags], 0)).token;

  const get = (url: string, token: string): Promise<Response> =>
    fetch(url, { headers: { authorization: `Bearer ${token}` } });

  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    it(`serves with a key of the command line, and ends with 0 at ${signal} while somebody waits for events`, async () => {
      const project = await syncedProject();
      const token = await keyOf(project);
      await using service = new RunningService(project.start(['serve', '--port', '0', '--json']));
      const url = await service.url();
      const users = (await (await get(`${url}/v1/tenants/acme/users`, token)).json()) as { items: unknown[] };
      expect(users).to.deep.equal(await project.json(['users', 'list'], 0));
      const waiting = get(`${url}/v1/tenants/acme/events?after=100000&wait=60`, token);
      for (;;) if ((await (await fetch(`${url}/metrics`)).text()).includes('long_polls_waiting 1\n')) break;
      const { exitCode, stdout, stderr } = await service.stop(signal);
      expect(((await (await waiting).json()) as { items: unknown[] }).items).to.deep.equal([]);
      expect(exitCode, stderr).to.equal(0);
      expect(JSON.parse(stdout)).to.deep.equal({ format: 'rollcall.serve/1', exitCode: 0, url });
      expect(stderr).to.contain('"route":"/v1/tenants/:tenant/users"').and.not.contain(token.slice(17));
    });

  it('shows what the command line changes while it serves, and wakes who waits for it', async () => {
    const project = await syncedProject();
    const token = await keyOf(project);
    await using service = new RunningService(project.start(['serve', '--port', '0', '--quiet']));
    const url = await service.url();
    const head = (await project.json<{ items: { sequence: number }[] }>(['events', 'list'], 0)).items.at(-1)?.sequence;
    const waiting = get(`${url}/v1/tenants/acme/events?after=${head ?? 0}&wait=60`, token);
    for (;;) if ((await (await fetch(`${url}/metrics`)).text()).includes('long_polls_waiting 1\n')) break;
    await nextHr(project, hrFile({ E1001: null }));
    await project.json(['sync'], 0, { now: NEXT_DAY });
    const { items } = (await (await waiting).json()) as { items: { sequence: number }[] };
    expect(items[0]?.sequence).to.equal((head ?? 0) + 1);
    const { exitCode, stderr } = await service.stop('SIGTERM');
    expect([exitCode, stderr.trim()]).to.deep.equal([0, '']);
  });

  it('reads the directories by itself when they are due, and says how that goes', async () => {
    const project = await appliedProject();
    await using service = new RunningService(project.start(['serve', '--port', '0', '--quiet']));
    const url = await service.url();
    for (;;) {
      const { items } = await project.json<{ items: { directory: string; lastOutcome: string | null }[] }>(
        ['sync', 'status'],
        0,
      );
      if (items.length === 2 && items.every(({ lastOutcome }) => lastOutcome === 'finished')) break;
    }
    const { items: users } = await project.json<{ items: unknown[] }>(['users', 'list'], 0);
    expect(users).to.have.length(4);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).to.include('rollcall_directories{state="fresh"} 2').and.to.include('{state="stale"} 0');
    expect((await service.stop('SIGTERM')).exitCode).to.equal(0);
  });

  it('reads nothing by itself with --slots 0', async () => {
    const project = await appliedProject();
    await using service = new RunningService(project.start(['serve', '--port', '0', '--quiet', '--slots', '0']));
    expect((await fetch(`${await service.url()}/readyz`)).status).to.equal(200);
    expect((await service.stop('SIGTERM')).exitCode).to.equal(0);
    expect(await project.json(['sync', 'status'], 0))
      .to.include({ next: null })
      .and.have.property('items').that.is.empty;
  });

  it('writes a log for people: one line a request, without addresses', async () => {
    const project = await syncedProject();
    await using service = new RunningService(project.start(['serve', '--port', '0']));
    await fetch(`${await service.url()}/v1/tenants?secret=1`);
    const { stderr, stdout } = await service.stop('SIGTERM');
    expect(stdout).to.match(/^Rollcall listens on http:\/\/127\.0\.0\.1:\d+\n$/);
    expect(stderr).to.match(/^\S+Z request method=GET route=\/v1\/tenants status=401 ms=[\d.]+$/m);
    expect(stderr).to.not.contain('secret');
  });

  it('says plainly where a port is taken, and what is no port', async () => {
    const project = await syncedProject();
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    try {
      const { error } = await project.json<ErrorAnswer>(['serve', '--port', String(port)], 1);
      expect(error.code).to.equal('RC_LISTEN_FAILED');
      expect(error.message).to.equal(
        `The service cannot listen on 127.0.0.1 port ${port}: another process listens there.`,
      );
    } finally {
      taken.close();
    }
    for (const wrong of ['65536', 'http', '-1'])
      expect((await refusal(project, ['serve', `--port=${wrong}`])).code).to.equal('RC_USAGE_NUMBER_INVALID');
    expect((await refusal(await emptyProject(), ['serve'])).code).to.equal('RC_PROJECT_NOT_FOUND');
  });
});

describe('e2e/apikey', () => {
  removesProjects();

  it('makes, lists, rotates and revokes a key', async () => {
    const project = await syncedProject();
    interface Key {
      apiKey: { id: string; tenants: string[] | null; revokedAt: string | null; tokens: unknown[] };
      token: string;
    }
    const made = await project.json<Key>(['apikey', 'create', 'intranet', '--rights', 'read,write'], 0);
    expect(made.apiKey.tenants).to.deep.equal(['acme']);
    const rotated = await project.json<Key>(['apikey', 'rotate', made.token.slice(0, 16)], 0);
    expect([rotated.apiKey.id, rotated.apiKey.tokens.length]).to.deep.equal([made.apiKey.id, 2]);
    const listed = await project.run(['apikey', 'list']);
    expect(listed.stdout).to.contain('intranet').and.not.contain(made.token.slice(17));
    const revoked = await project.json<Key>(['apikey', 'revoke', made.apiKey.id], 0);
    expect(revoked.apiKey.revokedAt).to.not.equal(null);
    expect((await project.json<{ items: unknown[] }>(['apikey', 'list'], 0)).items).to.deep.equal([]);
    expect((await project.run(['apikey', 'list'])).stdout).to.contain('No API keys.');
  });

  it('refuses what makes no key', async () => {
    const project = await syncedProject();
    const refusals: [string[], number, string][] = [
      [['create', 'x', '--rights', 'reed'], 64, 'RC_API_KEY_REQUEST'],
      [['create', 'x', '--rights', ''], 64, 'RC_API_KEY_REQUEST'],
      [['create', 'x', '--tenants', 'acne'], 64, 'RC_API_KEY_REQUEST'],
      [['create', ' '], 64, 'RC_API_KEY_REQUEST'],
      [['create', 'x', '--until', 'soon'], 64, 'RC_USAGE_INSTANT_INVALID'],
      [['create', 'x', '--until', '2020-01-01'], 64, 'RC_API_KEY_REQUEST'],
      [['rotate', 'key-none'], 1, 'RC_API_KEY_NOT_FOUND'],
      [['rotate', 'key-none', '--overlap-hours', 'x'], 64, 'RC_USAGE_NUMBER_INVALID'],
      [['revoke', 'rck_none'], 1, 'RC_API_KEY_NOT_FOUND'],
    ];
    for (const [args, exitCode, code] of refusals)
      expect(await refusal(project, ['apikey', ...args]), args.join(' ')).to.deep.equal({ exitCode, code });
    const acme = await project.read('tenants/acme.yaml');
    await project.write('tenants/bravo.yaml', acme.replace('tenant: acme', 'tenant: bravo'));
    const two = await refusal(project, ['apikey', 'create', 'x']);
    expect(two).to.deep.equal({ exitCode: 64, code: 'RC_USAGE_TENANT_NEEDED' });
  });
});
