import { expect } from 'chai';
import * as fc from 'fast-check';
import { partition } from '#core/correlation/partition.js';
import type { Decision, PartitionInput, PartitionRecord } from '#core/correlation/partition-types.js';
import { applied, EMAIL, input, LOGIN, NUMBER, record } from './partition-support.js';

const key = (letters: string) => fc.option(fc.constantFrom(...letters.split(' ')), { nil: null, freq: 3 });

const records = fc
  .array(
    fc.record({
      directory: fc.constantFrom('hr', 'it', 'idp'),
      number: key('1 2 3'),
      login: key('a b c'),
      email: key('x y z'),
      present: fc.boolean(),
      canCreate: fc.boolean(),
      user: fc.option(fc.constantFrom('usr-1', 'usr-2', 'usr-3'), { nil: null, freq: 3 }),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((rows): PartitionRecord[] => {
    const bringers = new Set<string>();
    return rows.map(({ directory, number, login, email, present, canCreate, user }, index) => {
      const how = user !== null && !bringers.has(user) ? 'created' : 'sure';
      if (user !== null) bringers.add(user);
      return record(
        `${directory}:${index}`,
        {},
        {
          present,
          canCreate,
          keys: { number, login, 'e-mail': email },
          link: user === null ? null : { userId: user, how, rule: how === 'sure' ? 'number' : null },
        },
      );
    });
  });

const inputs: fc.Arbitrary<PartitionInput> = records.chain((all) => {
  const id = fc.constantFrom(...all.map(({ recordId }) => recordId));
  const decision = fc.record({ kind: fc.constantFrom('together' as const, 'apart' as const), a: id, b: id });
  return fc
    .record({
      decisions: fc.array(decision, { maxLength: 2 }),
      rules: fc.constantFrom([NUMBER, LOGIN, EMAIL], [LOGIN, EMAIL, NUMBER], [NUMBER, EMAIL], [EMAIL]),
    })
    .map(({ decisions, rules }) =>
      input(all, { rules, decisions: decisions.map((one, index): Decision => ({ id: `dec-${index}`, ...one })) }),
    );
});

const check = <T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => void) => {
  fc.assert(fc.property(arbitrary, holds), { seed: 20_260_309, numRuns: 250 });
};

describe('core/correlation/partition, properties', function () {
  this.timeout(20_000);

  it('answers the same whatever the order of records, decisions and users', () => {
    const shuffled = inputs.chain((given) =>
      fc
        .tuple(
          fc.shuffledSubarray([...given.records], { minLength: given.records.length }),
          fc.shuffledSubarray([...given.decisions], { minLength: given.decisions.length }),
          fc.shuffledSubarray([...given.users], { minLength: given.users.length }),
        )
        .map(([some, decisions, users]) => ({ given, other: { ...given, records: some, decisions, users } })),
    );
    check(shuffled, ({ given, other }) => {
      expect(partition(other)).to.deep.equal(partition(given));
    });
  });

  it('changes nothing when its answer is fed back', () => {
    check(inputs, (given) => {
      const first = partition(given);
      const next = partition(applied(given, first));
      expect(next.merges).to.deep.equal([]);
      expect(next.targets.filter(({ changed }) => changed)).to.deep.equal([]);
      expect(next.reviews.map(({ subject }) => subject)).to.deep.equal(first.reviews.map(({ subject }) => subject));
      expect(next.findings).to.deep.equal(first.findings);
    });
  });

  const homeOf = (given: PartitionInput): Map<string, string> =>
    new Map(
      partition(given).targets.flatMap(({ recordId, to }) => {
        if (to.kind === 'unlinked') return [];
        return [[recordId, to.kind === 'user' ? to.userId : `new ${to.label}`]];
      }),
    );

  it('never puts two records on one user that a decision keeps apart', () => {
    check(inputs, (given) => {
      const homes = homeOf(given);
      const last = new Map(given.decisions.map((decision) => [[decision.a, decision.b].sort().join(), decision]));
      for (const { kind, a, b } of last.values()) {
        if (kind === 'apart' && a !== b && homes.has(a)) expect(homes.get(a)).to.not.equal(homes.get(b));
      }
    });
  });

  it('takes no record from its user but by a merge, where nobody decided anything', () => {
    check(inputs, (all) => {
      const given = { ...all, decisions: [] };
      const survivors = new Map(
        partition(given).merges.flatMap(({ survivor, losers }) => losers.map((loser) => [loser, survivor])),
      );
      const homes = homeOf(given);
      for (const { recordId, link } of given.records) {
        if (link !== null) expect(homes.get(recordId)).to.equal(survivors.get(link.userId) ?? link.userId);
      }
    });
  });

  it('joins nobody by a probable key', () => {
    check(inputs, (all) => {
      const given = { ...all, decisions: [], rules: [EMAIL] };
      expect(partition(given).merges).to.deep.equal([]);
      const homes = homeOf(given);
      for (const { recordId, link } of given.records) {
        if (link === null) expect(homes.get(recordId) ?? `new ${recordId}`).to.equal(`new ${recordId}`);
      }
    });
  });

  it('brings new people together only where their sure keys do not contradict each other', () => {
    check(inputs, (all) => {
      const given = {
        ...all,
        decisions: [],
        records: all.records.map((one) => ({ ...one, link: null })),
        rules: [NUMBER, LOGIN],
      };
      const homes = homeOf(given);
      const numbers = new Map<string, string>();
      for (const { recordId, keys } of given.records) {
        const [home, number] = [homes.get(recordId), keys.number];
        if (home === undefined || typeof number !== 'string') continue;
        expect(numbers.get(home) ?? number).to.equal(number);
        numbers.set(home, number);
      }
    });
  });
});
