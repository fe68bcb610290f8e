import type { Chance } from '../../kill/chance.js';
import type { TestProject } from '../../support/project.js';

interface Worker {
  no: number;
  department: string;
  status: 'Active' | 'Leave' | 'Terminated' | 'Probation';
  email: string;
  login: string;
  groups: string[];
  /** False: not in the HR file. */
  listed: boolean;
}

const DEPARTMENTS = ['Engineering', 'Research', 'Sales', 'Legal'];
const GROUPS = ['vpn', 'admins', 'wiki', 'payroll'];

/** A small company in which every day something happens by chance; HR and IT export it as files. */
export class Company {
  readonly #chance: Chance;
  readonly #workers: Worker[] = [];
  readonly #told: Record<string, number> = {};

  constructor(chance: Chance) {
    this.#chance = chance;
    for (let n = 0; n < 40; n++) this.#hire();
  }

  /** How often what happened. */
  told(): Readonly<Record<string, number>> {
    return this.#told;
  }

  /** A day passes; both files are written. */
  async live(project: TestProject, date: string): Promise<void> {
    const events = [
      this.#hire.bind(this),
      this.#changing('moved', (worker) => (worker.department = this.#pick(DEPARTMENTS))),
      this.#changing('left', (worker) => (worker.listed = false)),
      this.#changing('returned', (worker) => Object.assign(worker, { listed: true, status: 'Active' })),
      this.#changing('ended', (worker) => (worker.status = 'Terminated')),
      this.#changing('paused', (worker) => (worker.status = 'Leave')),
      this.#changing('unclear', (worker) => (worker.status = 'Probation')),
      this.#changing('readdressed', (worker) => (worker.email = `n${this.#chance.below(1e6)}@acme.example`)),
      this.#changing('renamed', (worker) => (worker.login = `l${this.#chance.below(1e6)}`)),
      this.#changing('regrouped', (worker) => (worker.groups = GROUPS.filter(() => this.#chance.below(2) === 0))),
    ];
    for (let n = 0; n < 12; n++) this.#pick(events)();
    // Now and then everything of HR is missing, or somebody is listed twice and differs.
    const doubled = this.#chance.below(4) === 0 ? [{ ...this.#pick(this.#workers), department: 'Twice' }] : [];
    const rows = this.#chance.below(6) === 0 ? [] : [...this.#workers.filter((worker) => worker.listed), ...doubled];
    await project.hr(date, rows.map(hrRow));
    await project.it(date, this.#workers.filter((worker) => worker.no % 3 > 0).map(itRow));
  }

  /** A person decides about a review, and about a value. */
  async decide(project: TestProject, now: string): Promise<void> {
    await project.at(now, async (door) => {
      for (const review of (await door.reviews({ limit: 2 })).items) {
        await door.reviewDecide(review.id, this.#chance.below(2) === 0 ? 'approve' : 'reject', 'so be it', 'a test');
        this.#count('decided');
      }
      const [user] = (await door.users.list({ limit: 1 })).items;
      if (user === undefined) return;
      const who = { reason: 'a test', until: '2026-12-31T00:00:00Z', by: 'a test' };
      await door.overrides.set(user.id, 'department', this.#pick(DEPARTMENTS), who);
      await door.overrides.clear({ who: user.id, attribute: 'department' }, 'a test');
      this.#count('overridden');
    });
  }

  #hire(): void {
    const no = this.#workers.length + 1;
    this.#workers.push({
      no,
      department: this.#pick(DEPARTMENTS),
      status: 'Active',
      email: `w${no}@acme.example`,
      login: `w${no}`,
      groups: ['vpn'],
      listed: true,
    });
    this.#count('hired');
  }

  #changing(what: string, change: (worker: Worker) => unknown): () => void {
    return () => {
      change(this.#pick(this.#workers));
      this.#count(what);
    };
  }

  #count(what: string): void {
    this.#told[what] = (this.#told[what] ?? 0) + 1;
  }

  #pick<T>(list: readonly T[]): T {
    const item = list[this.#chance.below(list.length)];
    if (item === undefined) throw new Error('An empty list has nothing to pick.');
    return item;
  }
}

function hrRow(worker: Worker): string {
  const ended = worker.status === 'Terminated' ? '2026-03-06' : '';
  return [
    `W${worker.no}`,
    `First${worker.no}`,
    `Last${worker.no}`,
    worker.email,
    worker.department,
    worker.status,
    '2020-01-06',
    ended,
  ].join(';');
}

function itRow(worker: Worker): string {
  const enabled = worker.status === 'Terminated' ? 'false' : 'true';
  return [
    `A${worker.no}`,
    `W${worker.no}`,
    worker.login,
    worker.email,
    enabled,
    worker.department,
    worker.groups.join('|'),
  ].join(',');
}
