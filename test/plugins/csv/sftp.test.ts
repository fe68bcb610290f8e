import { appendFileSync, chmodSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { JsonObject } from '@rollcall/connector-kit';
import { expect } from 'chai';
import { openBadLine, type BadLine } from '../../support/sshd-proxy.js';
import { startSshd, type RunningSshd } from '../../support/sshd.js';
import { usesServer } from '../../support/servers.js';
import {
  acceptedOf,
  errorOf,
  makeProject,
  openConnector,
  readAll,
  type Opened,
  type RequestParts,
  type TestProject,
} from './csv-directory.js';

const HEADER = 'id,name\n';
const STRANGE_KEY = `SHA256:${'A'.repeat(43)}`;

describe('plugins/csv: sftp', () => {
  usesServer('sshd');

  let server: RunningSshd;
  let project: TestProject;
  let folder: string;
  let folders = 0;
  const open: Opened['connector'][] = [];
  const lines: BadLine[] = [];

  before(async () => {
    server = await startSshd();
  });

  after(async () => {
    await server.stop();
  });

  beforeEach(() => {
    project = makeProject();
    folder = server.makeFolder(`in${++folders}`);
  });

  afterEach(async () => {
    for (const connector of open.splice(0)) await connector.close();
    for (const line of lines.splice(0)) await line.close();
    expect(existsSync(project.spool) ? readdirSync(project.spool) : []).to.deep.equal([]);
    project.remove();
  });

  function sftp(parts: JsonObject = {}): JsonObject {
    const { host, port, user, password } = server;
    const login = 'privateKey' in parts ? {} : { password };
    return {
      host,
      port,
      user,
      ...login,
      hostKey: server.fingerprints.ed25519 ?? '',
      folder: path.basename(folder),
      ...parts,
    };
  }

  function connect(parts: JsonObject = {}, rest: JsonObject = {}, wait?: Parameters<typeof openConnector>[2]): Opened {
    const settings = { from: { sftp: sftp(parts) }, ready: { stableSeconds: 0 }, ...rest };
    const opened = openConnector(project, settings, wait);
    open.push(opened.connector);
    return opened;
  }

  function deliver(name: string, content: string): string {
    const place = path.join(folder, name);
    writeFileSync(place, content);
    return place;
  }

  async function refusal(parts: JsonObject, request: RequestParts = {}): Promise<unknown> {
    return errorOf(() => readAll(connect(parts).connector, request));
  }

  it('reads the newest file by name with a password', async () => {
    deliver('a.csv', `${HEADER}E1,Ada\n`);
    deliver('b.csv', `${HEADER}E2,Bob\nE3,Zoë\n`);
    deliver('c.csv.part', `${HEADER}E4,Eve\n`);
    symlinkSync('a.csv', path.join(folder, 'z.csv'));
    const { first, ids } = await readAll(connect().connector);
    expect(first.source?.file).to.equal('b.csv');
    expect(ids).to.deep.equal(['E2', 'E3']);
  });

  it('reads with a private key', async () => {
    deliver('a.csv', `${HEADER}E1,Ada\n`);
    expect((await readAll(connect({ privateKey: server.key }).connector)).ids).to.deep.equal(['E1']);
  });

  it('reads with a private key whose last line break was lost with the reference', async () => {
    deliver('a.csv', `${HEADER}E1,Ada\n`);
    expect((await readAll(connect({ privateKey: server.key.trim() }).connector)).ids).to.deep.equal(['E1']);
  });

  it('reads with an encrypted private key and its passphrase', async () => {
    deliver('a.csv', `${HEADER}E1,Ada\n`);
    const login = { privateKey: server.encryptedKey, passphrase: server.passphrase };
    expect((await readAll(connect(login).connector)).ids).to.deep.equal(['E1']);
  });

  it('refuses an encrypted private key with another passphrase as a matter of settings', async () => {
    const error = await refusal({ privateKey: server.encryptedKey, passphrase: 'another' });
    expect(error).to.include({ code: 'RC_PRIVATE_KEY_UNREADABLE', exitCode: 78 });
  });

  it('refuses a private key that is none as a matter of settings', async () => {
    expect(await refusal({ privateKey: 'no key' })).to.include({ code: 'RC_PRIVATE_KEY_UNREADABLE', exitCode: 78 });
  });

  it('says that the login is refused, and keeps the password to itself', async () => {
    const error = await refusal({ password: 'wrong-secret' });
    expect(error).to.include({ code: 'RC_AUTHENTICATION_FAILED', exitCode: 69 });
    expect(error).to.have.nested.property('where.file', `sftp://127.0.0.1:${server.port}`);
    expect(JSON.stringify(error) + String(error)).not.to.include('wrong-secret');
    expect(server.log()).to.include('Failed password for acme');
  });

  it('refuses another host key before anything about the login is sent', async () => {
    const logged = server.log().length;
    const error = await refusal({ hostKey: STRANGE_KEY });
    expect(error).to.include({ code: 'RC_HOST_KEY_MISMATCH', exitCode: 69 });
    expect(String(error)).to.include(server.fingerprints.ed25519);
    // The server's log of a login, refused or not, names the user.
    await readAll(connect().connector).catch(() => undefined);
    const later = server.log().slice(logged);
    const [beforeLogin, ...logins] = later.split('Accepted password for acme');
    expect(logins).to.have.length(1);
    expect(beforeLogin).to.include('Connection from 127.0.0.1');
    expect(beforeLogin).not.to.include('acme');
    expect(beforeLogin).not.to.include('Failed');
  });

  it('accepts any of several pinned host keys', async () => {
    deliver('a.csv', `${HEADER}E1,Ada\n`);
    const hostKey = [STRANGE_KEY, server.fingerprints.ed25519 ?? ''];
    expect((await readAll(connect({ hostKey }).connector)).ids).to.deep.equal(['E1']);
  });

  it('asks a server for its other host keys when the first that it shows is not the pinned one', async () => {
    const several = await startSshd({ hostKeyTypes: ['ed25519', 'ecdsa', 'rsa'] });
    try {
      writeFileSync(path.join(several.makeFolder('in'), 'a.csv'), `${HEADER}E1,Ada\n`);
      for (const type of ['ed25519', 'ecdsa', 'rsa']) {
        const hostKey = several.fingerprints[type] ?? '';
        const { connector } = connect({ port: several.port, hostKey, folder: 'in' });
        expect((await readAll(connector)).ids, type).to.deep.equal(['E1']);
        await connector.close();
      }
    } finally {
      await several.stop();
    }
  });

  it('says that a folder is not there', async () => {
    const error = await refusal({ folder: 'nowhere' });
    expect(error).to.include({ code: 'RC_SOURCE_UNAVAILABLE', exitCode: 69 });
    expect(error).to.have.nested.property('where.file', 'nowhere');
  });

  it('says that a file may not be read', async () => {
    chmodSync(deliver('a.csv', HEADER), 0o600);
    expect(await refusal({})).to.include({ code: 'RC_PERMISSION_MISSING', exitCode: 69 });
  });

  it('says that nobody listens', async () => {
    const line = await openBadLine(server.port, 'cut', 0);
    await line.close();
    expect(await refusal({ port: line.port })).to.include({ code: 'RC_SOURCE_UNAVAILABLE', exitCode: 69 });
  });

  it('ends a connection that breaks off in the middle of a file, with no page read', async () => {
    deliver('a.csv', HEADER + 'E1,Ada Lovelace\n'.repeat(20_000));
    const line = await openBadLine(server.port, 'cut', 100_000);
    lines.push(line);
    expect(await refusal({ port: line.port })).to.include({ code: 'RC_SOURCE_UNAVAILABLE', exitCode: 69 });
    expect(line.connections()).to.equal(1);
  });

  it('ends a connection that stalls in the middle of a file', async () => {
    deliver('a.csv', HEADER + 'E1,Ada Lovelace\n'.repeat(20_000));
    const line = await openBadLine(server.port, 'stall', 100_000);
    lines.push(line);
    const error = await refusal({ port: line.port, timeoutSeconds: 0.3 });
    expect(error).to.include({ code: 'RC_SOURCE_TIMEOUT', exitCode: 69 });
  });

  it('ends a connection that stalls before the login', async () => {
    const line = await openBadLine(server.port, 'stall', 1);
    lines.push(line);
    const error = await refusal({ port: line.port, timeoutSeconds: 0.3 });
    expect(error).to.include({ code: 'RC_SOURCE_TIMEOUT', exitCode: 69 });
  });

  it('connects again after a connection that broke', async () => {
    deliver('a.csv', HEADER + 'E1,Ada Lovelace\n'.repeat(20_000));
    const line = await openBadLine(server.port, 'cut', 100_000);
    lines.push(line);
    const { connector } = connect({ port: line.port });
    await errorOf(() => readAll(connector));
    await errorOf(() => readAll(connector));
    expect(line.connections()).to.equal(2);
  });

  it('stops at once when it is told to, while the server is silent', async () => {
    deliver('a.csv', HEADER + 'E1,Ada Lovelace\n'.repeat(20_000));
    const line = await openBadLine(server.port, 'stall', 100_000);
    lines.push(line);
    const controller = new AbortController();
    const reason = new Error('told to stop');
    const refused = refusal({ port: line.port }, { signal: controller.signal });
    await line.isBad;
    controller.abort(reason);
    expect(await refused).to.equal(reason);
  });

  it('does not read a file that grows between two looks, and says so', async () => {
    deliver('a.csv', `${HEADER}E1,Ada\n`);
    const settled = await readAll(connect().connector);
    const place = deliver('b.csv', HEADER);
    const grow = (): Promise<void> => {
      writeFileSync(place, `${HEADER}E2,Bob\n`);
      return Promise.resolve();
    };
    const { connector } = connect({}, { ready: { stableSeconds: 30 } }, grow);
    const { first } = await readAll(connector, { accepted: acceptedOf(settled) });
    expect(first.source).to.include({ file: 'a.csv', alreadyAccepted: true });
    expect(first.warnings?.map(({ code }) => code)).to.deep.equal(['RC_FILE_NOT_READY']);
    expect(first).not.to.have.property('complete');
  });

  it('waits 30 seconds between two looks when nothing else is said', async () => {
    deliver('a.csv', `${HEADER}E1,Ada\n`);
    const waits: number[] = [];
    const { connector } = openConnector(project, { from: { sftp: sftp() } }, (ms) => {
      waits.push(ms);
      return Promise.resolve();
    });
    open.push(connector);
    expect((await readAll(connector)).ids).to.deep.equal(['E1']);
    expect(waits).to.deep.equal([30_000]);
  });

  it('does not read a file that grows while it is fetched', async () => {
    const place = deliver('a.csv', HEADER + 'E1,Ada Lovelace\n'.repeat(20_000));
    const grow = (): void => {
      appendFileSync(place, 'E2,Bob\n');
    };
    const line = await openBadLine(server.port, grow, 100_000);
    lines.push(line);
    expect(await refusal({ port: line.port })).to.include({ code: 'RC_FILE_NOT_READY', exitCode: 69 });
    const { ids } = await readAll(connect({ port: line.port }).connector);
    expect(ids).to.have.length(20_001);
  });

  it('moves a committed file to the archive, and does it twice without harm', async () => {
    const content = `${HEADER}E1,Ada\n`;
    deliver('a.csv', content);
    const archive = `${path.basename(folder)}/done/2026`;
    const { connector } = connect({}, { archive });
    const read = await readAll(connector);
    const signal = new AbortController().signal;
    await connector.committed(acceptedOf(read), signal);
    await connector.committed(acceptedOf(read), signal);
    expect(readdirSync(folder)).to.deep.equal(['done']);
    expect(readFileSync(path.join(folder, 'done/2026/a.csv'), 'utf8')).to.equal(content);

    const again = await readAll(connector, { accepted: acceptedOf(read) });
    expect(again.first.source).to.include({ file: 'a.csv', alreadyAccepted: true });
    const forced = await readAll(connector, { accepted: acceptedOf(read), force: true });
    expect(forced.ids).to.deep.equal(['E1']);
  });

  it('keeps both files when one of that name is in the archive already', async () => {
    const archive = `${path.basename(folder)}/done`;
    const { connector } = connect({}, { archive });
    const signal = new AbortController().signal;
    for (const content of [`${HEADER}E1,Ada\n`, `${HEADER}E2,Bob\n`, `${HEADER}E2,Bob\n`]) {
      deliver('a.csv', content);
      await connector.committed(acceptedOf(await readAll(connector)), signal);
    }
    const kept = readdirSync(path.join(folder, 'done')).map((name) =>
      readFileSync(path.join(folder, 'done', name), 'utf8'),
    );
    expect(kept).to.deep.equal([`${HEADER}E1,Ada\n`, `${HEADER}E2,Bob\n`]);
    expect(readdirSync(folder)).to.deep.equal(['done']);
  });

  it('says that a file could not be moved on a server that lets nothing be written', async () => {
    const readOnly = await startSshd({ readOnly: true });
    try {
      const inbox = readOnly.makeFolder('in');
      readOnly.makeFolder('done');
      writeFileSync(path.join(inbox, 'a.csv'), `${HEADER}E1,Ada\n`);
      const parts = { port: readOnly.port, hostKey: readOnly.fingerprints.ed25519 ?? '', folder: 'in' };
      const { connector } = connect(parts, { archive: 'done' });
      const read = await readAll(connector);
      const error = await errorOf(() => connector.committed(acceptedOf(read), new AbortController().signal));
      expect(error).to.include({ code: 'RC_FILE_NOT_ARCHIVED', exitCode: 69 });
      expect(readdirSync(inbox)).to.deep.equal(['a.csv']);
      const again = await readAll(connector, { accepted: acceptedOf(read) });
      expect(again.first.source).to.include({ alreadyAccepted: true });
      await connector.close();
    } finally {
      await readOnly.stop();
    }
  });

  it('refuses an older export under a newer name', async () => {
    const settings = { ready: { manifest: '{file}.json' } };
    deliver('a.csv', `${HEADER}E1,Ada\n`);
    deliver('a.csv.json', JSON.stringify({ generatedAt: '2026-03-09T02:00:00Z' }));
    const accepted = acceptedOf(await readAll(connect({}, settings).connector));
    deliver('b.csv', `${HEADER}E2,Bob\n`);
    deliver('b.csv.json', JSON.stringify({ generatedAt: '2026-03-08T02:00:00Z' }));
    const error = await errorOf(() => readAll(connect({}, settings).connector, { accepted }));
    expect(error).to.include({ code: 'RC_FILE_STALE', exitCode: 1 });
  });

  it('checks step by step, up to the sample', async () => {
    deliver('a.csv', `${HEADER}E1,Ada\n`);
    const report = await connect().connector.check(new AbortController().signal);
    expect(report.steps.filter(({ ok }) => !ok)).to.deep.equal([]);
    expect(report.sample).to.deep.equal([{ kind: 'user', raw: { id: 'E1', name: 'Ada' } }]);
  });

  it('checks step by step, up to the login that is refused', async () => {
    const report = await connect({ password: 'wrong-secret' }).connector.check(new AbortController().signal);
    expect(report.steps).to.have.length(1);
    expect(report.steps[0]).to.include({ ok: false, code: 'RC_AUTHENTICATION_FAILED' });
  });
});
