import { drawPerson, groupKey, type PopulationOptions } from './generate.js';
import { departments, familyNames, groupWords, titles } from './names.js';
import type { Change, Person, Population, Team } from './population.js';
import { Random } from './random.js';

/** What happens in the days after the first assignment; the same values give the same changes. */
export interface WeekOptions extends PopulationOptions {
  readonly days: number;
}

interface MutableTeam {
  readonly key: string;
  name: string;
  readonly members: Set<string>;
}

/** Draws each day's changes from how things stand after the day before. */
class Week {
  readonly #random: Random;
  readonly #people: Map<string, Person>;
  readonly #teams: Map<string, MutableTeam>;
  /** Keys of people who are there but inactive, and why. */
  readonly #inactive = new Map<string, 'unassigned' | 'left'>();
  /** Whoever was touched today is left alone until tomorrow, but for groups. */
  readonly #touched = new Set<string>();
  #hired: number;
  #grouped: number;
  #deactivated = 0;

  constructor(
    population: Population,
    private readonly options: WeekOptions,
  ) {
    this.#random = new Random(options.seed, 'week');
    this.#people = new Map(population.people);
    this.#teams = new Map([...population.teams].map(([key, team]) => [key, openTeam(team)]));
    this.#hired = options.people;
    this.#grouped = options.groups;
  }

  /** @param number - counts from 0. */
  day(number: number): Change[] {
    this.#touched.clear();
    return [
      ...this.#reactivations(),
      ...this.#deletions(),
      ...this.#hires(),
      ...this.#profiles(),
      ...this.#deactivations(),
      ...this.#groupsOfTheDay(number),
      ...this.#moves(),
    ];
  }

  #share(part: number): number {
    return Math.max(1, Math.round(this.#people.size * part));
  }

  /** About that share, and one at least. */
  #some(keys: readonly string[], part: number): string[] {
    return this.#random.sample(keys, Math.max(1, Math.round(keys.length * part)));
  }

  #active(): string[] {
    return [...this.#people.keys()].filter((key) => !this.#inactive.has(key) && !this.#touched.has(key));
  }

  #drawActive(part: number): Person[] {
    const drawn = this.#random.sample(this.#active(), this.#share(part));
    for (const key of drawn) this.#touched.add(key);
    return drawn.flatMap((key) => this.#people.get(key) ?? []);
  }

  #reactivations(): Change[] {
    const away = [...this.#inactive].filter(([, because]) => because === 'unassigned').map(([key]) => key);
    return this.#some(away, 0.3).map((person) => {
      this.#inactive.delete(person);
      this.#touched.add(person);
      return { kind: 'reactivate', person };
    });
  }

  /** Only who left for good, and whom nobody reports to. */
  #deletions(): Change[] {
    const managers = new Set([...this.#people.values()].map((person) => person.manager));
    const left = [...this.#inactive].filter(([key, because]) => because === 'left' && !managers.has(key));
    const keys = left.map(([key]) => key);
    return this.#some(keys, 0.5).map((person) => {
      this.#inactive.delete(person);
      this.#people.delete(person);
      for (const team of this.#teams.values()) team.members.delete(person);
      return { kind: 'delete', person };
    });
  }

  #hires(): Change[] {
    return Array.from({ length: this.#share(0.01) }, () => {
      this.#hired += 1;
      const person = drawPerson(this.#hired, this.#random, this.options);
      const manager = this.#random.pick([...this.#people.keys()]);
      const hired = { ...person, manager };
      this.#people.set(hired.key, hired);
      this.#touched.add(hired.key);
      return { kind: 'hire', person: hired };
    });
  }

  #profiles(): Change[] {
    return this.#drawActive(0.02).map((before) => {
      const person = this.#changed(before);
      this.#people.set(person.key, person);
      return { kind: 'profile', person };
    });
  }

  #changed(person: Person): Person {
    switch (this.#random.below(5)) {
      case 0:
        return this.#married(person);
      case 1:
        return { ...person, title: null };
      case 2:
        return { ...person, department: this.#random.pick(departments), manager: this.#otherManager(person) };
      case 3:
        return { ...person, phone: person.phone === null ? '+49-30-5550100' : null };
      default:
        return { ...person, title: this.#random.pick(titles), department: null };
    }
  }

  /** Somebody of a smaller number, so that nobody comes to report to themselves. */
  #otherManager(person: Person): string | null {
    const above = [...this.#people.keys()].filter((key) => key < person.key);
    return above.length === 0 ? null : this.#random.pick(above);
  }

  /** Another family name, and with it another login and address. */
  #married(person: Person): Person {
    const [familyName, latin] = this.#random.pick(familyNames);
    const local = `${latin}.${person.key}.${this.#random.below(1_000)}`;
    const address = `${local}@${this.options.domain}`;
    return {
      ...person,
      familyName,
      displayName: `${person.givenName} ${familyName}`,
      userName: address,
      email: person.email === null ? null : address,
      mailNickname: person.mailNickname === null ? null : local.replaceAll(/[^\w.-]/g, ''),
    };
  }

  #deactivations(): Change[] {
    return this.#drawActive(0.01).map(({ key }) => {
      this.#deactivated += 1;
      const because = this.#deactivated % 2 === 0 ? 'left' : 'unassigned';
      this.#inactive.set(key, because);
      return { kind: 'deactivate', person: key, because };
    });
  }

  #groupsOfTheDay(number: number): Change[] {
    const renamed = this.#random.sample([...this.#teams.values()], 1);
    for (const team of renamed)
      team.name = `${this.#random.pick(groupWords)} (${this.#random.below(10_000)}) ${team.key}`;
    const changes: Change[] = renamed.map((team) => ({ kind: 'rename-group', group: team.key, name: team.name }));
    if (number % 3 === 1) changes.push(this.#newGroup());
    if (number % 4 === 3 && this.#teams.size > 2) changes.push(this.#droppedGroup());
    return changes;
  }

  #newGroup(): Change {
    this.#grouped += 1;
    const key = groupKey(this.#grouped);
    const members = new Set(this.#random.sample(this.#present(), 5));
    const team = { key, name: `${this.#random.pick(groupWords)} ${this.#grouped}`, members };
    this.#teams.set(key, team);
    return { kind: 'create-group', team: { ...team, members: new Set(members) } };
  }

  #droppedGroup(): Change {
    const group = this.#random.pick([...this.#teams.keys()]);
    this.#teams.delete(group);
    return { kind: 'delete-group', group };
  }

  #present(): string[] {
    return [...this.#people.keys()].filter((key) => !this.#inactive.has(key));
  }

  #moves(): Change[] {
    const moving = this.#random.sample([...this.#teams.values()], Math.max(1, Math.round(this.#teams.size / 3)));
    const present = this.#present();
    return moving.flatMap((team) => {
      const inside = present.filter((key) => team.members.has(key));
      const outside = present.filter((key) => !team.members.has(key));
      const add = this.#random.sample(outside, 1 + this.#random.below(3));
      const remove = this.#random.sample(inside, this.#random.below(3));
      for (const key of add) team.members.add(key);
      for (const key of remove) team.members.delete(key);
      return add.length + remove.length === 0 ? [] : [{ kind: 'members', group: team.key, add, remove }];
    });
  }
}

function openTeam(team: Team): MutableTeam {
  return { key: team.key, name: team.name, members: new Set(team.members) };
}

/**
 * The changes of some days: hires, profiles, renames, leavers, returners, deletions, groups and memberships.
 *
 * @returns one list a day, in the order in which they happened.
 */
export function createWeek(population: Population, options: WeekOptions): Change[][] {
  const week = new Week(population, options);
  return population.people.size === 0 ? [] : Array.from({ length: options.days }, (_, number) => week.day(number));
}
