import { RollcallError } from '@rollcall/connector-kit';
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EXAMPLE_FILES, INBOX_FOLDERS, PROJECT_TEMPLATE } from './project-template.js';

const KEY_FILE = '.rollcall/secret.key';

/** Left as it is where the folder has one already; `.rollcall` keeps itself out of version control. */
const OPTIONAL = '.gitignore';

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
  const all = [...PROJECT_TEMPLATE, ...(example ? EXAMPLE_FILES : []), key];
  const files: typeof all = [];
  for (const template of all) {
    const isThere = await exists(root, template.file);
    if (isThere && template.file !== OPTIONAL) throw notEmpty(root, template.file);
    if (!isThere) files.push(template);
  }
  await make(root, '.rollcall', 0o700);
  for (const inbox of INBOX_FOLDERS) await make(root, inbox);
  for (const { file, text } of files) await write(root, file, text);
  return { written: files.map(({ file }) => file) };
}

async function exists(root: string, file: string): Promise<boolean> {
  try {
    await lstat(path.join(root, file));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw refused(root, error);
  }
}

async function make(root: string, folder: string, mode = 0o777): Promise<void> {
  try {
    await mkdir(path.join(root, folder), { recursive: true, mode });
  } catch (error) {
    throw refused(root, error);
  }
}

async function write(root: string, file: string, text: string): Promise<void> {
  await make(root, path.dirname(file));
  try {
    await writeFile(path.join(root, file), text, { flag: 'wx', mode: file === KEY_FILE ? 0o600 : 0o644 });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? notEmpty(root, file) : refused(root, error);
  }
}

function notEmpty(root: string, file: string): RollcallError {
  return new RollcallError('RC_INIT_NOT_EMPTY', 1, 'stop', {
    what: `${path.join(root, file)} is there already.`,
    where: { file },
    mend: 'Name another folder, or move that file away.',
  });
}

function refused(root: string, cause: unknown): RollcallError {
  const { code = 'unknown reason' } = cause as NodeJS.ErrnoException;
  return new RollcallError('RC_INIT_REFUSED', 1, 'stop', {
    what: `The project cannot be written to ${root} (${code}).`,
    mend: 'Name a folder in which you may write.',
    cause,
  });
}
