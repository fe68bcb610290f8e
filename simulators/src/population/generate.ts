import { departments, familyNames, givenNames, groupWords, locales, titles } from './names.js';
import type { Person, Population, Team } from './population.js';
import { Random } from './random.js';

/** What a population is drawn from; the same values give the same population. */
export interface PopulationOptions {
  readonly seed: number;
  readonly people: number;
  readonly groups: number;
  /** Share of people without an e-mail address, 0 to 1. */
  readonly withoutEmail: number;
  /** Domain of logins and addresses. */
  readonly domain: string;
}

/** Nobody is in a group larger than this, whatever the size of the population. */
const largestGroup = 1_000;

export function personKey(number: number): string {
  return `p${String(number).padStart(5, '0')}`;
}

export function groupKey(number: number): string {
  return `g${String(number).padStart(4, '0')}`;
}

/** The person of that number. Numbers make logins unique, so that hires never collide with those who are there. */
export function drawPerson(number: number, random: Random, options: PopulationOptions): Person {
  const [givenName, given] = random.pick(givenNames);
  const [familyName, family] = random.pick(familyNames);
  const isGuest = random.isHit(0.02);
  const hasEmail = !random.isHit(options.withoutEmail);
  const local = `${localPart(given, family, random)}${number}`;
  const address = `${local}@${options.domain}`;
  return {
    key: personKey(number),
    userName: address,
    givenName,
    familyName,
    displayName: `${givenName} ${familyName}`,
    email: hasEmail ? address : null,
    mailNickname: random.isHit(0.05) ? null : local.replaceAll(/[^\w.-]/g, ''),
    employeeNumber: `E${String(number).padStart(6, '0')}`,
    title: random.isHit(0.1) ? null : random.pick(titles),
    department: random.isHit(0.1) ? null : random.pick(departments),
    phone: random.isHit(0.5) ? null : `+1-555-${String(1_000_000 + number).slice(-7)}`,
    locale: random.pick(locales),
    manager: number === 1 ? null : personKey(1 + random.below(Math.ceil((number - 1) / 8))),
    isGuest,
  };
}

/** Most addresses are plain; some have what has to be encoded in a filter. */
function localPart(given: string, family: string, random: Random): string {
  if (random.isHit(0.03)) return `${given}+${family}`;
  return random.isHit(0.02) ? `${given}.${family}.é` : `${given}.${family}.`;
}

function drawTeam(number: number, random: Random, keys: readonly string[]): Team {
  const size = Math.min(largestGroup, Math.ceil(keys.length / number));
  return {
    key: groupKey(number),
    name: `${random.pick(groupWords)} ${number}`,
    members: new Set(random.sample(keys, size)),
  };
}

/**
 * People with names of many scripts, a tree of managers, and groups of very different sizes.
 *
 * @param options - what is drawn; `people` and `groups` are whole numbers, 0 included.
 */
export function createPopulation(options: PopulationOptions): Population {
  const random = new Random(options.seed, 'population');
  const people = new Map<string, Person>();
  for (let number = 1; number <= options.people; number += 1)
    people.set(personKey(number), drawPerson(number, random, options));
  const keys = [...people.keys()];
  const teams = new Map<string, Team>();
  for (let number = 1; number <= options.groups; number += 1)
    teams.set(groupKey(number), drawTeam(number, random, keys));
  return { people, teams };
}
