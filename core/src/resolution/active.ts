import { storedInstant } from '../model/instants.js';
import type { ConflictCandidate, ResolutionInput, ResolvedAttribute, Vote, Winner } from '../model/resolution.js';
import type { OverrideClaim } from '../model/rules.js';
import type { RecordsByDirectory } from './best-record.js';
import { rulePathOf, voteConflictOf } from './conflict.js';
import { earlier } from './dates.js';
import { employmentVote, type DatedVote } from './employment.js';
import { directoryVotes } from './vote.js';
import { HELD, NOBODY, overriddenBy } from './winner.js';

/** Whether somebody is active, who said so, and when that may change by itself. */
export interface ResolvedActive {
  attribute: ResolvedAttribute;
  conflict: ConflictCandidate | null;
  /** Directories in the order of `from`, then employment, then an override. */
  votes: readonly Vote[];
  /** Epoch milliseconds; null: never. */
  dueAt: number | null;
}

type Verdict = Pick<ResolvedAttribute, 'value' | 'state' | 'winner' | 'reason' | 'detail' | 'effectiveAt'>;

/**
 * Counts the votes: any deny wins, else any allow, else nobody vouches for the person. An override outranks the count, a
 * hold keeps what was; both leave the votes to be seen.
 *
 * @param attributes - all others, resolved: employment votes from them.
 */
export function resolveActive(
  input: ResolutionInput,
  records: RecordsByDirectory,
  attributes: Readonly<Record<string, ResolvedAttribute>>,
  now: number,
): ResolvedActive {
  const rule = input.rules.attributes.active;
  const directories = directoryVotes(
    rule?.from ?? input.rules.priority,
    rule?.require ?? [],
    records,
    input.directories,
    now,
  );
  const employment = employmentVote(attributes, input.rules.lifecycle, now, input.timeZone);
  const cast = directories.votes.map(({ vote }) => vote);
  const override = input.overrides.find(({ attribute, value }) => attribute === 'active' && typeof value === 'boolean');
  const votes = [...cast, employment.vote];
  if (override !== undefined) votes.push(overrideVote(override));
  return {
    attribute: {
      ...verdictOf(override, input.holds.active, directories.votes, employment),
      rule: { path: rulePathOf('active', rule), strategy: 'vote' },
    },
    conflict: voteConflictOf(rule, cast),
    votes,
    dueAt: earlier(directories.dueAt, employment.dueAt),
  };
}

function verdictOf(
  override: OverrideClaim | undefined,
  hold: ResolutionInput['holds'][string] | undefined,
  directories: readonly DatedVote[],
  employment: DatedVote,
): Verdict {
  if (override !== undefined) {
    const reason = override.value === true ? null : 'override';
    return { ...settled(override.value === true, overriddenBy(override.overrideId)), reason };
  }
  if (hold !== undefined) {
    if (hold.value === true) return settled(true, HELD);
    return { ...settled(false, HELD), reason: hold.reason ?? 'no_source', detail: hold.detail };
  }
  return count(directories, employment);
}

function count(directories: readonly DatedVote[], employment: DatedVote): Verdict {
  const denial =
    directories.find(({ vote }) => vote.vote === 'deny') ?? (employment.vote.vote === 'deny' ? employment : null);
  if (denial !== null) return verdictBy(denial, false, denial.effectiveAt);
  const allowance = directories.find(({ vote }) => vote.vote === 'allow');
  if (allowance !== undefined) return verdictBy(allowance, true, employment.effectiveAt);
  return { ...settled(false, NOBODY), reason: 'no_source' };
}

function verdictBy({ vote, isUnknown }: DatedVote, value: boolean, effectiveAt: number | null): Verdict {
  const { by, directory, recordId, reason, detail } = vote;
  return {
    value,
    state: isUnknown ? 'unknown' : 'known',
    winner: { by, directory, recordId, overrideId: null },
    reason,
    detail,
    effectiveAt: effectiveAt === null ? null : storedInstant(new Date(effectiveAt)),
  };
}

function settled(value: boolean, winner: Winner): Verdict {
  return { value, state: 'known', winner, reason: null, detail: null, effectiveAt: null };
}

function overrideVote({ value }: OverrideClaim): Vote {
  const vote = value === true ? 'allow' : 'deny';
  return {
    by: 'override',
    directory: null,
    recordId: null,
    vote,
    reason: vote === 'deny' ? 'override' : null,
    detail: null,
    value,
  };
}
