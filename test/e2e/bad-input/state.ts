import { createHash } from 'node:crypto';
import { withDatabase } from './database.js';
import type { TestProject } from '../support.js';

/** One fact of the state under a name that people understand; `full` is all that the database holds of it. */
interface Fact {
  shown: string;
  full: string;
}

export type State = ReadonlyMap<string, Fact>;

type Row = Record<string, string | number | null>;
type Names = (id: string | number | null | undefined) => string;

/**
 * Users, groups, memberships, history, events and conflicts as the database holds them. What a run keeps for itself
 * (runs, records, leases, marks) is no part of it.
 */
export async function readState(project: TestProject): Promise<State> {
  return withDatabase(project, async (database) => {
    const rows = (query: string): Promise<Row[]> => database.raw(query);
    const names = await readNames(rows);
    return new Map([
      ...(await rows('SELECT * FROM "user"')).flatMap((row) => userFacts(row, names)),
      ...(await rows('SELECT * FROM "group"')).map((row) => fact(`group ${names(row.id)}`, removedOr(row), row)),
      ...(await rows('SELECT * FROM membership')).map((row) => membershipFact(row, names)),
      ...(await rows('SELECT * FROM change')).map((row) => changeFact(row, names)),
      ...(await rows('SELECT * FROM event')).map((row) => eventFact(row, names)),
      ...(await rows('SELECT * FROM conflict')).map((row) =>
        fact(
          `conflict of ${names(row.user_id)} on ${text(row.attribute)}, ${text(row.opened_at)}`,
          text(row.status),
          row,
        ),
      ),
    ]);
  });
}

/** The hash over everything, in an order of its own. */
export function stateHash(state: State): string {
  const lines = [...state].map(([name, { full }]) => `${name}\t${full}\n`).sort();
  return createHash('sha256').update(lines.join('')).digest('hex');
}

/** What is another, one line each, for the `changes` of a case. */
export function differences(before: State, after: State): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].sort(byNumber).flatMap((name) => {
    const [old, now] = [before.get(name), after.get(name)];
    if (old?.full === now?.full) return [];
    if (old === undefined) return [`+ ${name}: ${now?.shown ?? ''}`];
    if (now === undefined) return [`- ${name}: ${old.shown}`];
    return [`${name}: ${old.shown} -> ${now.shown}`];
  });
}

const byNumber = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

/** Users by the record that brought them, groups by name. */
async function readNames(rows: (query: string) => Promise<Row[]>): Promise<Names> {
  const names = new Map<unknown, string>();
  const records = `SELECT r.id, d.name || ':' || r.source_id AS name
    FROM source_record r JOIN directory d ON d.id = r.directory_id`;
  for (const row of await rows(records)) names.set(row.id, text(row.name));
  const brought = `SELECT u.id, d.name || ':' || r.source_id AS name FROM "user" u
    JOIN source_record r ON r.id = u.brought_by JOIN directory d ON d.id = r.directory_id`;
  for (const row of await rows(brought)) names.set(row.id, text(row.name));
  for (const row of await rows('SELECT id, display_name FROM "group"')) names.set(row.id, text(row.display_name));
  return (id) => names.get(id) ?? text(id);
}

const text = (value: string | number | null | undefined): string => String(value ?? 'none');

function fact(name: string, shown: string, full: unknown): [string, Fact] {
  return [name, { shown, full: JSON.stringify(full) }];
}

const removedOr = ({ removed }: Row): string => (removed === 1 ? 'removed' : 'there');

/** One fact a column, and of the columns with attributes one an attribute. */
function userFacts({ attributes, provenance, ...columns }: Row, names: Names): [string, Fact][] {
  const name = `user ${names(columns.id)}`;
  const parsed = (json: Row[string] | undefined): Record<string, unknown> =>
    JSON.parse(text(json)) as Record<string, unknown>;
  return [
    ...Object.entries(parsed(attributes)).map(([attribute, value]) =>
      fact(`${name} ${attribute}`, JSON.stringify(value), value),
    ),
    ...sourcesOf(parsed(provenance)).map(([attribute, source]) =>
      fact(`${name} ${attribute}, source`, names(source.winner.recordId ?? source.winner.by), source),
    ),
    ...Object.entries(columns).map(([column, value]) => fact(`${name} .${column}`, withoutIds(text(value)), value)),
  ];
}

/** The winner of each attribute; one like another attribute's is stored as the name of that one. */
function sourcesOf(stored: Record<string, unknown>): [string, Source][] {
  return Object.entries(stored).map(([attribute, value]) => [
    attribute,
    (typeof value === 'string' ? stored[value] : value) as Source,
  ]);
}

interface Source {
  winner: { by: string; recordId?: string | null };
}

const withoutIds = (value: string): string => value.replace(/\b([a-z]{3})-[0-9a-z]{26}\b/g, '<$1>');

function membershipFact(row: Row, names: Names): [string, Fact] {
  const name = `membership of ${names(row.user_id)} in ${names(row.group_id)}, event ${text(row.from_sequence)}`;
  return fact(name, row.to_sequence === null ? 'open' : 'ended', row);
}

function changeFact(row: Row, names: Names): [string, Fact] {
  const changed = (JSON.parse(text(row.attributes)) as { attribute?: string }[]).map(({ attribute }) => attribute);
  return fact(
    `change of ${names(row.subject_id)}, version ${text(row.version)}`,
    [text(row.kind), ...changed.sort()].join(' '),
    row,
  );
}

function eventFact(row: Row, names: Names): [string, Fact] {
  const changed = (JSON.parse(text(row.changed)) as string[]).sort().join(' ');
  const subject = names(row.subject_id);
  return fact(`event ${text(row.sequence)}`, withoutIds(`${text(row.type)} ${subject} ${changed}`.trim()), row);
}
