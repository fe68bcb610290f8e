import { setTimeout as delay } from 'node:timers/promises';
import { Belief } from './belief/belief.js';
import { expectedOf, type ExpectedState } from './belief/expected.js';
import { restoredBelief, savedBelief } from './belief/saved.js';
import { compareWith, type Difference } from './comparison/compare.js';
import type { Dialect } from './dialects/dialect.js';
import { providers, type DialectName, type Provider, type SettingsOf } from './dialects/providers.js';
import { Faults } from './http/faults.js';
import { Refused, ScimClient, type Counters } from './http/scim-client.js';
import { createPopulation } from './population/generate.js';
import type { Change, Person, Population } from './population/population.js';
import { Random } from './population/random.js';
import { createWeek } from './population/week.js';
import {
  checkState,
  sizesOf,
  type Problem,
  type Report,
  type SimulatorOptions,
  type SimulatorState,
  type Sizes,
} from './simulator-options.js';
import { planned, type Order } from './tasks/plan.js';
import { runTasks, type Task } from './tasks/tasks.js';

/** One identity provider with its people, that speaks SCIM to a server. */
export class Simulator {
  readonly population: Population;
  /** The days to come after the first assignment, each a list of changes. */
  readonly week: readonly (readonly Change[])[];
  readonly problems: Problem[] = [];
  #daysDone: number;
  readonly #belief: Belief;
  readonly #people = new Map<string, Person>();

  /** Made by {@link createSimulator}. */
  constructor(
    readonly dialect: DialectName,
    private readonly setup: Setup,
  ) {
    this.population = setup.population;
    this.week = setup.week;
    this.#belief = setup.belief;
    this.#daysDone = setup.daysDone;
    this.#learn(setup.population.people.values());
    for (const { person } of setup.belief.users.values()) this.#people.set(person.key, person);
    this.#steps = setup.connect(this.#people);
  }

  readonly #steps: Dialect;

  /** Requests so far, and what happened to them. */
  get counters(): Readonly<Counters> {
    return { ...this.setup.client.counters };
  }

  /** Days of the week whose changes were sent. */
  get daysDone(): number {
    return this.#daysDone;
  }

  /**
   * Presses the button.
   *
   * @throws {Refused} with what an administrator would read.
   */
  testConnection(): Promise<void> {
    return this.#steps.testConnection();
  }

  /** Assigns everybody and pushes all groups, several at once. */
  assign(): Promise<Report> {
    const { people, teams } = this.population;
    return this.apply([
      ...[...people.values()].map((person): Change => ({ kind: 'hire', person })),
      ...[...teams.values()].map((team): Change => ({ kind: 'create-group', team })),
    ]);
  }

  /** Sends the next day's changes; an empty report when the week is over. */
  async runDay(): Promise<Report> {
    const changes = this.week[this.#daysDone] ?? [];
    const report = await this.apply(changes);
    if (this.#daysDone < this.week.length) this.#daysDone += 1;
    return report;
  }

  /** Sends the changes of all days that are left. */
  async runWeek(): Promise<Report> {
    const before = this.counters;
    const problemsBefore = this.problems.length;
    let tasks = 0;
    let isStopped = false;
    while (this.#daysDone < this.week.length && !isStopped) {
      const report = await this.runDay();
      tasks += report.tasks;
      ({ isStopped } = report);
    }
    return this.#report(before, problemsBefore, tasks, isStopped);
  }

  /** Sends some changes as one cycle of the provider: in its own order, several at once. */
  async apply(changes: readonly Change[]): Promise<Report> {
    this.#learn(
      changes.flatMap((change) => ('person' in change && typeof change.person !== 'string' ? [change.person] : [])),
    );
    const before = this.counters;
    const problemsBefore = this.problems.length;
    const phases = planned(changes, this.#steps, this.#belief, this.setup.order);
    let isStopped = false;
    for (const tasks of phases) if (!isStopped) isStopped = await this.#run(tasks);
    return this.#report(before, problemsBefore, phases.flat().length, isStopped);
  }

  /** Sends a group's whole list of members, where the provider has such a step (Okta's "Push now"). */
  async pushMembers(group: string): Promise<void> {
    await this.#steps.pushMembers?.(group);
  }

  /** What the provider believes of the server. */
  expected(): ExpectedState {
    return expectedOf(this.dialect, this.#belief);
  }

  /** Reads everything back, paged as the provider pages, and lists what differs from {@link expected}. */
  compare(): Promise<Difference[]> {
    return compareWith(this.expected(), { client: this.setup.client, paging: { count: this.setup.pageSize } });
  }

  /** All that another process needs to go on, as JSON; people's names stand in it. */
  savedState(): SimulatorState {
    return { ...this.setup.sizes, dialect: this.dialect, daysDone: this.#daysDone, belief: savedBelief(this.#belief) };
  }

  /** Ends the connections. */
  close(): void {
    this.setup.client.close();
  }

  #learn(people: Iterable<Person>): void {
    for (const person of people) this.#people.set(person.key, person);
  }

  async #run(tasks: readonly Task[]): Promise<boolean> {
    const unexpected: unknown[] = [];
    const refused = new Map<Task, Problem>();
    let isStopped = false;
    await runTasks(tasks, {
      concurrency: this.setup.concurrency,
      shuffledBy: this.setup.shuffledBy,
      onFailure: (task, error) => {
        if (error instanceof Refused) {
          refused.set(task, { task: task.name, message: error.message, status: error.status });
          isStopped ||= isShutOut(error.status);
          return isStopped;
        }
        unexpected.push(error);
        return true;
      },
    });
    // In the order of the tasks: which of several answers came first is chance.
    this.problems.push(...tasks.flatMap((task) => refused.get(task) ?? []));
    if (unexpected.length > 0) throw unexpected[0];
    return isStopped;
  }

  #report(before: Readonly<Counters>, problemsBefore: number, tasks: number, isStopped: boolean): Report {
    const now = this.counters;
    return {
      requests: now.requests - before.requests,
      retries: now.retries - before.retries,
      duplicates: now.duplicates - before.duplicates,
      drops: now.drops - before.drops,
      rateLimited: now.rateLimited - before.rateLimited,
      tasks,
      problems: this.problems.slice(problemsBefore),
      isStopped,
    };
  }
}

/** Whether an answer means that the provider may not come in at all. */
export function isShutOut(status: number): boolean {
  return status === 401 || status === 403;
}

interface Setup {
  readonly client: ScimClient;
  readonly belief: Belief;
  readonly population: Population;
  readonly week: readonly (readonly Change[])[];
  readonly daysDone: number;
  readonly concurrency: number;
  readonly shuffledBy: Random | undefined;
  readonly order: Order;
  readonly pageSize: number | null;
  readonly sizes: Sizes;
  readonly connect: (people: ReadonlyMap<string, Person>) => Dialect;
}

/**
 * A simulated provider. It sends nothing until it is told to.
 *
 * @throws {TypeError} when `baseUrl` is no URL.
 * @throws {RangeError} when `state` is of another dialect or was saved with other sizes.
 */
export function createSimulator<D extends DialectName>(dialect: D, options: SimulatorOptions<D>): Simulator {
  const sizes = sizesOf(options);
  const { seed, domain } = sizes;
  const { state, faults = {}, concurrency = 4 } = options;
  checkState(dialect, sizes, state);
  const provider: Provider<SettingsOf[D]> = providers[dialect];
  const drawn = { ...sizes, withoutEmail: provider.withoutEmail };
  const population = createPopulation(drawn);
  const settings = { ...provider.defaults({ baseUrl: options.baseUrl, seed, domain }), ...options.settings };
  const client = clientOf(provider, settings, options, new Faults(seed, faults));
  const belief = state === undefined ? new Belief() : restoredBelief(state.belief);
  return new Simulator(dialect, {
    client,
    belief,
    population,
    week: createWeek(population, drawn),
    daysDone: state?.daysDone ?? 0,
    concurrency,
    shuffledBy: faults.shuffle ? new Random(seed, 'shuffle') : undefined,
    order: provider.order,
    pageSize: provider.pageSize,
    sizes,
    connect: (people) => provider.create({ client, belief, seed, people }, settings),
  });
}

/**
 * Compares a server with a document that {@link Simulator.expected} gave, from any process.
 *
 * @returns what differs; nothing when the server stands as the provider believes.
 * @throws {Refused} when the server does not let itself be read.
 */
export async function compare<D extends DialectName>(
  expected: ExpectedState & { readonly dialect: D },
  options: Pick<SimulatorOptions<D>, 'baseUrl' | 'token' | 'settings' | 'timeoutMs' | 'wait' | 'headers'>,
): Promise<Difference[]> {
  const provider: Provider<SettingsOf[D]> = providers[expected.dialect];
  const defaults = provider.defaults({ baseUrl: options.baseUrl, seed: 1, domain: '' });
  const client = clientOf(provider, { ...defaults, ...options.settings }, options, new Faults(1, {}));
  try {
    return await compareWith(expected, { client, paging: { count: provider.pageSize } });
  } finally {
    client.close();
  }
}

function clientOf<D extends DialectName>(
  provider: Provider<SettingsOf[D]>,
  settings: SettingsOf[D],
  options: SimulatorOptions<D>,
  faults: Faults,
): ScimClient {
  return new ScimClient({
    baseUrl: options.baseUrl,
    headers: (method) => ({ ...provider.headers(method, options.token, settings), ...options.headers }),
    reads: provider.reads,
    space: provider.space,
    retries: provider.retries,
    faults,
    timeoutMs: options.timeoutMs ?? 60_000,
    wait: options.wait ?? ((milliseconds) => delay(milliseconds)),
    onExchange: options.onExchange,
  });
}
