import type { MalformedRecord, Observation, Page } from '@rollcall/connector-kit';
import type { JsonObject } from '../model/json.js';
import { fingerprint } from './fingerprint.js';
import type { ReadState } from './read-state.js';

/** One present record of a page, its id and hash known. */
export interface Sighting {
  sourceId: string;
  hash: string;
  observation: Observation;
}

/** A page, sorted: what can be believed, and what cannot. */
export interface SortedPage {
  /** One per source id. */
  sightings: Sighting[];
  /** Ids that occur with differing content in this page: all their rows. */
  doubled: Map<string, Observation[]>;
  malformed: MalformedRecord[];
}

/** How a page's records get their ids: by the connector, else by the mapping. */
export type ReadSourceId = (raw: JsonObject) => string | undefined | Promise<string | undefined>;

/** Records sorted in one go. */
const SLICE = 250;
/** The largest record that is believed, in characters of JSON. */
const MAX_RAW = 1_048_576;
const MAX_DEPTH = 64;
/** NUL and lone surrogates: PostgreSQL's text cannot hold them. */
const UNSTORABLE = /[\0\p{Cs}]/u;

/** Gives every record of a page its id and hash, and sets apart what is doubled, unreadable or too large. */
export async function sortPage(state: ReadState, page: Page, readSourceId: ReadSourceId): Promise<SortedPage> {
  const byId = new Map<string, Sighting>();
  const sorted: SortedPage = { sightings: [], doubled: new Map(), malformed: [...(page.malformed ?? [])] };
  for (const [n, observation] of page.observations.entries()) {
    // A large page must not hold the host's event loop.
    if (n % SLICE === SLICE - 1) await new Promise(setImmediate);
    const read = observation.sourceId ?? readSourceId(observation.raw);
    const sourceId = typeof read === 'object' ? await read : read;
    const bad = problemOf(sourceId, observation);
    if (bad !== null) sorted.malformed.push(bad);
    else if (sourceId !== undefined) place(state, byId, sorted, sourceId, observation);
  }
  for (const sourceId of sorted.doubled.keys()) byId.delete(sourceId);
  sorted.sightings = [...byId.values()];
  return sorted;
}

function place(
  state: ReadState,
  byId: Map<string, Sighting>,
  sorted: SortedPage,
  sourceId: string,
  observation: Observation,
): void {
  const hash = observation.hash ?? fingerprint(observation.raw, state.volatile);
  const first = byId.get(sourceId);
  // In a stream of changes the later one counts.
  if (first === undefined || !state.whole) byId.set(sourceId, { sourceId, hash, observation });
  else if (first.hash !== hash) {
    const rows = sorted.doubled.get(sourceId) ?? [first.observation];
    rows.push(observation);
    sorted.doubled.set(sourceId, rows);
  }
}

function problemOf(sourceId: string | undefined, observation: Observation): MalformedRecord | null {
  const position = observation.position ?? {};
  if (sourceId === undefined || sourceId === '' || UNSTORABLE.test(sourceId))
    return {
      position,
      code: 'RC_ROW_SOURCE_ID_MISSING',
      reason: 'The source id of this row is empty, too long or cannot be read.',
      mend: 'Give the row its id at the source; without it nobody can say whom it is about.',
    };
  if (!isTooLarge(observation.raw)) return null;
  return {
    sourceId,
    position,
    code: 'RC_RECORD_TOO_LARGE',
    reason: 'The record is larger than 1 MiB or nested deeper than 64 levels.',
    mend: 'Shorten it at the source.',
  };
}

/** Measured while walking: writing the JSON text for its length would cost as much as reading the record did. */
function isTooLarge(raw: JsonObject): boolean {
  return measure(raw, 0) > MAX_RAW;
}

/** About the characters of a value's JSON text; what is nested too deeply is too large. */
function measure(value: object, depth: number): number {
  if (depth >= MAX_DEPTH) return Infinity;
  let size = 2;
  for (const key in value) {
    const inner: unknown = (value as Record<string, unknown>)[key];
    size += key.length + 4;
    if (typeof inner === 'string') size += inner.length;
    else if (typeof inner === 'object' && inner !== null) size += measure(inner, depth + 1);
    if (size > MAX_RAW) return size;
  }
  return size;
}
