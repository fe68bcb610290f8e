/**
 * What the population must be, said a second time and simply: from design.md alone, in words that know nothing of
 * Rollcall. It folds the evidence that a correct reader accepts (`accept`), and answers for any instant (`population`).
 *
 * It covers what `history.ts` can bring about: gone and returning records, unknown values, dates, overrides, groups by name,
 * one sure key. It does not cover what `history.ts` avoids: guards that trip, shared and wandering keys. Null is missing.
 */
export type Value = null | boolean | string | readonly Value[] | { readonly [key: string]: Value };

/** A tenant's rules, plainly. A rule's `from` is exhaustive; `onConflict` defaults to log. */
export interface TenantRules {
  timeZone: string;
  priority: readonly string[];
  attributes: Readonly<
    Record<string, { from: readonly string[]; union?: true; ignoreConflicts?: true; require?: readonly string[] }>
  >;
  create: readonly string[];
  preHireDays: number;
  onLeave: 'abstain' | 'deny';
}

/** What one read proves: what the records it showed claim once mapped, and whether a record that is missing in it is gone. */
export interface Evidence {
  directory: string;
  complete: boolean;
  /** `fails` names the attributes whose expression or schema failed; what is in neither says nothing. */
  records: readonly { sourceId: string; claims: Readonly<Record<string, Value>>; fails: readonly string[] }[];
}

/** A person's word on the user of one record (`hr:E1001`), up to an instant. */
export interface Override {
  record: string;
  attribute: string;
  value: Value;
  until: string;
}

interface KnownRecord {
  id: string;
  directory: string;
  sourceId: string;
  present: boolean;
  /** `value` undefined: never had a good one; `unknown`: only a last good one. */
  claims: ReadonlyMap<string, { value: Value | undefined; unknown: boolean }>;
}

/** All that was ever accepted. `bonds` joins records for good: a link, once made, stays. */
export interface Truth {
  records: ReadonlyMap<string, KnownRecord>;
  bonds: ReadonlyMap<string, string>;
}

/** One user, known by the records that hang on it. */
export interface Person {
  records: readonly string[];
  active: boolean;
  reason: string | null;
  attributes: Readonly<Record<string, Value>>;
  /** Attributes, `active` left out, that show a last good value. */
  unknown: readonly string[];
  /** Open conflicts: the winning record and those who disagree, in the order of `from`. */
  conflicts: readonly { attribute: string; winner: string; losers: readonly string[] }[];
  /** `directory/name`, sorted. */
  groups: readonly string[];
}

export const NOTHING: Truth = { records: new Map(), bonds: new Map() };

/** Takes one read in: records speak, a failing attribute keeps its last good value, only a whole read proves absence. */
export function accept(truth: Truth, { directory, complete, records: shown }: Evidence): Truth {
  const records = new Map(truth.records);
  const seen = new Set<string>();
  for (const { sourceId, claims: good, fails } of shown) {
    const id = `${directory}:${sourceId}`;
    seen.add(id);
    const claims = new Map<string, { value: Value | undefined; unknown: boolean }>();
    for (const [name, value] of Object.entries(good)) claims.set(name, { value, unknown: false });
    for (const name of fails) claims.set(name, { value: records.get(id)?.claims.get(name)?.value, unknown: true });
    records.set(id, { id, directory, sourceId, present: true, claims });
  }
  for (const [id, record] of records) {
    if (complete && record.directory === directory && !seen.has(id)) records.set(id, { ...record, present: false });
  }
  return { records, bonds: bond(records, truth.bonds) };
}

/** Equal employee numbers are one person, from the day on which they first were equal. */
function bond(records: ReadonlyMap<string, KnownRecord>, before: ReadonlyMap<string, string>): Map<string, string> {
  const bonds = new Map(before);
  const holders = new Map<string, string>();
  for (const { id, claims } of records.values()) {
    const number = claims.get('employeeNumber')?.value;
    if (typeof number !== 'string') continue;
    const head = headOf(holders.get(number.toLowerCase()) ?? id, bonds);
    if (head !== headOf(id, bonds)) bonds.set(headOf(id, bonds), head);
    holders.set(number.toLowerCase(), id);
  }
  return bonds;
}

function headOf(id: string, bonds: ReadonlyMap<string, string>): string {
  let head = id;
  for (let next = bonds.get(head); next !== undefined; next = bonds.get(head)) head = next;
  return head;
}

/** Everybody there must be at an instant (ISO), by their first record. Records that no directory may bring in are nobody's. */
export function population(truth: Truth, rules: TenantRules, overrides: readonly Override[], now: string): Person[] {
  const inForce = overrides.filter(({ until }) => now < until);
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: rules.timeZone }).format(Date.parse(now));
  const byHead = new Map<string, KnownRecord[]>();
  for (const record of truth.records.values()) {
    const head = headOf(record.id, truth.bonds);
    byHead.set(head, [...(byHead.get(head) ?? []), record]);
  }
  return [...byHead.values()]
    .filter((records) => records.some(({ directory }) => rules.create.includes(directory)))
    .map((records) => personOf(records, rules, inForce, today))
    .sort((a, b) => ((a.records[0] ?? '') < (b.records[0] ?? '') ? -1 : 1));
}

function personOf(
  records: readonly KnownRecord[],
  rules: TenantRules,
  overrides: readonly Override[],
  today: string,
): Person {
  const ids = records.map(({ id }) => id).sort();
  const own = overrides.filter(({ record }) => ids.includes(record));
  const said = new Map(own.map(({ attribute, value }) => [attribute, value]));
  const ordered = [...records].sort((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1));
  const names = [...new Set(records.flatMap(({ claims }) => [...claims.keys()]))].filter(isOrdinary);
  const speaking = names.map((name) => ({ name, speakers: speakersOf(name, ordered, rules) }));
  const answers = speaking.map(({ name, speakers }) => ({ name, answer: answerOf(name, speakers, rules) }));
  const attributes: Record<string, Value> = {};
  for (const { name, answer } of answers) if (answer !== null) attributes[name] = answer.value;
  for (const [name, value] of said) if (isOrdinary(name)) attributes[name] = value;
  const verdict = verdictOf(ordered, attributes, rules, today);
  const unknown = answers.filter(({ answer }) => answer?.unknown === true).map(({ name }) => name);
  const word = said.get('active');
  return {
    records: ids,
    active: typeof word === 'boolean' ? word : verdict.active,
    reason: typeof word === 'boolean' ? (word ? null : 'override') : verdict.reason,
    attributes,
    unknown: unknown.filter((name) => !said.has(name)).sort(),
    conflicts: [...speaking.flatMap((one) => disagreement(one.name, one.speakers, rules)), ...verdict.conflicts],
    groups: groupsOf(ordered, rules),
  };
}

const isOrdinary = (name: string): boolean => name !== 'active' && name !== 'groups';
const text = (value: Value | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));
/** A directory's best record first: present, then where it stands, then the latest start, then the smallest source id. */
function rankOf({ present, sourceId, claims }: KnownRecord): string {
  const inferred = claims.get('active')?.value === true ? 'active' : 'terminated';
  const status = text(claims.get('employment.status')?.value ?? inferred);
  const start = text(claims.get('employment.startDate')?.value ?? '0000-00-00');
  const latestFirst = start.replace(/\d/g, (digit) => String(9 - Number(digit)));
  const standing = ['active', 'on_leave', 'pre_hire', 'terminated'].indexOf(status);
  return [present ? 0 : 1, standing, latestFirst, sourceId].join(' ');
}

interface Speaker {
  record: KnownRecord;
  value: Value;
  unknown: boolean;
}

const fromOf = (name: string, rules: TenantRules): readonly string[] => rules.attributes[name]?.from ?? rules.priority;

/** Present before gone, then in the order of `from`, then as good as the record is. */
function speakersOf(name: string, ordered: readonly KnownRecord[], rules: TenantRules): Speaker[] {
  const speakers = fromOf(name, rules).flatMap((directory) =>
    ordered.flatMap((record) => {
      const claim = record.directory === directory ? record.claims.get(name) : undefined;
      return claim?.value === undefined ? [] : [{ record, value: claim.value, unknown: claim.unknown }];
    }),
  );
  return [...speakers.filter(({ record }) => record.present), ...speakers.filter(({ record }) => !record.present)];
}

const fieldOf = (element: Value, field: string): Value | undefined =>
  typeof element === 'object' && element !== null ? (element as Record<string, Value>)[field] : undefined;
const keyOf = (element: Value): string => text(fieldOf(element, 'value') ?? element).toLowerCase();
const listOf = (value: Value): readonly Value[] => {
  if (Array.isArray(value)) return value as readonly Value[];
  return value === null ? [] : [value];
};

function answerOf(name: string, speakers: readonly Speaker[], rules: TenantRules): Omit<Speaker, 'record'> | null {
  const [first] = speakers;
  if (first === undefined || rules.attributes[name]?.union !== true) return first ?? null;
  const said = speakers.flatMap(({ value, unknown }) => listOf(value).map((element) => ({ element, unknown })));
  if (said.length === 0) return first;
  const primary = said.find(({ element }) => fieldOf(element, 'primary') === true);
  const keys = [...new Set(said.map(({ element }) => keyOf(element)))].sort();
  const chosen = keys.flatMap((key) => said.find(({ element }) => keyOf(element) === key) ?? []);
  const isMarked = (element: Value): boolean => primary !== undefined && keyOf(primary.element) === keyOf(element);
  const marked = chosen.map(({ element }) =>
    Object.fromEntries(Object.entries(element ?? {}).filter(([field]) => field !== 'primary' || isMarked(element))),
  );
  return { value: marked, unknown: chosen.some(({ unknown }) => unknown) };
}

/** An open disagreement: listed directories, present records only, an empty loser is none. */
function disagreement(name: string, speakers: readonly Speaker[], rules: TenantRules): Person['conflicts'] {
  const rule = rules.attributes[name];
  const [winner] = speakers;
  if (rule === undefined || winner?.record.present !== true) return [];
  if (rule.union === true || rule.ignoreConflicts === true) return [];
  const losers = rule.from.flatMap((directory) => {
    const [best] = speakers.filter(({ record }) => record.present && record.directory === directory);
    if (best === undefined || directory === winner.record.directory || isEmpty(best.value)) return [];
    return sameWord(name, best.value, winner.value) ? [] : [best.record.id];
  });
  return losers.length === 0 ? [] : [{ attribute: name, winner: winner.record.id, losers }];
}

const isEmpty = (value: Value): boolean => listOf(value).filter((element) => element !== '').length === 0;

function sameWord(name: string, a: Value, b: Value): boolean {
  if (Array.isArray(a) || Array.isArray(b))
    return listOf(a).map(keyOf).sort().join() === listOf(b).map(keyOf).sort().join();
  const [one, other] = [text(a).trim(), text(b).trim()];
  return name === 'userName' ? one.toLowerCase() === other.toLowerCase() : one === other;
}

type Vote = { record: KnownRecord | null; word: 'allow' | 'deny' | 'abstain' } & Pick<Person, 'reason'>;

const REASONS = ['pre_hire', 'terminated', 'contract_ended', 'hire_rescinded', 'suspended', 'disabled', 'out_of_scope'];
const listed = (given: Value | undefined, otherwise: string): string =>
  typeof given === 'string' && REASONS.includes(given) ? given : otherwise;

/** `active` is a vote: any deny, else any allow, else nobody vouches. */
function verdictOf(
  ordered: readonly KnownRecord[],
  attributes: Readonly<Record<string, Value>>,
  rules: TenantRules,
  today: string,
): Pick<Person, 'active' | 'reason' | 'conflicts'> {
  const votes = fromOf('active', rules).map((directory) => voteOf(directory, ordered, rules));
  const idsOf = (word: Vote['word']): string[] =>
    votes.flatMap((vote) => (vote.word === word ? (vote.record?.id ?? []) : []));
  const [winner] = idsOf('deny');
  const losers = idsOf('allow');
  const isOpen = rules.attributes.active !== undefined && winner !== undefined && losers.length > 0;
  const denial = votes.find(({ word }) => word === 'deny')?.reason ?? employmentReason(attributes, rules, today);
  return {
    active: denial === null && losers.length > 0,
    reason: denial ?? (losers.length > 0 ? null : 'no_source'),
    conflicts: isOpen ? [{ attribute: 'active', winner, losers }] : [],
  };
}

function voteOf(directory: string, ordered: readonly KnownRecord[], rules: TenantRules): Vote {
  const record = ordered.find((one) => one.directory === directory);
  if (record === undefined) {
    const isMissed = rules.attributes.active?.require?.includes(directory) === true;
    return { record: null, word: isMissed ? 'deny' : 'abstain', reason: isMissed ? 'no_record' : null };
  }
  const claimed = record.claims.get('active')?.value;
  if (claimed === false) return { record, word: 'deny', reason: reasonOf(record) };
  if (!record.present) return { record, word: 'deny', reason: 'absent' };
  return { record, word: claimed === true ? 'allow' : 'abstain', reason: null };
}

function reasonOf({ claims }: KnownRecord): string {
  const isEnded = claims.get('employment.status')?.value === 'terminated';
  return isEnded ? 'terminated' : listed(claims.get('employment.statusReason')?.value, 'disabled');
}

/** Why employment denies; null where it does not. Days are compared as the zone's calendar shows them. */
function employmentReason(
  attributes: Readonly<Record<string, Value>>,
  rules: TenantRules,
  today: string,
): string | null {
  const status = attributes['employment.status'];
  const start = attributes['employment.startDate'];
  const end = attributes['employment.endDate'];
  const given = attributes['employment.statusReason'];
  if (status === 'terminated') return 'terminated';
  if (typeof end === 'string' && today > end) return listed(given, 'contract_ended');
  if (typeof start === 'string') {
    const begin = new Date(Date.parse(start) - rules.preHireDays * 86_400_000).toISOString().slice(0, 10);
    if (today < begin) return 'pre_hire';
  } else if (status === 'pre_hire') return 'pre_hire';
  return status === 'on_leave' && rules.onLeave === 'deny' ? listed(given, 'suspended') : null;
}

/** Open memberships: what present records of listed directories name. */
function groupsOf(ordered: readonly KnownRecord[], rules: TenantRules): string[] {
  const reached = ordered
    .filter(({ directory, present }) => present && fromOf('groups', rules).includes(directory))
    .flatMap(({ directory, claims }) =>
      listOf(claims.get('groups')?.value ?? null).map((name) => `${directory}/${text(name)}`),
    );
  return [...new Set(reached)].sort();
}
