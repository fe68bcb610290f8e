import { parseArgs } from 'node:util';
import { dialectNames, isDialectName, providers, type DialectName } from '../dialects/providers.js';
import { CliError } from './cli-error.js';

export const commandNames = ['test', 'assign', 'day', 'week', 'compare', 'run'] as const;
export type CommandName = (typeof commandNames)[number];

/** The checked command line. */
export interface Arguments {
  readonly command: CommandName;
  readonly dialect: DialectName;
  readonly url: string;
  readonly token: string;
  readonly settings: Readonly<Record<string, string>>;
  /** What was given of them; a state file has its own. */
  readonly sizes: { seed?: number; people?: number; groups?: number; days?: number; domain?: string };
  readonly concurrency: number | undefined;
  readonly faults: { readonly duplicates: number; readonly drops: number; readonly shuffle: boolean };
  readonly timeoutMs: number | undefined;
  readonly maxWaitMs: number | undefined;
  readonly stateFile: string | undefined;
  readonly expectedFile: string | undefined;
  readonly isJson: boolean;
}

const options = {
  url: { type: 'string' },
  token: { type: 'string' },
  set: { type: 'string', multiple: true },
  seed: { type: 'string' },
  people: { type: 'string' },
  groups: { type: 'string' },
  days: { type: 'string' },
  domain: { type: 'string' },
  concurrency: { type: 'string' },
  duplicates: { type: 'string' },
  drops: { type: 'string' },
  shuffle: { type: 'boolean' },
  timeout: { type: 'string' },
  'max-wait': { type: 'string' },
  state: { type: 'string' },
  expected: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Given = ReturnType<typeof parsed>;

/** @returns the arguments, or `help`. @throws {CliError} with exit code 64. */
export function argumentsOf(args: readonly string[]): Arguments | 'help' {
  const given = parsed(args);
  if (given.values.help === true || args.length === 0) return 'help';
  const [command = '', dialect = '', ...rest] = given.positionals;
  if (!isCommandName(command)) throw usage(`There is no command "${command}": one of ${commandNames.join(', ')}.`);
  if (!isDialectName(dialect)) throw usage(`There is no dialect "${dialect}": one of ${dialectNames.join(', ')}.`);
  if (rest.length > 0) throw usage(`"${rest[0] ?? ''}" is one argument too many.`);
  return { command, dialect, ...valuesOf(given, dialect) };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

function valuesOf({ values }: Given, dialect: DialectName): Omit<Arguments, 'command' | 'dialect'> {
  return {
    url: urlOf(values.url),
    token: required('token', values.token),
    settings: settingsOf(values.set ?? [], dialect),
    sizes: sizesOf(values),
    concurrency: whole('concurrency', values.concurrency, 1),
    faults: {
      duplicates: share('duplicates', values.duplicates),
      drops: share('drops', values.drops),
      shuffle: values.shuffle === true,
    },
    timeoutMs: milliseconds(whole('timeout', values.timeout, 1)),
    maxWaitMs: milliseconds(whole('max-wait', values['max-wait'], 0)),
    stateFile: values.state,
    expectedFile: values.expected,
    isJson: values.json === true,
  };
}

function sizesOf(values: Given['values']): Arguments['sizes'] {
  const numbers = { seed: 0, people: 0, groups: 0, days: 0 };
  const given = Object.keys(numbers).flatMap((name) => {
    const number = whole(name, values[name as keyof typeof numbers], 0);
    return number === undefined ? [] : [[name, number] as const];
  });
  return { ...Object.fromEntries(given), ...(values.domain === undefined ? {} : { domain: values.domain }) };
}

function isCommandName(name: string): name is CommandName {
  return commandNames.some((known) => known === name);
}

function usage(message: string): CliError {
  return new CliError(`${message} See rollcall-simulate --help.`, 64);
}

function required(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw usage(`--${name} is needed.`);
  return value;
}

function urlOf(value: string | undefined): string {
  const url = required('url', value);
  if (!URL.canParse(url) || !/^https?:/.test(url)) throw usage(`--url ${url} is no http or https address.`);
  return url;
}

function whole(name: string, value: string | undefined, least: number): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < least || !Number.isSafeInteger(number))
    throw usage(`--${name} ${value} is no whole number from ${least}.`);
  return number;
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1_000;
}

function share(name: string, value: string | undefined): number {
  const number = Number(value ?? '0');
  if (!(number >= 0 && number <= 1)) throw usage(`--${name} ${value ?? ''} is no share from 0 to 1.`);
  return number;
}

/** Each setting is known and one of its words. */
function settingsOf(given: readonly string[], dialect: DialectName): Record<string, string> {
  const { choices } = providers[dialect];
  return Object.fromEntries(
    given.map((pair) => {
      const [name = '', value = ''] = pair.split('=', 2);
      const words = choices[name];
      if (words === undefined) throw usage(`${dialect} has no setting "${name}": ${Object.keys(choices).join(', ')}.`);
      if (!words.includes(value)) throw usage(`The setting ${name} is one of ${words.join(', ')}.`);
      return [name, value];
    }),
  );
}
