import { nearestName } from '@rollcall/core/errors';
import { stripVTControlCharacters } from 'node:util';
import { UsageError } from './usage-error.js';

/** What oclif's parser throws, as far as it is used here. */
interface OclifError extends Error {
  oclif: object;
  flags?: readonly string[];
  args?: readonly (string | { name: string })[];
  parse?: { input?: { flags?: Readonly<Record<string, unknown>> } };
}

function isOclifError(error: unknown): error is OclifError {
  return error instanceof Error && typeof (error as Partial<OclifError>).oclif === 'object' && !('mend' in error);
}

/** oclif's complaint about a command line, in our words; null for every other error. Nothing of its parse context goes on. */
export function oclifProblem(error: unknown, commandName: string | null): UsageError | null {
  if (!isOclifError(error)) return null;
  const help = `See: rollcall ${commandName === null ? '' : `${commandName} `}--help`;
  switch (error.constructor.name) {
    case 'NonExistentFlagsError':
      return unknownFlag(error, help);
    case 'UnexpectedArgsError':
      return new UsageError(
        'RC_USAGE_ARGUMENT_UNEXPECTED',
        `There is no place for "${namesIn(error).join(' ')}" here.`,
        help,
      );
    case 'RequiredArgsError':
      return missingArguments(namesIn(error), help);
    default:
      return new UsageError('RC_USAGE_FLAG_INVALID', sentenceOf(error.message), help);
  }
}

function namesIn({ args = [] }: OclifError): string[] {
  return args.map((arg) => (typeof arg === 'string' ? arg : arg.name));
}

function missingArguments(names: readonly string[], help: string): UsageError {
  const text = names.map((name) => name.toUpperCase()).join(' and ');
  return new UsageError('RC_USAGE_ARGUMENT_MISSING', `${text} ${names.length === 1 ? 'is' : 'are'} missing.`, help);
}

function unknownFlag({ flags, parse }: OclifError, help: string): UsageError {
  const typed = flags?.[0] ?? '';
  const name = typed.split('=')[0] ?? typed;
  const known = Object.keys(parse?.input?.flags ?? {}).map((flag) => `--${flag}`);
  const meant = nearestName(name, [...known, '--help']);
  return new UsageError(
    'RC_USAGE_FLAG_UNKNOWN',
    `Unknown flag ${name}.`,
    meant === null ? help : `Did you mean ${meant}? ${help}`,
  );
}

/** The part of oclif's message that says something, as one sentence. */
function sentenceOf(message: string): string {
  const parts = stripVTControlCharacters(message)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('See more help') && !line.startsWith('The following error'));
  const sentence = parts.join('; ').replaceAll(/(--[a-z-]+)=true/g, '$1');
  return sentence.endsWith('.') ? sentence : `${sentence}.`;
}
