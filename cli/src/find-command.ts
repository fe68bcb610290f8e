import { nearestName } from '@rollcall/core/errors';
import { UsageError } from './usage-error.js';

/** What the words of a command line name. */
export type Found =
  | { kind: 'command'; id: string; arguments: readonly string[] }
  | { kind: 'topic'; name: string; commands: readonly string[] };

/** A command's id as people type it. */
export function spoken(id: string): string {
  return id.replaceAll(':', ' ');
}

/** Finds the command whose name the words begin with; the longest one wins. */
export function findCommand(words: readonly string[], ids: readonly string[]): Found | null {
  for (let length = Math.min(words.length, 3); length > 0; length--) {
    const id = words.slice(0, length).join(':');
    if (ids.includes(id)) return { kind: 'command', id, arguments: words.slice(length) };
  }
  const [first] = words;
  const commands = ids.filter((id) => id.startsWith(`${first ?? ''}:`));
  return words.length === 1 && first !== undefined && commands.length > 0
    ? { kind: 'topic', name: first, commands }
    : null;
}

/** The complaint about words that name no command, with what was most likely meant. */
export function unknownCommand(words: readonly string[], ids: readonly string[]): UsageError {
  const candidates = ids.map((id) => id.split(':'));
  const meant = nearestIn(words, candidates);
  const [first = ''] = words;
  const isTopic = candidates.some(([topic, ...others]) => topic === first && others.length > 0);
  return new UsageError(
    'RC_USAGE_COMMAND_UNKNOWN',
    `Unknown command "${words.slice(0, isTopic ? 2 : 1).join(' ')}".`,
    meant === null ? 'See: rollcall --help' : `Did you mean: rollcall ${meant}`,
  );
}

function nearestIn(words: readonly string[], candidates: readonly string[][]): string | null {
  const [first = '', second = ''] = words;
  const ofTopic = candidates.flatMap(([topic, name]) => (topic === first && name !== undefined ? [name] : []));
  if (ofTopic.length > 0) {
    const name = nearestName(second, ofTopic);
    return name === null ? null : `${first} ${name}`;
  }
  const spokenNames = candidates.map((candidate) => candidate.join(' '));
  const withTopic = spokenNames.filter((name) => name.includes(' '));
  const whole = second === '' ? null : nearestName(`${first} ${second}`, withTopic);
  return whole ?? nearestName(first, [...new Set(candidates.map(([topic]) => topic ?? ''))]);
}

/** The complaint about a topic typed alone. */
export function incompleteCommand(name: string, commands: readonly string[]): UsageError {
  return new UsageError(
    'RC_USAGE_COMMAND_INCOMPLETE',
    `"${name}" alone is no command.`,
    `Run one of: ${commands.map((id) => `rollcall ${spoken(id)}`).join(', ')}`,
  );
}
