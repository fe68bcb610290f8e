import type { CatalogueEntry } from '../model/catalogue.js';
import type { AttributeName } from '../model/claims.js';
import { agree, isEmpty } from '../model/compare.js';
import type { ConflictCandidate, Vote } from '../model/resolution.js';
import type { AttributeRule } from '../model/rules.js';
import type { Speaker } from './priority.js';

type ConflictClaim = ConflictCandidate['claims'][number];

/**
 * The disagreement on an ordinary attribute, if there is one: each listed directory speaks by its strongest present
 * record. An empty winner against another's value is a conflict, an empty loser is not; those who agree with the winner
 * are not listed. A union has no loser, so it has no conflict.
 *
 * @param speakers - in the order of strength; the first one is the winner.
 */
export function conflictOf(
  entry: CatalogueEntry,
  rule: AttributeRule | undefined,
  speakers: readonly Speaker[],
): ConflictCandidate | null {
  const winner = speakers[0];
  if (rule?.onConflict !== 'log' || rule.strategy === 'union' || winner?.isPresent !== true) return null;
  const losers = rule.from.flatMap((directory) => dissenterOf(entry, winner, directory, speakers) ?? []);
  if (losers.length === 0) return null;
  return {
    attribute: entry.name,
    value: winner.value,
    rulePath: rulePathOf(entry.name, rule),
    claims: [claimOf(winner, true), ...losers.map((loser) => claimOf(loser, false))],
  };
}

/** The one who speaks for a directory, if it speaks and says something else than the winner. */
function dissenterOf(
  entry: CatalogueEntry,
  winner: Speaker,
  directory: string,
  speakers: readonly Speaker[],
): Speaker | null {
  const speaker = speakers.find((one) => one.isPresent && one.record.directory === directory);
  if (speaker === undefined || directory === winner.record.directory) return null;
  return isEmpty(speaker.value) || agree(entry, winner.value, speaker.value) ? null : speaker;
}

function claimOf({ record, value }: Speaker, wins: boolean): ConflictClaim {
  return { directory: record.directory, recordId: record.recordId, value, wins };
}

/**
 * The disagreement on `active`: the votes are compared, those of gone and unknown records too; who abstains and what
 * employment says never takes part. A directory without a record has nothing that could be listed.
 *
 * @param votes - in the order of `from`.
 */
export function voteConflictOf(rule: AttributeRule | undefined, votes: readonly Vote[]): ConflictCandidate | null {
  if (rule?.onConflict !== 'log') return null;
  const winner = votes.flatMap((vote) => asClaim(vote, 'deny'))[0];
  const losers = votes.flatMap((vote) => asClaim(vote, 'allow'));
  if (winner === undefined || losers.length === 0) return null;
  return {
    attribute: 'active',
    value: false,
    rulePath: rulePathOf('active', rule),
    claims: [{ ...winner, wins: true }, ...losers],
  };
}

function asClaim(vote: Vote, side: 'allow' | 'deny'): ConflictClaim[] {
  if (vote.by !== 'directory' || vote.vote !== side || vote.directory === null || vote.recordId === null) return [];
  return [{ directory: vote.directory, recordId: vote.recordId, value: side === 'allow', wins: false }];
}

/** The place in the rules document that serves an attribute. */
export function rulePathOf(attribute: AttributeName, rule: AttributeRule | undefined): string {
  return rule === undefined ? 'priority' : `attributes.${attribute}`;
}
