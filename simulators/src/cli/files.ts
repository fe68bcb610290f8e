import { readFileSync, writeFileSync } from 'node:fs';
import type { ExpectedState } from '../belief/expected.js';
import { isObject } from '../scim/json.js';
import type { SimulatorState } from '../simulator-options.js';
import { CliError } from './cli-error.js';

/** The token that a reference names; never on the command line, where others can read it. */
export function tokenFrom(reference: string): string {
  const [kind, ...rest] = reference.split(':');
  const name = rest.join(':');
  if (kind === 'env') return nonEmpty(process.env[name], `The environment variable ${name} is not set.`);
  if (kind === 'file') return nonEmpty(textOf(name).trim(), `The file ${name} is empty.`);
  throw new CliError('--token is a reference: env:NAME or file:PATH.', 64);
}

function nonEmpty(value: string | undefined, message: string): string {
  if (value === undefined || value === '') throw new CliError(message, 78);
  return value;
}

/** @returns the saved state, or undefined where the file is not there yet. */
export function stateFrom(file: string): SimulatorState | undefined {
  const found = documentFrom(file, 'rollcall.simulator.state/1', { mayBeAbsent: true });
  return found as SimulatorState | undefined;
}

export function expectedFrom(file: string): ExpectedState {
  return documentFrom(file, 'rollcall.simulator.expected/1', { mayBeAbsent: false }) as ExpectedState;
}

/** Readable for nobody else: names and addresses stand in it. */
export function writeDocument(file: string, document: unknown): void {
  try {
    writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600 });
  } catch (error) {
    throw new CliError(`${file} cannot be written: ${messageOf(error)}`, 78);
  }
}

function documentFrom(file: string, format: string, { mayBeAbsent }: { mayBeAbsent: boolean }): unknown {
  if (mayBeAbsent && !isThere(file)) return undefined;
  const document = parsed(file, textOf(file));
  if (!isObject(document) || document.format !== format) throw new CliError(`${file} is no ${format} document.`, 78);
  return document;
}

function isThere(file: string): boolean {
  try {
    readFileSync(file);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ENOENT');
  }
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new CliError(`${file} is no JSON: ${messageOf(error)}`, 78);
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${messageOf(error)}`, 78);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
