/** The people behind the directories: what each export truly holds, who left, and the chance that moves them. */
import type { Evidence, Override } from './oracle.js';
import { evidenceOf, SHAPES, type DirectoryName, type Row } from './world.js';

export interface DeliveredFile {
  directory: DirectoryName;
  name: string;
  text: string;
}

export interface Step {
  /** ISO, UTC. */
  at: string;
  what: string;
  files: readonly DeliveredFile[];
  /** What a correct reader takes from the files: nothing from a broken or empty one, presence alone from a shrunk one. */
  evidence: readonly Evidence[];
  override?: Override;
  /** Exit codes that `sync` may give; findings of earlier files that still lie there may add theirs. */
  exits: readonly number[];
}

/** Numbers in [0, 1) from a seed (mulberry32): the same on every machine. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const GIVEN = ['Ada', 'Grace', 'Alan', 'Amélie', 'Jörg', 'Zoë', 'Ngô', 'Oğuz', 'Kaja', 'Søren', 'Łucja', 'Iñaki'];
const FAMILY = ['Lovelace', 'Hopper', 'Turing', 'Müller', "O'Hara", 'Đặng', 'Yılmaz', 'Ångström', 'de la Cruz', 'Ito'];
export const DEPARTMENTS = ['Engineering', 'Research', 'Platform', 'People', 'Sales, EMEA', 'Legal "and" Risk'];
export const TITLES = ['Engineer', 'Manager', 'Intern', ''];
const GROUPS = ['vpn', 'admins', 'wiki', 'everyone', 'Réseau'];
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** The rows that the directories truly hold, and what was last seen of them. */
export class World {
  readonly rows: Readonly<Record<DirectoryName, Map<string, Row>>> = { hr: new Map(), it: new Map(), idp: new Map() };
  /** Rows that left, so that they can come back. */
  readonly left: Readonly<Record<DirectoryName, Map<string, Row>>> = { hr: new Map(), it: new Map(), idp: new Map() };
  /** Rows of the last complete read: what a shrunk file is measured by. */
  readonly accepted: Record<DirectoryName, number> = { hr: 0, it: 0, idp: 0 };
  /** Until when a person's word stands, by record and attribute: none is given twice, and nobody merges under one. */
  readonly overridden = new Map<string, string>();
  now: number;
  #nextNumber = 1001;
  #nextAccount = 9001;
  readonly #random: () => number;

  constructor(seed: number, begin: string) {
    this.#random = randomFrom(seed);
    this.now = Date.parse(begin);
  }

  chance(probability: number): boolean {
    return this.#random() < probability;
  }

  between(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1));
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.#random() * items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  shuffle<T>(items: readonly T[]): T[] {
    const rest = items.map((item) => ({ item, at: this.#random() }));
    return rest.sort((a, b) => a.at - b.at).map(({ item }) => item);
  }

  isOverridden(record: string, attributes: readonly string[] = ['active', 'department']): boolean {
    const now = new Date(this.now).toISOString();
    return attributes.some((attribute) => now < (this.overridden.get(`${record} ${attribute}`) ?? ''));
  }

  /** A day near now, as its calendar in UTC shows it. */
  day(offset: number): string {
    return new Date(this.now + offset * DAY).toISOString().slice(0, 10);
  }

  change(directory: DirectoryName, id: string, cells: Row): void {
    this.rows[directory].set(id, { ...this.rows[directory].get(id), ...cells });
  }

  groups(): string {
    return this.shuffle(GROUPS).slice(0, this.between(0, 3)).join('|');
  }

  /** Somebody new in HR, perhaps with accounts that know the number, perhaps with some that do not yet. */
  hire(isFuture: boolean): string {
    const number = `E${this.#nextNumber}`;
    this.#nextNumber += 1;
    const mail = this.chance(0.7) ? `${number.toLowerCase()}@acme.example` : '';
    this.change('hr', number, {
      employee_id: number,
      first_name: this.pick(GIVEN),
      last_name: this.pick(FAMILY),
      work_email: mail,
      department: this.pick(DEPARTMENTS),
      status: isFuture ? 'Future' : 'Active',
      hire_date: this.day(isFuture ? this.between(1, 6) : -this.between(30, 2000)),
      termination_date: '',
    });
    if (this.chance(0.6)) this.account('it', this.chance(0.8) ? number : '');
    if (this.chance(0.5)) this.account('idp', this.chance(0.8) ? number : '');
    return number;
  }

  /** A new account, of a person by number or of nobody yet. */
  account(directory: 'it' | 'idp', number: string): string {
    const id = directory === 'it' ? String(this.#nextAccount) : `u-${this.#nextAccount}`;
    const login = `user${this.#nextAccount}`;
    this.#nextAccount += 1;
    const mail = this.chance(0.8) ? `${login}@acme.example` : '';
    const groups = this.groups();
    if (directory === 'it') {
      const department = this.chance(0.7) ? this.pick(DEPARTMENTS) : '';
      this.change('it', id, {
        account_id: id,
        employee_id: number,
        login,
        email: mail,
        enabled: 'true',
        department,
        groups,
      });
    } else {
      this.change('idp', id, {
        uid: id,
        employee_number: number,
        login,
        mail,
        state: 'active',
        title: this.pick(TITLES),
        groups,
      });
    }
    return id;
  }

  /** Numbers of people who never had an account in this directory. */
  withoutAccount(directory: 'it' | 'idp'): string[] {
    const column = directory === 'it' ? 'employee_id' : 'employee_number';
    const all = [...this.rows[directory].values(), ...this.left[directory].values()];
    const taken = new Set(all.map((row) => row[column]));
    return [...this.rows.hr.keys()].filter((number) => !taken.has(number));
  }

  leave(directory: DirectoryName, id: string): void {
    this.left[directory].set(id, this.rows[directory].get(id) ?? {});
    this.rows[directory].delete(id);
  }

  comeBack(directory: DirectoryName, id: string): void {
    this.rows[directory].set(id, this.left[directory].get(id) ?? {});
    this.left[directory].delete(id);
  }
}

const quoted = (text: string, delimiter: string): string =>
  /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;

/** A directory's rows as its export writes them. */
export function csvOf(directory: DirectoryName, rows: readonly Row[], columns = SHAPES[directory].columns): string {
  const { delimiter } = SHAPES[directory];
  const lines = rows.map((row) => columns.map((column) => quoted(row[column] ?? '', delimiter)).join(delimiter));
  return [columns.join(delimiter), ...lines, ''].join('\n');
}

/** A file by a name that sorts by time. */
export function deliver(world: World, directory: DirectoryName, text: string): DeliveredFile {
  const stamp = new Date(world.now).toISOString().replace(/[-:]|\.\d+Z/g, '');
  return { directory, name: `${directory}-${stamp}.csv`, text };
}

/** The step in which directories export what they truly hold. */
export function truthfulStep(world: World, what: string, directories: readonly DirectoryName[]): Step {
  const files: DeliveredFile[] = [];
  const evidence: Evidence[] = [];
  for (const directory of directories) {
    const rows = [...world.rows[directory].values()];
    files.push(deliver(world, directory, csvOf(directory, rows)));
    evidence.push(evidenceOf(directory, rows, true));
    world.accepted[directory] = rows.length;
  }
  return { at: new Date(world.now).toISOString(), what, files, evidence, exits: [0, 4] };
}
