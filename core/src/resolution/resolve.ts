import type { Catalogue, CatalogueEntry } from '../model/catalogue.js';
import type { AttributeName } from '../model/claims.js';
import { storedInstant } from '../model/instants.js';
import type { ConflictCandidate, Resolution, ResolutionInput, ResolvedAttribute } from '../model/resolution.js';
import type { AttributeRule } from '../model/rules.js';
import { resolveActive } from './active.js';
import { recordsByDirectory, type RecordsByDirectory } from './best-record.js';
import { conflictOf, rulePathOf } from './conflict.js';
import { earlier } from './dates.js';
import { nextExpiry, speakersOf, type Speaker } from './priority.js';
import { unite } from './union.js';
import { HELD, overriddenBy, wonBy } from './winner.js';

/** Years of four digits end here; an instant beyond (HR's "9999-12-31": no end) would sort before all others as text. */
const LAST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** What grows while one user's attributes are resolved. */
interface Answer {
  attributes: Record<AttributeName, ResolvedAttribute>;
  conflicts: ConflictCandidate[];
  dueAt: number | null;
}

/**
 * Decides every attribute of one user: who speaks, what it is, who disagrees, and when the answer may change by itself.
 * It reads nothing but its arguments, and the order of records never shows.
 *
 * Conflicts are those among directories, whatever an override or a hold shows; `groups` is no attribute of the answer.
 * Whether a hold may close is seen by resolving once more with `holds: {}`.
 */
export function resolve(input: ResolutionInput, catalogue: Catalogue): Resolution {
  const records = recordsByDirectory(input.records);
  const now = Date.parse(input.now);
  const answer: Answer = { attributes: {}, conflicts: [], dueAt: null };
  // In the order of the catalogue, whatever the order in which records speak.
  const spokenOf = spokenAttributes(input);
  for (const entry of catalogue.values()) {
    if (spokenOf.has(entry.name) && entry.name !== 'active' && entry.shape !== 'groups')
      resolveAttribute(entry, input, records, now, answer);
  }
  const active = resolveActive(input, records, answer.attributes, now);
  answer.attributes.active = active.attribute;
  if (active.conflict !== null) answer.conflicts.push(active.conflict);
  const dueAt = earlier(answer.dueAt, active.dueAt);
  return {
    attributes: answer.attributes,
    unknown: Object.keys(answer.attributes).filter((name) => answer.attributes[name]?.state === 'unknown'),
    conflicts: answer.conflicts,
    votes: active.votes,
    dueAt: dueAt === null || dueAt > LAST_INSTANT ? null : storedInstant(new Date(dueAt)),
  };
}

/** Attributes of which anybody says anything: most of the catalogue is silence. */
function spokenAttributes({ records, overrides, holds }: ResolutionInput): Set<AttributeName> {
  const names = new Set<AttributeName>(Object.keys(holds));
  for (const { attribute } of overrides) names.add(attribute);
  for (const { claims } of records) for (const name of Object.keys(claims)) names.add(name);
  return names;
}

function resolveAttribute(
  entry: CatalogueEntry,
  input: ResolutionInput,
  records: RecordsByDirectory,
  now: number,
  answer: Answer,
): void {
  const rule = input.rules.attributes[entry.name];
  const speakers = speakersOf(entry.name, rule?.from ?? input.rules.priority, rule, records, now);
  const conflict = conflictOf(entry, rule, speakers);
  if (conflict !== null) answer.conflicts.push(conflict);
  const strategy = strategyOf(entry, rule);
  answer.dueAt = earlier(answer.dueAt, nextExpiry(speakers, strategy));
  const spoken = decide(entry, strategy, speakers, input);
  if (spoken === null) return;
  answer.attributes[entry.name] = {
    ...spoken,
    rule: { path: rulePathOf(entry.name, rule), strategy },
    reason: null,
    detail: null,
    effectiveAt: null,
  };
}

type Spoken = Pick<ResolvedAttribute, 'value' | 'state' | 'winner'>;

/** A person's word outranks a guard's hold, and both outrank what records say. Null: the attribute has no value. */
function decide(
  entry: CatalogueEntry,
  strategy: AttributeRule['strategy'],
  speakers: readonly Speaker[],
  { overrides, holds }: ResolutionInput,
): Spoken | null {
  const override = overrides.find((one) => one.attribute === entry.name);
  if (override !== undefined)
    return { value: override.value, state: 'known', winner: overriddenBy(override.overrideId) };
  const hold = holds[entry.name];
  if (hold !== undefined) return hold.value === undefined ? null : { value: hold.value, state: 'known', winner: HELD };
  return speak(entry, strategy, speakers);
}

function speak(
  entry: CatalogueEntry,
  strategy: AttributeRule['strategy'],
  speakers: readonly Speaker[],
): Spoken | null {
  const [first, ...others] = speakers;
  if (first === undefined) return null;
  const { value, isUnknown, ...said } =
    strategy === 'union' ? unite(entry, [first, ...others]) : { value: first.value, isUnknown: first.isUnknown, first };
  return { value, state: isUnknown ? 'unknown' : 'known', winner: wonBy(said.first.record) };
}

/** Only sets unite; whatever else a rule says of another attribute, its highest claim wins. */
function strategyOf(entry: CatalogueEntry, rule: AttributeRule | undefined): 'priority' | 'union' {
  return entry.shape === 'set' && rule?.strategy === 'union' ? 'union' : 'priority';
}
