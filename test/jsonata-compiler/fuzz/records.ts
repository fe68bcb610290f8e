import type { Random } from './random.js';

const WORDS = [
  'alpha',
  'Beta',
  'gamma delta',
  '',
  'éàü',
  'x',
  '12',
  '3.5',
  '日本語',
  'a,b;c',
  ' padded  text ',
  '😀 face',
  'true',
];
const KINDS = ['work', 'home', 'other'];
const DATES = ['2024-02-29', '2017-11-07T15:07:54.972Z', '2020-01-01T00:00:00Z', '1999-12-31T23:59:59+01:00', 'soon'];

function word(random: Random): string {
  return random.pick(WORDS);
}

function number(random: Random): number {
  return random.chance(0.6) ? random.below(12) - 3 : random.pick([0.5, -2.25, 1000, 3.14159, 100, 1e21, 7]);
}

/** An array of none, one or several. */
function list<T>(random: Random, make: () => T): T[] {
  const length = random.pick([0, 1, 1, 2, 3, 4]);
  return Array.from({ length }, make);
}

function mail(random: Random): Record<string, unknown> {
  return { value: `${word(random).trim()}@example.com`, type: random.pick(KINDS), primary: random.chance(0.4) };
}

function line(random: Random): Record<string, unknown> {
  const item: Record<string, unknown> = {
    sku: random.pick(['A1', 'B2', 'C3']),
    qty: 1 + random.below(4),
    price: number(random),
  };
  if (random.chance(0.2)) delete item.price;
  return item;
}

function order(random: Random): Record<string, unknown> {
  return { no: random.below(100), lines: random.chance(0.15) ? line(random) : list(random, () => line(random)) };
}

function mixed(random: Random): unknown {
  return random.pick<() => unknown>([
    () => number(random),
    () => word(random),
    () => null,
    () => random.chance(0.5),
    () => list(random, () => number(random)),
    () => ({ a: number(random) }),
  ])();
}

/** One record: nulls, missing branches, none, one or many items, text beyond ASCII. */
export function makeRecord(random: Random): unknown {
  const record: Record<string, unknown> = {
    id: number(random),
    name: word(random),
    active: random.chance(0.5),
    nothing: null,
    tags: list(random, () => word(random)),
    nums: list(random, () => number(random)),
    mails: random.chance(0.1) ? mail(random) : list(random, () => mail(random)),
    boss: { name: word(random), level: random.below(5), address: { city: word(random) } },
    orders: list(random, () => order(random)),
    mixed: list(random, () => mixed(random)),
    nested: [list(random, () => number(random)), list(random, () => number(random))],
    empty: [],
    none: {},
    when: random.pick(DATES),
    text: word(random),
  };
  for (const key of Object.keys(record)) if (random.chance(0.08)) Reflect.deleteProperty(record, key);
  return random.chance(0.04) ? [record, { id: 1, name: 'second' }] : record;
}
