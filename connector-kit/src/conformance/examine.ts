import type { Connector, Observation, Page, ReadRequest, RecordKind } from '../contract.js';
import type { ConnectorDefinition } from '../define-connector.js';
import { isRollcallError, type RollcallError } from '../errors/rollcall-error.js';
import type { Json } from '../json.js';
import { CLOCK, LOGGER, PROJECT, SETTINGS, type LogFields } from '../tokens.js';
import type { CreationValues, PopulatedSource, Subject } from './subject.js';

/** Throws with `message` unless `condition` holds. */
export function demand(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** A connector over a source of its own, and what it said. */
export interface Examination<S extends PopulatedSource> {
  subject: Subject<S>;
  source: S;
  /** Makes one more connector over the same source. */
  create: () => Connector;
  /** Every line that was logged, as one text. */
  logged: () => string;
}

/** Runs `check` over a new source; connectors are closed and the source is removed, whatever happens. */
export async function examine<S extends PopulatedSource>(
  subject: Subject<S>,
  check: (examination: Examination<S>) => Promise<void>,
): Promise<void> {
  const source = await subject.populate();
  const made: Connector[] = [];
  const lines: string[] = [];
  const write = (message: string, fields?: LogFields): void => {
    lines.push(`${message} ${JSON.stringify(fields ?? {})}`);
  };
  const values: CreationValues = {
    settings: source.settings,
    project: source.project,
    clock: { now: () => new Date('2026-03-09T08:00:00Z') },
    log: { debug: write, info: write, warn: write, error: write },
  };
  try {
    const create = (): Connector => {
      const connector = (subject.create ?? fromFactory)(subject.definition, values);
      made.push(connector);
      return connector;
    };
    await check({ subject, source, create, logged: () => lines.join('\n') });
  } finally {
    for (const connector of made) await connector.close?.();
    await source.remove();
  }
}

/** Creates a connector of the first form from its needs. */
export function fromFactory(definition: ConnectorDefinition, values: CreationValues): Connector {
  if (!('create' in definition)) throw new Error('A connector in the form of a class needs "create" in its subject.');
  const known = new Map<symbol, unknown>([
    [SETTINGS, values.settings],
    [PROJECT, values.project],
    [CLOCK, values.clock],
    [LOGGER, values.log],
  ]);
  const needs = Object.entries(definition.needs).map(([name, token]) => {
    demand(known.has(token), `The need "${name}" (${String(token)}) is nothing that the runtime offers.`);
    return [name, known.get(token)];
  });
  return definition.create(Object.fromEntries(needs) as Parameters<typeof definition.create>[0]);
}

/** What may differ between two reads. */
export type RequestChange = Partial<ReadRequest>;

/** The kinds that a source holds. */
export function kindsOf(source: PopulatedSource): RecordKind[] {
  return (Object.keys(source.ids) as RecordKind[]).filter((kind) => source.ids[kind] !== undefined);
}

/** The first record of the first kind. */
export function firstRecord(source: PopulatedSource): [RecordKind, string] {
  const [kind] = kindsOf(source);
  const id = kind && source.ids[kind]?.[0];
  demand(kind !== undefined && id !== undefined, 'The source holds no record.');
  return [kind, id];
}

/** A request for everything that the source holds. */
export function requestFor(source: PopulatedSource, change: RequestChange = {}): ReadRequest {
  let mark = 0;
  return {
    kinds: kindsOf(source),
    mark: () => Promise.resolve(++mark),
    accepted: {},
    force: false,
    signal: new AbortController().signal,
    ...change,
  };
}

/** Reads all pages. */
export async function readPages(connector: Connector, request: ReadRequest): Promise<Page[]> {
  const pages: Page[] = [];
  for await (const page of connector.readFull(request)) pages.push(page);
  return pages;
}

/** Reads until an error comes, and returns it with the pages before it. */
export async function readUntilError(connector: Connector, request: ReadRequest): Promise<[unknown, Page[]]> {
  const pages: Page[] = [];
  try {
    for await (const page of connector.readFull(request)) pages.push(page);
  } catch (error) {
    return [error, pages];
  }
  throw new Error('The read ended without an error.');
}

/** Who knows where ids stand. */
type WithIds = Pick<Subject, 'idOf'>;

/** The id of a record. */
export function idOf(subject: WithIds, observation: Observation): string {
  const id = observation.sourceId ?? subject.idOf?.(observation);
  demand(typeof id === 'string', 'An observation has no source id, and the subject does not say where to find it.');
  return id;
}

/** The fingerprint of every record by `kind:id`; fails when a record is seen twice. */
export function printsOf(subject: WithIds, pages: readonly Page[]): Map<string, string> {
  const prints = new Map<string, string>();
  for (const { kind, observations } of pages) {
    for (const observation of observations) {
      const key = `${kind}:${idOf(subject, observation)}`;
      demand(!prints.has(key), `The record ${key} was observed twice in one read.`);
      prints.set(key, observation.hash ?? JSON.stringify(observation.raw));
    }
  }
  return prints;
}

/** What the last page of each kind handed over to be stored. */
export function acceptedOf(pages: readonly Page[]): Partial<Record<RecordKind, Json>> {
  const accepted: Partial<Record<RecordKind, Json>> = {};
  for (const page of pages) if (page.accepted !== undefined) accepted[page.kind] = page.accepted;
  return accepted;
}

/** Fails unless `error` is one of Rollcall's that says how to mend it. */
export function demandTyped(error: unknown): RollcallError {
  demand(isRollcallError(error), `Expected an error of Rollcall, got: ${String(error)}`);
  demand(/^RC_[A-Z0-9_]+$/.test(error.code), `The code ${error.code} is none.`);
  demand(error.mend.trim() !== '', `The error ${error.code} does not say how to mend it.`);
  return error;
}

/** Fails unless both maps hold the same. */
export function demandSame(
  found: ReadonlyMap<string, string>,
  expected: ReadonlyMap<string, string>,
  what: string,
): void {
  const other = [...new Set([...found.keys(), ...expected.keys()])].filter(
    (key) => found.get(key) !== expected.get(key),
  );
  demand(other.length === 0, `${what}: ${other.slice(0, 5).join(', ')} differ.`);
}
