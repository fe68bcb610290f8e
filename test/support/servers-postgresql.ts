import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A PostgreSQL of the test run's own: a new data folder, loopback only, nothing synced to disk. */
export interface RunningPostgresql {
  readonly url: string;
  stop(): Promise<void>;
}

interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

const superuser = 'rollcall';
const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '200' };

export async function startPostgresql(binaries: string): Promise<RunningPostgresql> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-pg-'));
  const owner = unprivilegedOwner();
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid);
  const dataFolder = path.join(folder, 'data');
  const auth = ['--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync', `--username=${superuser}`];
  execFileSync(path.join(binaries, 'initdb'), [...auth, '-D', dataFolder], { ...owner, cwd: folder, stdio: 'pipe' });
  const port = await freePort();
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const address = ['-h', '127.0.0.1', '-p', String(port), '-k', folder];
  const child = spawn(path.join(binaries, 'postgres'), ['-D', dataFolder, ...address, ...options], {
    ...owner,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const killIt = (): void => void child.kill('SIGQUIT');
  const endNow = (): void => process.exit(143); // a signal alone would skip the handlers of exit
  process.once('exit', killIt).once('SIGTERM', endNow);
  await untilReady(child);
  return {
    url: `postgres://${superuser}@127.0.0.1:${port}/postgres`,
    async stop() {
      process.off('exit', killIt).off('SIGTERM', endNow);
      child.kill('SIGINT'); // PostgreSQL's fast shutdown
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** `initdb` and `postgres` refuse root. */
function unprivilegedOwner(): Owner {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: '-u' | '-g', user: string): number => Number(execFileSync('id', [flag, user], { stdio: 'pipe' }));
  const user = ['postgres', 'nobody'].find((name) => {
    try {
      return idOf('-u', name) > 0;
    } catch {
      return false;
    }
  });
  if (user === undefined)
    throw new Error('PostgreSQL refuses to run as root, and there is no user postgres or nobody.');
  return { uid: idOf('-u', user), gid: idOf('-g', user) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (log.length > 100_000) return; // read on, else the pipe fills, but keep no more
      log += text;
      if (log.includes('database system is ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`PostgreSQL ended before it was ready (${code}):\n${log}`));
    });
  });
}
