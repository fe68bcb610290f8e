import { RollcallError, type ErrorPlace } from '@rollcall/connector-kit';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** Where a secret is; the secret itself stands in no file that is kept under version control. */
export interface SecretReference {
  /** As written: `env:NAME` or `file:PATH`. */
  text: string;
  kind: 'env' | 'file';
  /** The variable, or the path: relative to the file that holds the reference, else to the project. */
  name: string;
  /** Where the reference stands. */
  where: ErrorPlace;
}

/** What references are resolved against. */
export interface SecretSources {
  /** Absolute path of the project. */
  root: string;
  env: Readonly<Record<string, string | undefined>>;
}

/** Reads a reference; null where the text is none. */
export function secretReference(text: string, where: ErrorPlace): SecretReference | null {
  const match = /^(env|file):(.+)$/s.exec(text);
  if (match === null) return null;
  const [, kind, name = ''] = match;
  return { text, kind: kind === 'env' ? 'env' : 'file', name, where };
}

/**
 * The secret that a reference stands for.
 *
 * @throws {RollcallError} `RC_SECRET_MISSING` with exit code 78.
 */
export async function resolveSecret(reference: SecretReference, sources: SecretSources): Promise<string> {
  return reference.kind === 'env' ? fromEnvironment(reference, sources.env) : fromFile(reference, sources.root);
}

/**
 * The key that protects secrets at rest.
 *
 * @throws {RollcallError} `RC_SECRET_MISSING` or `RC_SECRET_KEY_INVALID`, exit code 78.
 */
export async function readSecretKey(reference: SecretReference, sources: SecretSources): Promise<Buffer> {
  const text = (await resolveSecret(reference, sources)).trim();
  const key = Buffer.from(text, 'base64');
  if (key.length === 32 && /^[A-Za-z0-9+/]{43}=$/.test(text)) return key;
  throw new RollcallError('RC_SECRET_KEY_INVALID', 78, 'stop', {
    what: `What ${reference.text} holds is not a key.`,
    where: reference.where,
    mend: 'Bring the key back from a copy. A key is 32 random bytes in base64.',
  });
}

function fromEnvironment(reference: SecretReference, env: SecretSources['env']): string {
  const value = env[reference.name];
  if (value !== undefined && value !== '') return value;
  throw missing(
    reference,
    `The environment variable ${reference.name} is not set.`,
    `Set ${reference.name} where this runs.`,
  );
}

async function fromFile(reference: SecretReference, root: string): Promise<string> {
  const holder = path.dirname(path.resolve(root, reference.where.file ?? '.'));
  const candidates = [...new Set([path.resolve(holder, reference.name), path.resolve(root, reference.name)])];
  let cause: unknown;
  for (const candidate of candidates) {
    try {
      return withoutLineEnd(await readFile(candidate, 'utf8'));
    } catch (error) {
      cause = error;
    }
  }
  const code = (cause as NodeJS.ErrnoException).code;
  const problem = code === 'ENOENT' ? 'is not there' : `cannot be read (${code ?? 'unknown'})`;
  throw missing(
    reference,
    `The file of the secret ${reference.text} ${problem}.`,
    `Put the secret into ${reference.name}.`,
    cause,
  );
}

/** Editors end a line; a key of several lines keeps its last line end. */
function withoutLineEnd(text: string): string {
  const line = text.replace(/\r?\n$/, '');
  return line.includes('\n') ? text : line;
}

function missing(reference: SecretReference, what: string, mend: string, cause?: unknown): RollcallError {
  return new RollcallError('RC_SECRET_MISSING', 78, 'stop', {
    what,
    where: reference.where,
    mend,
    ...(cause === undefined ? {} : { cause }),
  });
}
