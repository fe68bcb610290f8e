/**
 * Random histories: what people's lives, careless exports and a clock do to three directories. Deterministic by seed.
 *
 * How a runner uses it, with `world.ts` (configuration) and `oracle.ts` (what must be):
 *
 *     write rollcall.config.yaml, mappings/*.yaml (MAPPING_FILES), tenants/*.yaml (tenantFile); apply --yes
 *     let truth = NOTHING; const overrides = [];
 *     for (const step of history(seed)) {
 *       write step.files into inbox/TENANT/DIRECTORY
 *       run `sync` with ROLLCALL_NOW=step.at                 // exit code one of step.exits
 *       if (step.override) run `override set` with the same clock; overrides.push(step.override)
 *       for (const evidence of step.evidence) truth = accept(truth, evidence)
 *       compare population(truth, TENANTS[tenant], overrides, step.at) with the store's users, by their sets of records
 *     }
 *
 * Users are compared by `directory:sourceId` sets (present and gone records), with active, reason, attributes (null and
 * missing alike, names flat), `unknown` without `active`, open conflicts and memberships. An override ends by itself: the
 * runner passes `until` on. Steps of one history never go back in time, and no two have the same instant.
 *
 * What it avoids, so that the oracle can stay simple: more than nine absences a day, two present accounts of one person in
 * one directory, a number that goes from one person to another, two identifying attributes that change at once.
 */
import { csvOf, DAY, deliver, DEPARTMENTS, HOUR, TITLES, truthfulStep, World, type Step } from './people.js';
import { evidenceOf, DIRECTORIES, SHAPES, type DirectoryName, type Row } from './world.js';

export interface Options {
  /** People in HR at the begin; at least 14, or no file can shrink enough to be doubted. */
  people?: number;
  steps?: number;
}

/** Something that happens to somebody; null where it cannot happen now. */
type Event = (world: World) => Step | null;

/** Changes cells of one random row that fits, then lets its directory export. */
function changing(
  what: string,
  directory: DirectoryName,
  fits: (row: Row) => boolean,
  cells: (world: World, row: Row) => Row,
): Event {
  return (world) => {
    const fitting = [...world.rows[directory].entries()].filter(([, row]) => fits(row));
    if (fitting.length === 0) return null;
    const [id, row] = world.pick(fitting);
    world.change(directory, id, cells(world, row));
    return truthfulStep(world, `${what}: ${directory}:${id}`, [directory]);
  };
}

const works = (row: Row): boolean => row.status === 'Active';
const always = (): boolean => true;

const LIVES: readonly Event[] = [
  (world) => truthfulStep(world, `hired: ${world.hire(false)}`, DIRECTORIES),
  (world) => truthfulStep(world, `hired for a day to come: ${world.hire(true)}`, DIRECTORIES),
  changing('moved to another department', 'hr', always, (world) => ({ department: world.pick(DEPARTMENTS) })),
  changing('moved to another department', 'it', always, (world) => ({ department: world.pick([...DEPARTMENTS, '']) })),
  changing('got another title', 'idp', always, (world) => ({ title: world.pick(TITLES) })),
  changing(
    'got a work address',
    'hr',
    (row) => row.work_email === '',
    (_, row) => ({
      work_email: `${(row.employee_id ?? '').toLowerCase()}@acme.example`,
    }),
  ),
  changing('was terminated at once', 'hr', works, (world) => ({
    status: 'Terminated',
    termination_date: world.day(0),
  })),
  changing('was given an end', 'hr', works, (world) => ({ termination_date: world.day(world.between(-2, 5)) })),
  changing(
    'has no end after all',
    'hr',
    (row) => works(row) && row.termination_date !== '',
    () => ({
      termination_date: '',
    }),
  ),
  changing('went on leave', 'hr', works, () => ({ status: 'Leave' })),
  changing(
    'came back from leave',
    'hr',
    (row) => row.status === 'Leave',
    () => ({ status: 'Active' }),
  ),
  changing(
    'was hired again',
    'hr',
    (row) => row.status === 'Terminated',
    () => ({
      status: 'Active',
      termination_date: '',
    }),
  ),
  changing(
    'starts another day',
    'hr',
    (row) => row.status === 'Future',
    (world) => ({
      hire_date: world.day(world.between(-1, 6)),
    }),
  ),
  changing(
    'was locked',
    'it',
    (row) => row.enabled === 'true',
    () => ({ enabled: 'false' }),
  ),
  changing(
    'was unlocked',
    'it',
    (row) => row.enabled === 'false',
    () => ({ enabled: 'true' }),
  ),
  changing(
    'was suspended',
    'idp',
    (row) => row.state === 'active',
    () => ({ state: 'suspended' }),
  ),
  changing(
    'was let in again',
    'idp',
    (row) => row.state !== 'active',
    () => ({ state: 'active' }),
  ),
  changing('changed login and address', 'it', always, (world, row) => ({
    login: `${row.login ?? ''}.x`,
    email: `${row.login ?? ''}.${world.between(1, 99)}@acme.example`,
  })),
  changing('changed the login', 'idp', always, (_, row) => ({ login: `${row.login ?? ''}.x` })),
  changing('changed groups', 'it', always, (world) => ({ groups: world.groups() })),
  changing('changed groups', 'idp', always, (world) => ({ groups: world.groups() })),
  changing('is in a status never seen', 'hr', works, (world) => ({ status: world.pick(['Probation', 'aktiv', '']) })),
  changing(
    'left the strange status',
    'hr',
    (row) => ['Probation', 'aktiv', ''].includes(row.status ?? ''),
    () => ({
      status: 'Active',
    }),
  ),
  changing(
    'is in a state never seen',
    'idp',
    (row) => row.state === 'active',
    () => ({ state: 'PENDING' }),
  ),
  changing('starts on a day that is none', 'hr', works, () => ({ hire_date: 'soon' })),
  changing(
    'starts on a day again',
    'hr',
    (row) => row.hire_date === 'soon',
    (world) => ({
      hire_date: world.day(-world.between(1, 900)),
    }),
  ),
  departure('hr'),
  departure('it'),
  departure('idp'),
  arrival('hr'),
  arrival('it'),
  arrival('idp'),
  numbering('it', 'employee_id'),
  numbering('idp', 'employee_number'),
  newAccount('it'),
  newAccount('idp'),
];

/** Somebody's row is missing from now on. */
function departure(directory: DirectoryName): Event {
  return (world) => {
    const ids = [...world.rows[directory].keys()];
    // Later files must neither be empty nor so short that their reader doubts them.
    if (ids.length <= Math.max(3, Math.ceil(world.accepted[directory] * 0.9) - 5)) return null;
    const id = world.pick(ids);
    world.leave(directory, id);
    return truthfulStep(world, `left: ${directory}:${id}`, [directory]);
  };
}

/** A missing row is back, as it was. */
function arrival(directory: DirectoryName): Event {
  return (world) => {
    const ids = [...world.left[directory].keys()];
    if (ids.length === 0) return null;
    const id = world.pick(ids);
    world.comeBack(directory, id);
    return truthfulStep(world, `is back: ${directory}:${id}`, [directory]);
  };
}

/** An account learns whose it is: two users become one where it had its own. */
function numbering(directory: 'it' | 'idp', column: string): Event {
  return (world) => {
    const numbers = world.withoutAccount(directory).filter((number) => !world.isOverridden(`hr:${number}`));
    const nameless = [...world.rows[directory].entries()].filter(([, row]) => row[column] === '');
    if (numbers.length === 0 || nameless.length === 0) return null;
    const [id] = world.pick(nameless);
    const number = world.pick(numbers);
    world.change(directory, id, { [column]: number });
    return truthfulStep(world, `is known to be ${number}: ${directory}:${id}`, [directory]);
  };
}

/** Somebody gets a first account, or somebody from outside gets one. */
function newAccount(directory: 'it' | 'idp'): Event {
  return (world) => {
    const numbers = world.withoutAccount(directory);
    const number = numbers.length > 0 && world.chance(0.6) ? world.pick(numbers) : '';
    const id = world.account(directory, number);
    return truthfulStep(world, `got an account${number === '' ? '' : ` (${number})`}: ${directory}:${id}`, [directory]);
  };
}

/** Nothing changed in truth; what arrives is the same again, in another order, broken, short or empty. */
const EXPORTS: readonly Event[] = [
  (world) => truthfulStep(world, 'the same file again', [world.pick(DIRECTORIES)]),
  (world) => {
    const directory = world.pick(DIRECTORIES);
    const rows = world.shuffle([...world.rows[directory].values()]);
    const text = csvOf(directory, rows, world.shuffle(SHAPES[directory].columns));
    const step = truthfulStep(world, `rows and columns in another order: ${directory}`, [directory]);
    return { ...step, files: [deliver(world, directory, text)] };
  },
  (world) => {
    const directory = world.pick(DIRECTORIES);
    const files = [deliver(world, directory, csvOf(directory, []))];
    return {
      ...quiet(world, `an empty file: ${directory}`),
      files,
      exits: world.accepted[directory] > 0 ? [3] : [0, 4],
    };
  },
  (world) => {
    const directory = world.pick(DIRECTORIES);
    const [first, ...others] = csvOf(directory, [...world.rows[directory].values()])
      .trimEnd()
      .split('\n');
    const cut = [first, ...others.slice(0, Math.floor(others.length / 2)), '"cut he'].join('\n');
    return {
      ...quiet(world, `a file cut in a quoted cell: ${directory}`),
      files: [deliver(world, directory, cut)],
      exits: [1],
    };
  },
  (world) => {
    const directory = world.pick(DIRECTORIES);
    const before = world.accepted[directory];
    const left = Math.min(before - 10, Math.ceil(before * 0.8) - 1);
    const rows = world.shuffle([...world.rows[directory].values()]).slice(0, Math.max(0, left));
    if (rows.length === 0) return null;
    const files = [deliver(world, directory, csvOf(directory, rows))];
    const evidence = [evidenceOf(directory, rows, false)];
    return { ...quiet(world, `a file much too short: ${directory}`), files, evidence, exits: [3] };
  },
];

/** Time passes, or a person decides; no file arrives. */
const OTHERS: readonly Event[] = [
  (world) => quiet(world, 'hours pass', world.between(1, 20) * HOUR),
  (world) => quiet(world, 'days pass', world.between(1, 6) * DAY),
  (world) => {
    const record = `hr:${world.pick([...world.rows.hr.keys()])}`;
    const until = new Date(world.now + world.between(1, 9) * DAY).toISOString();
    const override = world.pick([
      { record, attribute: 'department', value: 'Board', until },
      { record, attribute: 'active', value: false, until },
      { record, attribute: 'active', value: true, until },
    ]);
    if (world.isOverridden(record, [override.attribute])) return null;
    world.overridden.set(`${record} ${override.attribute}`, until);
    return { ...quiet(world, `a person says ${override.attribute} ${String(override.value)}: ${record}`), override };
  },
];

function quiet(world: World, what: string, passing = 0): Step {
  world.now += passing;
  return { at: new Date(world.now).toISOString(), what, files: [], evidence: [], exits: [0, 1, 3, 4] };
}

/**
 * One history: a first whole export of all directories, then step after step of lives, exports and time.
 *
 * @param seed - the same seed gives the same history.
 */
export function history(seed: number, { people = 24, steps = 40 }: Options = {}): Step[] {
  const world = new World(seed, '2026-03-09T08:00:00Z');
  for (let hired = 0; hired < people; hired += 1) world.hire(false);
  for (const directory of ['it', 'idp'] as const) world.account(directory, '');
  const told = [truthfulStep(world, 'the first export', DIRECTORIES)];
  while (told.length < steps) {
    world.now += world.between(1, 9) * HOUR;
    const step = world.pick(world.pick([LIVES, LIVES, LIVES, EXPORTS, OTHERS]))(world);
    if (step !== null) told.push(step);
  }
  return told;
}
