import type { Bench } from './partition-components.js';
import { keyUnder, type RuleKeys } from './partition-keys.js';
import type { Destination, Link, PartitionRecord, Target } from './partition-types.js';

/** How a record hangs on whom it was sent to. */
type Bond = Pick<Link, 'how' | 'rule'>;

const STICKY: Bond = { how: 'sticky', rule: null };
const CREATED: Bond = { how: 'created', rule: null };

/** What one record's bond is judged by. */
interface Case {
  index: number;
  record: PartitionRecord;
  /** All records that go to the same user. */
  companions: readonly number[];
}

/** Says for every record where it goes and what holds it there; a bond that still holds stays as it was. */
export function targetsOf(
  bench: Bench,
  probableRules: readonly RuleKeys[],
  byIndex: readonly Destination[],
  contradicted: ReadonlySet<number>,
): Target[] {
  const companions = new Map<string, number[]>();
  for (const [index, to] of byIndex.entries()) {
    const destination = JSON.stringify(to);
    companions.set(destination, [...(companions.get(destination) ?? []), index]);
  }
  return bench.records.map((record, index) => {
    const to = byIndex[index] ?? { kind: 'unlinked', reason: 'noCreator' };
    if (to.kind === 'unlinked') {
      return { recordId: record.recordId, to, how: null, rule: null, changed: record.link !== null };
    }
    const found = { index, record, companions: companions.get(JSON.stringify(to)) ?? [] };
    const bond = contradicted.has(index) ? STICKY : bondOf(bench, probableRules, found, to);
    return { recordId: record.recordId, to, ...bond, changed: isChanged(record.link, to, bond) };
  });
}

function bondOf(bench: Bench, probableRules: readonly RuleKeys[], found: Case, to: Destination): Bond {
  const { record } = found;
  if (to.kind === 'new' && to.label === record.recordId) return CREATED;
  const kept = to.kind === 'user' && record.link?.userId === to.userId ? record.link : null;
  if (kept?.how === 'created') return CREATED;
  const supports = [
    ...decidedBonds(bench, found),
    ...sharedRules(bench.sureRules, found).map((rule): Bond => ({ how: 'sure', rule })),
  ];
  // A probable key holds whom it once brought, and brings nobody.
  const holding = sharedRules(probableRules, found).map((rule): Bond => ({ how: 'probable', rule }));
  const unchanged = [...supports, ...holding].find(({ how, rule }) => how === kept?.how && rule === kept.rule);
  return unchanged ?? supports[0] ?? STICKY;
}

function decidedBonds({ decisions }: Bench, { index, companions }: Case): Bond[] {
  const isAbout = (one: number, other: number): boolean => one === index && companions.includes(other);
  const decided = decisions.together.filter(({ a, b }) => isAbout(a, b) || isAbout(b, a));
  return decided.map(({ by }) => ({ how: by, rule: null }));
}

/** The rules under which a record shares a key with somebody who goes where it goes. */
function sharedRules(rules: readonly RuleKeys[], { index, record, companions }: Case): string[] {
  return rules
    .filter(({ rule, byKey }) => {
      const key = keyUnder(record, rule);
      const held = key === null ? undefined : byKey.get(key);
      return held?.state === 'key' && held.holders.some((holder) => holder !== index && companions.includes(holder));
    })
    .map(({ rule }) => rule.name);
}

function isChanged(link: Link | null, to: Destination, bond: Bond): boolean {
  const isSame = to.kind === 'user' && link?.userId === to.userId && link.how === bond.how && link.rule === bond.rule;
  return !isSame;
}
