import type { CorrelationRule } from '../model/rules.js';
import type { PartitionFinding, PartitionInput, PartitionRecord } from './partition-types.js';

/** A key held by more records than this identifies nobody. */
export const MAX_RECORDS_PER_KEY = 10;

/** What people type where a form insists on a value. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  '0',
  '00',
  '000',
  '0000',
  '00000',
  '000000',
  '-',
  '--',
  '---',
  '.',
  '?',
  '#n/a',
  'n/a',
  'n.a.',
  'na',
  'nil',
  'none',
  'null',
  'undefined',
  'unknown',
  'not available',
  'not applicable',
  'not assigned',
  'tba',
  'tbc',
  'tbd',
  'test',
  'x',
  'xxx',
  'noreply@example.com',
  'none@none.com',
  'test@test.com',
]);

/** True for a folded key that stands for "we have none". */
export function isPlaceholder(key: string): boolean {
  return PLACEHOLDERS.has(key);
}

/** Who holds one key of one rule, by index of the record. */
export interface KeyHolders {
  key: string;
  holders: readonly number[];
  /** `shared`: by several records of one directory, so no key; `common`: a placeholder or held by too many, never one. */
  state: 'key' | 'shared' | 'common';
  /** True number of holders, those not handed in included. */
  records: number;
}

/** All keys of one rule. */
export interface RuleKeys {
  rule: CorrelationRule;
  byKey: ReadonlyMap<string, KeyHolders>;
}

/** The key of a record under a rule that identifies it or might; null where it has none. */
export function keyUnder(record: PartitionRecord, rule: CorrelationRule): string | null {
  const key = record.keys[rule.name];
  return typeof key === 'string' && key !== '' ? key : null;
}

/** Who holds which key of a rule, and whether it still is one. */
export function indexKeys(
  records: readonly PartitionRecord[],
  rule: CorrelationRule,
  keyCounts: PartitionInput['keyCounts'] = [],
): RuleKeys {
  const holdersByKey = new Map<string, number[]>();
  for (const [index, record] of records.entries()) {
    const key = keyUnder(record, rule);
    if (key === null) continue;
    const holders = holdersByKey.get(key);
    if (holders === undefined) holdersByKey.set(key, [index]);
    else holders.push(index);
  }
  const byKey = new Map<string, KeyHolders>();
  for (const [key, holders] of holdersByKey) {
    const counted = keyCounts.find((count) => count.rule === rule.name && count.key === key)?.records ?? 0;
    const total = Math.max(counted, holders.length);
    byKey.set(key, { key, holders, state: stateOf(key, holders, total, records, rule), records: total });
  }
  return { rule, byKey };
}

function stateOf(
  key: string,
  holders: readonly number[],
  total: number,
  records: readonly PartitionRecord[],
  rule: CorrelationRule,
): KeyHolders['state'] {
  if (isPlaceholder(key) || total > MAX_RECORDS_PER_KEY) return 'common';
  return !rule.sameDirectory && isSharedWithinDirectory(holders, records) ? 'shared' : 'key';
}

/** Several present holders in one directory, or several gone ones where none is present: whose it is nobody can say. */
function isSharedWithinDirectory(holders: readonly number[], records: readonly PartitionRecord[]): boolean {
  const counts = new Map<string, { present: number; gone: number }>();
  for (const index of holders) {
    const record = records[index];
    if (record === undefined) continue;
    const count = counts.get(record.directory) ?? { present: 0, gone: 0 };
    counts.set(record.directory, count);
    if (record.present) count.present += 1;
    else count.gone += 1;
  }
  return [...counts.values()].some(({ present, gone }) => present > 1 || (present === 0 && gone > 1));
}

/** The keys of a rule that are none because too many hold them. */
export function commonKeys({ rule, byKey }: RuleKeys): PartitionFinding[] {
  return [...byKey.values()]
    .filter(({ state }) => state === 'common')
    .map(({ key, records }) => ({ finding: 'tooCommonKey', rule: rule.name, key, records }));
}
