import { isInactiveReason, type ClaimedRecord, type InactiveReason } from '../model/claims.js';
import type { ResolutionInput, Vote } from '../model/resolution.js';
import type { RecordsByDirectory } from './best-record.js';
import { detailBeside, type DatedVote } from './employment.js';

/** All directories' votes on `active`. */
export interface DirectoryVotes {
  votes: readonly DatedVote[];
  /** Epoch milliseconds at which a retired directory's vote turns; null: none does. */
  dueAt: number | null;
}

/**
 * Lets each directory of `from` vote by its best record, in that order; those of `require` that have no record and stand
 * outside `from` deny after them.
 */
export function directoryVotes(
  from: readonly string[],
  require: readonly string[],
  records: RecordsByDirectory,
  directories: ResolutionInput['directories'],
  now: number,
): DirectoryVotes {
  const votes = from.map((directory) => {
    const record = records.get(directory)?.[0];
    return record === undefined ? withoutRecord(directory, require.includes(directory)) : voteOf(record);
  });
  for (const directory of require) {
    if (!from.includes(directory) && !records.has(directory)) votes.push(withoutRecord(directory, true));
  }
  return retire(votes, directories, now);
}

function withoutRecord(directory: string, isRequired: boolean): DatedVote {
  const vote: Vote = {
    by: 'directory',
    directory,
    recordId: null,
    vote: isRequired ? 'deny' : 'abstain',
    reason: isRequired ? 'no_record' : null,
    detail: null,
    value: undefined,
  };
  return { vote, isUnknown: false, effectiveAt: null };
}

function voteOf(record: ClaimedRecord): DatedVote {
  const claim = record.claims.active;
  const value = claim?.value;
  const { directory, recordId } = record;
  const base = { by: 'directory' as const, directory, recordId, value };
  const isUnknown = claim?.unknown !== undefined;
  if (value === false) {
    return { vote: { ...base, vote: 'deny', ...reasonOf(record) }, isUnknown, effectiveAt: null };
  }
  if (record.gone !== null) {
    // That it is gone is known, whatever is unknown about its claims.
    const { reason } = record.gone;
    return { vote: { ...base, vote: 'deny', reason, detail: null }, isUnknown: false, effectiveAt: null };
  }
  const vote = value === true ? 'allow' : 'abstain';
  return { vote: { ...base, vote, reason: null, detail: null }, isUnknown, effectiveAt: null };
}

/** Why a record that claims `active: false` denies, in the words of the closed list; the source's own words beside it. */
function reasonOf(record: ClaimedRecord): { reason: InactiveReason; detail: string | null } {
  const given = record.claims['employment.statusReason']?.value;
  const listed = isInactiveReason(given) ? given : 'disabled';
  const reason = record.claims['employment.status']?.value === 'terminated' ? 'terminated' : listed;
  return { reason, detail: detailBeside(reason, given) };
}

/**
 * What retirement does to the votes: a directory retired to `deny` denies from its day on, unless another one still
 * allows or its own last word is a denial already.
 */
function retire(votes: readonly DatedVote[], directories: ResolutionInput['directories'], now: number): DirectoryVotes {
  let dueAt: number | null = null;
  const turned = new Map<DatedVote, number>();
  for (const dated of votes) {
    const turnsAt = turnsAtOf(dated.vote, directories);
    if (turnsAt === null) continue;
    if (turnsAt <= now) turned.set(dated, turnsAt);
    else dueAt = Math.min(dueAt ?? turnsAt, turnsAt);
  }
  const isStillAllowed = votes.some((dated) => dated.vote.vote === 'allow' && !turned.has(dated));
  if (turned.size === 0 || isStillAllowed) return { votes, dueAt };
  return { votes: votes.map((dated) => turn(dated, turned.get(dated))), dueAt };
}

/** The instant from which a retired directory's vote counts as a denial, 0 for "at once"; null: never. */
function turnsAtOf(vote: Vote, directories: ResolutionInput['directories']): number | null {
  if (vote.directory === null || vote.recordId === null || vote.vote === 'deny') return null;
  const directory = directories[vote.directory];
  if (directory?.mode !== 'retired' || directory.retiredVote !== 'deny') return null;
  return directory.retiredDenyAt === undefined ? 0 : Date.parse(directory.retiredDenyAt);
}

function turn(dated: DatedVote, turnedAt: number | undefined): DatedVote {
  if (turnedAt === undefined) return dated;
  const vote: Vote = { ...dated.vote, vote: 'deny', reason: 'directory_retired', detail: null };
  return { vote, isUnknown: false, effectiveAt: turnedAt === 0 ? null : turnedAt };
}
