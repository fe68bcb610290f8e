import { expect } from 'chai';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readSecretKey, resolveSecret, secretReference, type SecretReference } from '#core/configuration/secrets.js';
import { rejectionsOf } from '../mapping/errors.js';

const where = { file: 'tenants/acme.yaml', line: 7, column: 3 };

function reference(text: string): SecretReference {
  return secretReference(text, where) ?? expect.fail(`${text} is no reference`);
}

describe('core/configuration/secrets', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'rollcall-secrets-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('knows a reference from a secret', () => {
    for (const text of ['env:A', 'file:a b/c']) expect(secretReference(text, where)).to.include({ text });
    for (const text of ['', 'env:', 'file:', 'geheim', 'vault:a', ' env:A'])
      expect(secretReference(text, where)).to.equal(null);
  });

  it('reads the environment that it is given', async () => {
    expect(await resolveSecret(reference('env:SFTP'), { root, env: { SFTP: ' geheim ' } })).to.equal(' geheim ');
  });

  for (const env of [{}, { SFTP: '' }, { SFTP: undefined }]) {
    it(`misses a variable that is ${JSON.stringify(env)}, and says where it is wanted`, async () => {
      const [error] = await rejectionsOf(resolveSecret(reference('env:SFTP'), { root, env }));
      expect(error).to.deep.include({ code: 'RC_SECRET_MISSING', exitCode: 78, where });
      expect(error?.message).to.include('SFTP');
      expect(error?.mend).to.include('SFTP');
    });
  }

  it('reads a file without the line end that editors write, and a key of several lines as it is', async () => {
    await writeFile(path.join(root, 'one'), 'geheim\r\n');
    await writeFile(path.join(root, 'key'), '-----BEGIN-----\nabc\n');
    expect(await resolveSecret(reference('file:one'), { root, env: {} })).to.equal('geheim');
    expect(await resolveSecret(reference('file:key'), { root, env: {} })).to.equal('-----BEGIN-----\nabc\n');
  });

  it('misses a file, and never shows one', async () => {
    const [error] = await rejectionsOf(resolveSecret(reference('file:none'), { root, env: {} }));
    expect(error).to.deep.include({ code: 'RC_SECRET_MISSING', exitCode: 78, where });
    await writeFile(path.join(root, 'short'), 'geheim');
    await chmod(path.join(root, 'short'), 0o600);
    const [invalid] = await rejectionsOf(readSecretKey(reference('file:short'), { root, env: {} }));
    expect(invalid).to.include({ code: 'RC_SECRET_KEY_INVALID', exitCode: 78 });
    expect(JSON.stringify(invalid) + (invalid?.stack ?? '')).not.to.include('geheim');
  });

  it('reads a key of 32 bytes', async () => {
    await writeFile(path.join(root, 'k'), `${Buffer.alloc(32, 7).toString('base64')}\n`);
    expect(await readSecretKey(reference('file:k'), { root, env: {} })).to.deep.equal(Buffer.alloc(32, 7));
  });
});
