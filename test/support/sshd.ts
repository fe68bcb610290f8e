import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nssWrapper } from './servers.js';

/** An OpenSSH server of the test's own: own keys, own user list, loopback only; no user of the machine is touched. */
export interface RunningSshd {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly user: 'acme';
  readonly password: string;
  readonly key: string;
  readonly encryptedKey: string;
  readonly passphrase: string;
  /** Fingerprints of the host keys by their type. */
  readonly fingerprints: Readonly<Record<string, string>>;
  /** Folder of this machine that the login sees as its home. */
  readonly home: string;
  /** Makes a folder in the home that the login may write to, and returns its place on this machine. */
  makeFolder(name: string): string;
  /** What the server logged so far. */
  log(): string;
  stop(): Promise<void>;
}

export interface SshdOptions {
  hostKeyTypes?: readonly ('ed25519' | 'ecdsa' | 'rsa')[];
  /** Refuse everything that writes. */
  readOnly?: boolean;
}

const UID = 20001;
const PASSWORD = 'acme-secret';
/** `openssl passwd -6` of the password: a machine with sshd need not have openssl. */
const SHADOW_HASH =
  '$6$rollcall$16HIFfSCYXkBLCROTFHT.LK/49qFWpQNYi.EqSgdMyTUxa1t9rhoVCGdpHJ7f7yDtA/l0UFeFR9g3KxE4EhYS.';
const PASSPHRASE = 'key-passphrase';

export async function startSshd({
  hostKeyTypes = ['ed25519'],
  readOnly = false,
}: SshdOptions = {}): Promise<RunningSshd> {
  const library = nssWrapper();
  if (library === null) throw new Error('libnss-wrapper is not installed; set the servers up: npm run setup:servers');
  if (process.getuid?.() !== 0) throw new Error('sshd can change to its test user only as root.');
  const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-sshd-'));
  chmodSync(folder, 0o755);
  const home = makeOwnedFolder(path.join(folder, 'home'));
  const fingerprints: Record<string, string> = {};
  for (const type of hostKeyTypes) fingerprints[type] = makeKey(path.join(folder, `host_${type}`), type, '');
  makeKey(path.join(folder, 'client'), 'ed25519', '');
  makeKey(path.join(folder, 'client_encrypted'), 'ed25519', PASSPHRASE);
  const port = await freePort();
  writeFiles(folder, home, configuration(folder, port, hostKeyTypes, readOnly));
  mkdirSync('/run/sshd', { recursive: true }); // sshd's privilege separation directory; emptied at boot
  const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', path.join(folder, 'sshd_config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true, // a group of its own, so that the sessions end with it
    env: {
      PATH: process.env.PATH,
      LD_PRELOAD: library,
      NSS_WRAPPER_PASSWD: path.join(folder, 'passwd'),
      NSS_WRAPPER_GROUP: path.join(folder, 'group'),
      NSS_WRAPPER_SHADOW: path.join(folder, 'shadow'),
    },
  });
  const killIt = (): void => {
    killGroup(child);
  };
  process.once('exit', killIt);
  const log = await untilListening(child);
  return {
    host: '127.0.0.1',
    port,
    user: 'acme',
    password: PASSWORD,
    key: readFileSync(path.join(folder, 'client'), 'utf8'),
    encryptedKey: readFileSync(path.join(folder, 'client_encrypted'), 'utf8'),
    passphrase: PASSPHRASE,
    fingerprints,
    home,
    makeFolder: (name) => makeOwnedFolder(path.join(home, name)),
    log,
    async stop() {
      process.off('exit', killIt);
      killIt();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function makeOwnedFolder(place: string): string {
  mkdirSync(place, { recursive: true, mode: 0o755 });
  chownSync(place, UID, UID);
  return place;
}

/** Makes a key pair and returns the fingerprint of the public one. */
function makeKey(file: string, type: string, passphrase: string): string {
  const size = type === 'rsa' ? ['-b', '2048'] : [];
  execFileSync('ssh-keygen', ['-q', '-t', type, ...size, '-N', passphrase, '-C', 'test', '-f', file], {
    stdio: 'pipe',
  });
  const printed = execFileSync('ssh-keygen', ['-l', '-f', `${file}.pub`], { encoding: 'utf8' });
  const fingerprint = /SHA256:\S+/.exec(printed)?.[0];
  if (fingerprint === undefined) throw new Error(`ssh-keygen printed no fingerprint: ${printed}`);
  return fingerprint;
}

function configuration(folder: string, port: number, types: readonly string[], readOnly: boolean): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    'PidFile none',
    ...types.map((type) => `HostKey ${path.join(folder, `host_${type}`)}`),
    'UsePAM no',
    'StrictModes no',
    'PasswordAuthentication yes',
    'KbdInteractiveAuthentication no',
    'PubkeyAuthentication yes',
    `AuthorizedKeysFile ${path.join(folder, 'authorized_keys')}`,
    'AllowUsers acme',
    'MaxStartups 100',
    'UseDNS no',
    'PrintMotd no',
    'Subsystem sftp internal-sftp',
    `ForceCommand internal-sftp -u 0022${readOnly ? ' -R' : ''}`,
    'LogLevel VERBOSE',
    '',
  ].join('\n');
}

function writeFiles(folder: string, home: string, config: string): void {
  const write = (name: string, text: string, mode = 0o644): void => {
    writeFileSync(path.join(folder, name), text, { mode });
  };
  write('sshd_config', config);
  write(
    'passwd',
    `root:x:0:0:root:/root:/bin/sh\nsshd:x:20000:20000::/run/sshd:/usr/sbin/nologin\nacme:x:${UID}:${UID}::${home}:/bin/sh\n`,
  );
  write('group', `root:x:0:\nsshd:x:20000:\nacme:x:${UID}:\n`);
  write(
    'shadow',
    `root:*:19000:0:99999:7:::\nsshd:*:19000:0:99999:7:::\nacme:${SHADOW_HASH}:19000:0:99999:7:::\n`,
    0o600,
  );
  const keys = ['client.pub', 'client_encrypted.pub'].map((name) => readFileSync(path.join(folder, name), 'utf8'));
  write('authorized_keys', keys.join(''));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function untilListening(child: ChildProcess): Promise<() => string> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (log.includes('Server listening on')) resolve(() => log);
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`sshd ended before it was ready (${code}):\n${log}`));
    });
  });
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
