import { catalogueOf } from '#core/model/catalogue.js';
import type { Claim, ClaimedRecord, Claims } from '#core/model/claims.js';
import type { Json } from '#core/model/json.js';
import type { Resolution, ResolutionInput, ResolvedAttribute } from '#core/model/resolution.js';
import type { AttributeRule, LifecycleRules, Rules } from '#core/model/rules.js';
import { resolve } from '#core/resolution/resolve.js';

export const catalogue = catalogueOf({ costCenter: { type: 'string' } });

/** A claim of an attribute that failed, with its last good value if there was one. */
export function unknown(value?: Json): Claim {
  const cause = { code: 'RC_CLAIM_INVALID' as const, message: '', mend: '', because: 'schema' as const };
  const failed = { since: '2026-03-08T08:00:00.000Z', cause };
  return value === undefined ? { unknown: failed } : { value, unknown: failed };
}

const isClaim = (said: Json | Claim | undefined): said is Claim =>
  typeof said === 'object' && said !== null && !Array.isArray(said) && ('unknown' in said || 'value' in said);

/** A present record; `hr:E1` is the source id E1 of directory hr and the record's id. */
export function record(
  id: string,
  said: Readonly<Record<string, Json | Claim>>,
  more: Partial<ClaimedRecord> = {},
): ClaimedRecord {
  const [directory = '', sourceId = ''] = id.split(':');
  const claims: Claims = Object.fromEntries(
    Object.entries(said).map(([name, one]): [string, Claim] => [name, isClaim(one) ? one : { value: one }]),
  );
  return { recordId: id, directory, sourceId, gone: null, retired: false, claims, ...more };
}

export const absent = { gone: { reason: 'absent' as const, at: '2026-03-09T08:00:00.000Z' } };
export const removed = { gone: { reason: 'removed_at_source' as const, at: '2026-03-09T08:00:00.000Z' } };
export const retired = { retired: true };

export function rule(from: string[], more: Partial<AttributeRule> = {}): AttributeRule {
  return { from, strategy: 'priority', onConflict: 'log', maxAgeMs: null, require: [], ...more };
}

const limit = { count: 10, percent: 5 };

/** The rules of the contract's fixture, unless said otherwise. */
export function rules(
  attributes: Record<string, AttributeRule> = {},
  lifecycle: Partial<LifecycleRules> = {},
  priority: string[] = ['hr', 'it'],
): Rules {
  return {
    priority,
    attributes,
    correlation: [],
    lifecycle: { create: ['hr', 'it'], preHireDays: 0, onLeave: 'abstain', ...lifecycle },
    guards: {
      absences: limit,
      deactivations: limit,
      reactivations: limit,
      creations: limit,
      merges: limit,
      privilegedRemovals: limit,
      attributeChanges: limit,
      quarantine: limit,
      neverHold: false,
    },
  };
}

export const fixtureRules = rules({
  active: rule(['hr', 'it'], { strategy: 'vote' }),
  'employment.status': rule(['hr']),
  department: rule(['hr', 'it']),
  emails: rule(['it', 'hr']),
  groups: rule(['it']),
});

export function given(records: ClaimedRecord[], more: Partial<ResolutionInput> = {}): ResolutionInput {
  return {
    records,
    rules: fixtureRules,
    directories: { hr: { mode: 'live' }, it: { mode: 'live' } },
    overrides: [],
    holds: {},
    now: '2026-03-09T08:00:00.000Z',
    timeZone: 'Europe/Berlin',
    ...more,
  };
}

export function answer(records: ClaimedRecord[], more: Partial<ResolutionInput> = {}): Resolution {
  return resolve(given(records, more), catalogue);
}

export function active(resolution: Resolution): ResolvedAttribute {
  const found = resolution.attributes.active;
  if (found === undefined) throw new Error('active is always there');
  return found;
}

/** `hr deny terminated`, `it allow`, `employment abstain`: one text a vote. */
export function votes(resolution: Resolution): string[] {
  return resolution.votes.map(({ by, directory, vote, reason }) =>
    [directory ?? by, vote, reason].filter((part) => part !== null).join(' '),
  );
}

/** `department=Engineering: hr:E1=Engineering wins, it:9=Platform`: one text a conflict. */
export function conflicts(resolution: Resolution): string[] {
  return resolution.conflicts.map(({ attribute, value, claims }) => {
    const said = claims.map(
      ({ recordId, value: claimed, wins }) => `${recordId}=${JSON.stringify(claimed)}${wins ? ' wins' : ''}`,
    );
    return `${attribute}=${JSON.stringify(value)}: ${said.join(', ')}`;
  });
}

export function values(resolution: Resolution): Record<string, Json> {
  return Object.fromEntries(Object.entries(resolution.attributes).map(([name, { value }]) => [name, value]));
}

export const vote = (more: Partial<Parameters<typeof rule>[1]> = {}) =>
  rules({ active: rule(['hr', 'it'], { strategy: 'vote', ...more }) }, {}, ['it', 'hr']);

export const allow = (id: string, more: Partial<ClaimedRecord> = {}) => record(id, { active: true }, more);
export const deny = (id: string, claims: Parameters<typeof record>[1] = {}, more: Partial<ClaimedRecord> = {}) =>
  record(id, { active: false, ...claims }, more);
export const retiredTo = (retiredVote: 'keep' | 'deny', retiredDenyAt?: string): Partial<ResolutionInput> => ({
  directories: {
    hr: { mode: 'retired', retiredVote, ...(retiredDenyAt === undefined ? {} : { retiredDenyAt }) },
    it: { mode: 'live' },
  },
});

export const says = (resolution: ReturnType<typeof answer>): string => {
  const { value, reason, winner } = active(resolution);
  return [JSON.stringify(value), reason, winner.recordId ?? winner.directory].filter((part) => part !== null).join(' ');
};
