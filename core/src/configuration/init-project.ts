import { RollcallError } from '@rollcall/connector-kit';
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EXAMPLE_FILES, INBOX_FOLDERS, PROJECT_TEMPLATE } from './project-template.js';

const KEY_FILE = '.rollcall/secret.key';

/**
 * Writes a new project: configuration, a tenant with two directories, mappings with their cases, a secret key. With
 * `example` also the files of three people in two sources. Nothing that is there already is written over.
 *
 * @returns the files written, relative to the folder.
 * @throws {RollcallError} `RC_INIT_NOT_EMPTY` when one of the files is there; then nothing was written.
 */
export async function initProject(folder: string, { example }: { example: boolean }): Promise<{ written: string[] }> {
  const root = path.resolve(folder);
  const key = { file: KEY_FILE, text: `${randomBytes(32).toString('base64')}\n` };
  const files = [...PROJECT_TEMPLATE, ...(example ? EXAMPLE_FILES : []), key];
  for (const { file } of files) await refuseExisting(root, file);
  for (const inbox of INBOX_FOLDERS) await mkdir(path.join(root, inbox), { recursive: true });
  await mkdir(path.join(root, path.dirname(KEY_FILE)), { recursive: true, mode: 0o700 });
  for (const { file, text } of files) await write(root, file, text);
  return { written: files.map(({ file }) => file) };
}

async function refuseExisting(root: string, file: string): Promise<void> {
  const isThere = await lstat(path.join(root, file)).then(
    () => true,
    (error: unknown) => (error as NodeJS.ErrnoException).code !== 'ENOENT',
  );
  if (isThere) throw notEmpty(root, file);
}

async function write(root: string, file: string, text: string): Promise<void> {
  const absolute = path.join(root, file);
  await mkdir(path.dirname(absolute), { recursive: true });
  try {
    await writeFile(absolute, text, { flag: 'wx', mode: file === KEY_FILE ? 0o600 : 0o644 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw notEmpty(root, file);
    throw error;
  }
}

function notEmpty(root: string, file: string): RollcallError {
  return new RollcallError('RC_INIT_NOT_EMPTY', 1, 'stop', {
    what: `${path.join(root, file)} is there already.`,
    where: { file },
    mend: 'Name another folder, or move that file away.',
  });
}
