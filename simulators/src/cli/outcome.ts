import type { Difference } from '../comparison/compare.js';
import { providers, type DialectName } from '../dialects/providers.js';
import type { Problem, Report } from '../simulator-options.js';
import type { CommandName } from './arguments.js';

/** What a command did, as its `--json` document. */
export interface Outcome {
  readonly format: 'rollcall.simulate/1';
  readonly exitCode: 0 | 1;
  readonly command: CommandName;
  readonly dialect: DialectName;
  /** Null for what the command did not do. */
  readonly connectionTest: 'passed' | null;
  readonly assignment: Report | null;
  readonly changes: Report | null;
  readonly daysDone: number;
  readonly differences: readonly Difference[] | null;
}

/** More than so many lines of one kind help nobody. */
const most = 20;

export function linesOf(outcome: Outcome): string[] {
  const { title } = providers[outcome.dialect];
  return [
    ...(outcome.connectionTest === null ? [] : [`${title}: the connection test passed.`]),
    ...reportLines('Assignment', outcome.assignment),
    ...reportLines(`Changes until day ${outcome.daysDone}`, outcome.changes),
    ...differenceLines(outcome.differences),
  ];
}

function reportLines(what: string, report: Report | null): string[] {
  if (report === null) return [];
  const { tasks, requests, retries, duplicates, drops, rateLimited, problems } = report;
  const counts = `${tasks} tasks, ${requests} requests, ${retries} retries (${rateLimited} for 429), ${duplicates} duplicates, ${drops} dropped answers`;
  return [`${what}: ${counts}.`, ...shortened(problems.map(problemLine), 'problems')];
}

function problemLine({ task, message }: Problem): string {
  return `  ${task}: ${message}`;
}

function differenceLines(differences: readonly Difference[] | null): string[] {
  if (differences === null) return [];
  if (differences.length === 0) return ['The server stands as the provider believes.'];
  return [`${differences.length} differences:`, ...shortened(differences.map(differenceLine), 'differences')];
}

function differenceLine({ kind, resource, key, id, attribute, expected, actual }: Difference): string {
  const place = [resource, key, id, attribute].filter((part) => part !== null).join(' ');
  return `  ${kind}: ${place}, expected ${JSON.stringify(expected)}, is ${JSON.stringify(actual)}`;
}

function shortened(lines: readonly string[], what: string): string[] {
  return lines.length <= most ? [...lines] : [...lines.slice(0, most), `  … and ${lines.length - most} more ${what}`];
}
