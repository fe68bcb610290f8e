import { expect } from 'chai';
import { partition } from '#core/correlation/partition.js';
import type { CorrelationRule } from '#core/model/rules.js';
import type { Decision, PartitionInput, PartitionRecord, PartitionResult } from '#core/correlation/partition-types.js';

export const NUMBER: CorrelationRule = {
  name: 'number',
  on: 'employeeNumber',
  certainty: 'sure',
  sameDirectory: false,
};
export const LOGIN: CorrelationRule = { name: 'login', on: 'userName', certainty: 'sure', sameDirectory: false };
export const EMAIL: CorrelationRule = {
  name: 'e-mail',
  on: 'emails.primary',
  certainty: 'probable',
  sameDirectory: false,
};

/** A present record that may create and was never linked, unless said otherwise. `id` is `directory:name`. */
export function record(id: string, keys: Record<string, string>, more: Partial<PartitionRecord> = {}): PartitionRecord {
  return {
    recordId: id,
    directory: id.split(':')[0] ?? '',
    present: true,
    canCreate: true,
    link: null,
    keys: { number: null, login: null, 'e-mail': null, ...keys },
    ...more,
  };
}

export const created = (userId: string) => ({ link: { userId, how: 'created' as const, rule: null } });
export const sure = (userId: string, rule = 'number') => ({ link: { userId, how: 'sure' as const, rule } });
export const gone = { present: false };

/** Users `usr-1`, `usr-2`, … are the older the smaller their number, unless said otherwise. */
export function input(records: PartitionRecord[], more: Partial<PartitionInput> = {}): PartitionInput {
  const userIds = [...new Set(records.flatMap(({ link }) => (link === null ? [] : [link.userId])))].sort();
  return {
    records,
    rules: [NUMBER, LOGIN, EMAIL],
    decisions: [],
    users: userIds.map((userId, index) => ({ userId, createdAt: `2026-01-${String(index + 10)}T00:00:00.000Z` })),
    ...more,
  };
}

/** `hr:1 -> usr-1 (created)`: one line a record, the reason where it belongs to nobody. */
export function lines({ targets }: PartitionResult): string[] {
  return targets.map(({ recordId, to, how, rule }) => {
    if (to.kind === 'unlinked') return `${recordId} -> nobody (${to.reason})`;
    const whom = to.kind === 'user' ? to.userId : `new ${to.label}`;
    return `${recordId} -> ${whom} (${[how, rule].filter((part) => part !== null).join(' ')})`;
  });
}

/** `refused number: usr-1 [hr:1] | nobody [it:2]`: one line a review. */
export function questions({ reviews }: PartitionResult): string[] {
  return reviews.map(({ because, rule, sides }) => {
    const said = sides.map(
      ({ userId, label, recordIds }) =>
        `${userId ?? (label === null ? 'nobody' : `new ${label}`)} [${recordIds.join(' ')}]`,
    );
    return `${[because, rule].filter((part) => part !== null).join(' ')}: ${said.join(' | ')}`;
  });
}

export const together = (id: string, a: string, b: string, by: 'person' | 'scim' = 'person'): Decision => ({
  id,
  kind: 'together',
  a,
  b,
  by,
});
export const apart = (id: string, a: string, b: string): Decision => ({ id, kind: 'apart', a, b });

/** The input of the next partition, after everything that this one says was done. New users get `usr-` and their label. */
export function applied(before: PartitionInput, result: PartitionResult): PartitionInput {
  const targets = new Map(result.targets.map((target) => [target.recordId, target]));
  const losers = new Set(result.merges.flatMap((merge) => merge.losers));
  const labels = new Set(result.targets.flatMap(({ to }) => (to.kind === 'new' ? [to.label] : [])));
  return {
    ...before,
    records: before.records.map((one) => {
      const target = targets.get(one.recordId);
      if (target === undefined || target.to.kind === 'unlinked' || target.how === null) return { ...one, link: null };
      const userId = target.to.kind === 'user' ? target.to.userId : `usr-new-${target.to.label}`;
      return { ...one, link: { userId, how: target.how, rule: target.rule } };
    }),
    users: [
      ...before.users.filter(({ userId }) => !losers.has(userId)),
      ...[...labels].map((label) => ({ userId: `usr-new-${label}`, createdAt: '2026-03-01T00:00:00.000Z' })),
    ],
  };
}

export const n1 = { number: 'e1' };
export const n2 = { number: 'e2' };
export const mail = { 'e-mail': 'ada@acme.example' };
export const noCreator = { canCreate: false };
export const sharing: Partial<PartitionInput> = { rules: [{ ...NUMBER, sameDirectory: true }, LOGIN, EMAIL] };

/** One row of a table of partitions: what comes in, `lines` and `questions` of what comes out. */
export interface Case {
  it: string;
  records: PartitionRecord[];
  decisions?: Decision[];
  more?: Partial<PartitionInput>;
  expect: string[];
  asks?: string[];
  merges?: string[];
}

/** Makes each row a test; every answer must also be final. */
export function prove(cases: readonly Case[]): void {
  for (const one of cases) {
    it(one.it, () => {
      const given = input(one.records, { ...one.more, decisions: one.decisions ?? [] });
      const result = partition(given);
      expect(lines(result)).to.deep.equal(one.expect);
      expect(questions(result)).to.have.members(one.asks ?? []);
      expect(result.merges.map(({ survivor, losers }) => `${survivor} <- ${losers.join(' ')}`)).to.deep.equal(
        one.merges ?? [],
      );
      const again = partition(applied(given, result));
      expect(again.targets.some(({ changed }) => changed)).to.equal(false);
    });
  }
}
