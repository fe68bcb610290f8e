import type { AttributeName, Claims } from '../model/claims.js';
import { shownInstant } from '../model/instants.js';
import type { Json, JsonObject } from '../model/json.js';
import type { Resolution, Vote, Winner } from '../model/resolution.js';
import type { Provenance, UserState } from '../population/tables.js';
import { rulePathOf } from '../resolution/conflict.js';
import type { StoredMappings } from './as-of-claims.js';
import type { SetBy } from './as-of-fold.js';
import type { SpokenRecord } from './as-of-records.js';
import {
  employmentClaim,
  guardHold,
  mergeClaim,
  missingRecordClaim,
  overrideClaim,
  recordClaim,
} from './explain-claims.js';
import type { Grounds } from './explain-grounds.js';

/** What an explanation draws on. */
export interface Explained {
  state: UserState;
  setBy: ReadonlyMap<AttributeName, SetBy>;
  records: readonly SpokenRecord[];
  /** Claims by record, references resolved to users. */
  claims: ReadonlyMap<string, Claims>;
  grounds: Grounds;
  resolution: Resolution;
  mappings: StoredMappings;
}

const EMPLOYMENT = ['employment.status', 'employment.startDate', 'employment.endDate'];

/** Why one attribute is what it is: the stored value and its provenance, with the words of all who speak of it. */
export function explainAttribute(explained: Explained, attribute: AttributeName): JsonObject {
  const { state, grounds } = explained;
  const provenance = provenanceOf(explained, attribute);
  const override = grounds.overrides.find((one) => one.attribute === attribute);
  return {
    value: state.attributes[attribute] ?? null,
    state: state.unknown.includes(attribute) ? 'unknown' : 'known',
    reason: attribute === 'active' ? (state.inactive?.reason ?? null) : null,
    ...(attribute === 'active' ? activity(explained) : {}),
    ...lastSet(explained, attribute),
    winner: winnerOf(explained, attribute, provenance),
    rule: ruleOf(explained, attribute, provenance),
    override: override === undefined ? null : overrideClaim(override),
    hold: holdOf(explained, attribute),
    conflictId: grounds.conflicts.get(attribute) ?? null,
    others: attribute === 'active' ? otherVotes(explained, provenance) : otherClaims(explained, attribute, provenance),
  };
}

/** What was stored with the value; of an attribute that never had one, what resolution says. */
function provenanceOf({ state, resolution }: Explained, attribute: AttributeName): Provenance | undefined {
  const stored = state.provenance[attribute];
  if (stored !== undefined) return stored;
  const resolved = resolution.attributes[attribute];
  if (resolved === undefined) return undefined;
  return { winner: resolved.winner, rulePath: resolved.rule.path, strategy: resolved.rule.strategy };
}

function activity({ state: { active, inactive }, setBy }: Explained): JsonObject {
  const effectiveAt = active ? setBy.get('active')?.effectiveAt : inactive?.effectiveAt;
  return { detail: inactive?.detail ?? null, effectiveAt: effectiveAt == null ? null : shownInstant(effectiveAt) };
}

function lastSet({ setBy }: Explained, attribute: AttributeName): JsonObject {
  const set = setBy.get(attribute);
  return { since: set === undefined ? null : shownInstant(set.at), changeId: set?.changeId ?? null };
}

function ruleOf({ grounds }: Explained, attribute: AttributeName, provenance: Provenance | undefined): JsonObject {
  const rule = grounds.rules.attributes[attribute];
  return {
    version: grounds.rulesVersion,
    path: provenance?.rulePath ?? rulePathOf(attribute, rule),
    strategy: provenance?.strategy ?? (attribute === 'active' ? 'vote' : (rule?.strategy ?? 'priority')),
  };
}

function holdOf({ grounds, state, records }: Explained, attribute: AttributeName): Json {
  const hold = grounds.holds.find((one) => one.subject === state.id && one.attribute === attribute);
  if (hold !== undefined) return guardHold(hold, grounds.at);
  // The absence of a record is held as a whole; activity is what hangs on it.
  const ids = new Set(records.map(({ row }) => row.id));
  const absence = grounds.holds.find((one) => ids.has(one.subject) && one.guard === 'absences');
  return absence === undefined || attribute !== 'active' ? null : { ...guardHold(absence, grounds.at), value: true };
}

function winnerOf(explained: Explained, attribute: AttributeName, provenance: Provenance | undefined): Json {
  const { state } = explained;
  // Whatever its records said before, it is the merge that made a merged user inactive.
  if (attribute === 'active' && state.mergedInto !== null) return mergeClaim(state.mergedInto);
  const winner = provenance?.winner;
  switch (winner?.by) {
    case 'directory':
      return recordWinner(explained, attribute, winner);
    case 'employment':
      return employmentWinner(explained);
    case 'override':
      return overrideWinner(explained, winner.overrideId);
    case 'hold':
      return { directory: null, kind: 'hold', value: state.attributes[attribute] ?? null };
    default:
      return null;
  }
}

function recordWinner(explained: Explained, attribute: AttributeName, winner: Winner): JsonObject {
  const record = explained.records.find(({ row }) => row.id === winner.recordId);
  const vote = attribute === 'active' ? voteOf(explained.resolution.votes, winner.directory) : undefined;
  if (record === undefined) return { ...missingRecordClaim(winner.directory ?? ''), ...votePart(vote) };
  const value = winningValue(explained, attribute, record);
  return { ...recordClaim(record, attribute, value, explained.mappings), ...votePart(vote) };
}

/** A union's winner says less than the union; every other one says the value. */
function winningValue({ state, claims }: Explained, attribute: AttributeName, { row }: SpokenRecord): Json | undefined {
  const strategy = state.provenance[attribute]?.strategy;
  return strategy === 'union' ? claims.get(row.id)?.[attribute]?.value : state.attributes[attribute];
}

function employmentWinner(explained: Explained): JsonObject {
  const vote = explained.resolution.votes.find(({ by }) => by === 'employment');
  const from = EMPLOYMENT.flatMap((attribute) => {
    const winner = winnerOf(explained, attribute, provenanceOf(explained, attribute));
    return winner === null ? [] : [{ attribute, ...(winner as JsonObject) }];
  });
  return { ...employmentClaim(vote), from };
}

function overrideWinner({ grounds }: Explained, overrideId: string | null): JsonObject {
  const override = grounds.everyOverride.find((one) => one.id === overrideId);
  return override === undefined ? { directory: null, kind: 'override', overrideId } : overrideClaim(override);
}

function voteOf(votes: readonly Vote[], directory: string | null): Vote | undefined {
  return votes.find((vote) => vote.by === 'directory' && vote.directory === directory);
}

function votePart(vote: Vote | undefined): JsonObject {
  return vote === undefined ? {} : { vote: vote.vote };
}

/** The votes that did not decide, in the order of the rule. */
function otherVotes(explained: Explained, provenance: Provenance | undefined): JsonObject[] {
  const winner = provenance?.winner;
  const others = explained.resolution.votes.filter(
    ({ by, directory }) => by !== winner?.by || directory !== winner.directory,
  );
  return others.flatMap((vote) => (vote.by === 'employment' ? employmentSays(vote) : directorySays(explained, vote)));
}

function employmentSays(vote: Vote): JsonObject[] {
  return vote.vote === 'abstain' ? [] : [employmentClaim(vote)];
}

/** Whoever has no record and abstains says nothing. A record that is gone denies, whatever it last claimed. */
function directorySays({ records, mappings }: Explained, vote: Vote): JsonObject[] {
  const record = records.find(({ row }) => row.id === vote.recordId);
  const value = vote.vote === 'abstain' ? vote.value : vote.vote === 'allow';
  if (record !== undefined) return [{ ...recordClaim(record, 'active', value, mappings), ...votePart(vote) }];
  if (vote.directory === null || vote.vote === 'abstain') return [];
  return [{ ...missingRecordClaim(vote.directory), ...votePart(vote) }];
}

/** What the other records of the listed directories claim, in the order of the rule. */
function otherClaims(
  { grounds, records, claims, mappings }: Explained,
  attribute: AttributeName,
  provenance: Provenance | undefined,
): JsonObject[] {
  const from = grounds.rules.attributes[attribute]?.from ?? grounds.rules.priority;
  return from.flatMap((directory) =>
    records
      .filter((record) => record.directory.name === directory && record.link !== null)
      .filter((record) => record.row.id !== provenance?.winner.recordId)
      .flatMap((record) => {
        const value = claims.get(record.row.id)?.[attribute]?.value;
        return value === undefined ? [] : [recordClaim(record, attribute, value, mappings)];
      }),
  );
}
