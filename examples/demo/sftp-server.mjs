/** An SFTP server inside this process: one login, one folder, reading only. Its host key lives as long as it does. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { lstat, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import ssh2 from 'ssh2';

const { STATUS_CODE, OPEN_MODE } = ssh2.utils.sftp;

/** Serves `folder` to one login on a free port of this machine. */
export async function startSftpServer(folder) {
  const key = ssh2.utils.generateKeyPairSync('ed25519');
  const user = 'hr-upload';
  const password = randomBytes(12).toString('base64url');
  const clients = new Set();
  const server = new ssh2.Server({ hostKeys: [key.private] }, (client) => {
    clients.add(client);
    client.on('close', () => clients.delete(client)).on('error', () => undefined);
    client.on('authentication', (attempt) => {
      const isRight = attempt.method === 'password' && attempt.username === user && attempt.password === password;
      if (isRight) attempt.accept();
      else attempt.reject(['password']);
    });
    client.on('session', (accept) => accept().on('sftp', (acceptSftp) => serve(acceptSftp(), folder)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: '127.0.0.1',
    port: server.address().port,
    user,
    password,
    hostKey: fingerprintOf(key.public),
    async stop() {
      for (const client of clients) client.end();
      server.close();
      await once(server, 'close');
    },
  };
}

/** As `ssh-keygen -lf` prints it. */
function fingerprintOf(publicKey) {
  const blob = Buffer.from(publicKey.split(' ')[1], 'base64');
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

function serve(sftp, folder) {
  const handles = new Handles();
  const placeOf = (name) => path.join(folder, path.posix.normalize(`/${name}`));
  const answer = (request, work) =>
    work().catch((error) => {
      sftp.status(request, error.code === 'ENOENT' ? STATUS_CODE.NO_SUCH_FILE : STATUS_CODE.FAILURE, error.message);
    });
  const tellAttributes = (request, name) =>
    answer(request, async () => sftp.attrs(request, attributesOf(await lstat(placeOf(name)))));

  sftp.on('REALPATH', (request, name) => {
    sftp.name(request, [{ filename: path.posix.normalize(`/${name}`), longname: '', attrs: {} }]);
  });
  sftp.on('STAT', tellAttributes).on('LSTAT', tellAttributes);
  sftp.on('OPENDIR', (request, name) =>
    answer(request, async () => {
      const place = placeOf(name);
      const names = await readdir(place);
      const entries = await Promise.all(
        names.map(async (filename) => entryOf(filename, await lstat(path.join(place, filename)))),
      );
      sftp.handle(request, handles.add({ entries }));
    }),
  );
  sftp.on('READDIR', (request, handle) => {
    const { entries } = handles.get(handle);
    if (entries.length === 0) sftp.status(request, STATUS_CODE.EOF);
    else sftp.name(request, entries.splice(0));
  });
  sftp.on('OPEN', (request, name, flags) =>
    answer(request, async () => {
      if (flags & OPEN_MODE.WRITE) sftp.status(request, STATUS_CODE.PERMISSION_DENIED);
      else sftp.handle(request, handles.add({ file: await open(placeOf(name), 'r') }));
    }),
  );
  sftp.on('FSTAT', (request, handle) =>
    answer(request, async () => sftp.attrs(request, attributesOf(await handles.get(handle).file.stat()))),
  );
  sftp.on('READ', (request, handle, offset, length) =>
    answer(request, async () => {
      const { bytesRead, buffer } = await handles.get(handle).file.read(Buffer.alloc(length), 0, length, offset);
      if (bytesRead === 0) sftp.status(request, STATUS_CODE.EOF);
      else sftp.data(request, buffer.subarray(0, bytesRead));
    }),
  );
  sftp.on('CLOSE', (request, handle) =>
    answer(request, async () => {
      await handles.take(handle)?.file?.close();
      sftp.status(request, STATUS_CODE.OK);
    }),
  );
}

class Handles {
  #open = new Map();
  #last = 0;

  add(what) {
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(++this.#last);
    this.#open.set(this.#last, what);
    return handle;
  }

  get(handle) {
    return this.#open.get(handle.readUInt32BE());
  }

  take(handle) {
    const what = this.get(handle);
    this.#open.delete(handle.readUInt32BE());
    return what;
  }
}

function attributesOf({ mode, size, uid, gid, atimeMs, mtimeMs }) {
  return { mode, size, uid, gid, atime: Math.floor(atimeMs / 1000), mtime: Math.floor(mtimeMs / 1000) };
}

/** The first letter of the long name is how clients tell files from folders. */
function entryOf(filename, stats) {
  const type = stats.isDirectory() ? 'd' : stats.isSymbolicLink() ? 'l' : '-';
  const longname = `${type}r--r--r-- 1 hr hr ${stats.size} Jan 1 00:00 ${filename}`;
  return { filename, longname, attrs: attributesOf(stats) };
}
