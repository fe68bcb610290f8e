import type { Json, JsonObject } from '@rollcall/connector-kit';
import type { Filter } from '#scim/filter/ast.js';

/** What a filter means, written down as plainly as possible and without a schema but for the one attribute that is exact. */
export function naive(one: Filter, of: JsonObject): boolean {
  switch (one.op) {
    case 'and':
      return one.filters.every((part) => naive(part, of));
    case 'or':
      return one.filters.some((part) => naive(part, of));
    case 'not':
      return !naive(one.filter, of);
    case 'has':
      return (Array.isArray(of.emails) ? of.emails : []).some((element) => naive(one.where, element as JsonObject));
    default:
      return naiveLeaf(one, naiveValues(one.path, of), one.path.name === 'externalId');
  }
}

function naiveValues(path: { schema?: string; name?: string; sub?: string; where?: Filter }, of: JsonObject): Json[] {
  const { schema, name: attribute = '', sub, where } = path;
  const holder = schema === undefined ? of : of[schema];
  const found = (holder as JsonObject | undefined)?.[attribute];
  if (found === undefined) return [];
  if (!Array.isArray(found)) return [found];
  return found
    .filter((element) => where === undefined || naive(where, element as JsonObject))
    .flatMap((element) => (element as JsonObject)[sub ?? 'value'] ?? []);
}

function naiveLeaf(
  one: Exclude<Filter, { op: 'and' | 'or' | 'not' | 'has' }>,
  values: Json[],
  isExact: boolean,
): boolean {
  const present = values.some((value) => value !== '');
  if (one.op === 'pr') return present;
  const wanted = one.value;
  if (wanted === null) return one.op === 'eq' ? !present : present;
  if (values.length === 0) return one.op === 'ne';
  return values.some((value) => naiveCompare(value, one.op, { wanted, isExact }));
}

function naiveCompare(
  value: Json,
  op: string,
  { wanted, isExact }: { wanted: string | number | boolean; isExact: boolean },
): boolean {
  if (typeof value === 'boolean') {
    const meant = { true: true, false: false, '1': true, '0': false }[String(wanted).trim().toLowerCase()];
    return op === 'eq' ? meant === value : op === 'ne' && meant !== value;
  }
  const form = (one: unknown): string =>
    isExact ? String(one) : String(one).normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
  const [a, b] = [form(value), form(wanted)];
  const table: Record<string, boolean> = {
    eq: a === b,
    ne: a !== b,
    co: a.includes(b),
    sw: a.startsWith(b),
    ew: a.endsWith(b),
    gt: a > b,
    ge: a >= b,
    lt: a < b,
    le: a <= b,
  };
  return table[op] === true;
}
