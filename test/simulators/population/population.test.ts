import { expect } from 'chai';
import { createPopulation, createWeek, type Change } from '#simulators/index.js';

const options = { seed: 9, people: 300, groups: 20, withoutEmail: 0.1, domain: 'acme.example', days: 5 };

function plain(population: ReturnType<typeof createPopulation>): unknown {
  return [
    [...population.people.values()],
    [...population.teams.values()].map((team) => [team.name, [...team.members]]),
  ];
}

describe('simulators/population', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(plain(createPopulation(options))).to.deep.equal(plain(createPopulation(options)));
    expect(plain(createPopulation({ ...options, seed: 10 }))).not.to.deep.equal(plain(createPopulation(options)));
    const week = (): Change[][] => createWeek(createPopulation(options), options);
    expect(week()).to.deep.equal(week());
  });

  it('has unique logins, names of many scripts, people without e-mail, and managers above everybody but one', () => {
    const people = [...createPopulation(options).people.values()];
    expect(new Set(people.map(({ userName }) => userName.toLowerCase())).size).to.equal(300);
    for (const script of [/\p{Script=Cyrillic}/u, /\p{Script=Han}/u, /\p{Script=Arabic}/u, /[^\u0000-\u007f]/u])
      expect(people.some(({ displayName }) => script.test(displayName))).to.equal(true);
    expect(people.some(({ userName }) => userName.includes('+'))).to.equal(true);
    expect(people.some(({ email }) => email === null)).to.equal(true);
    expect(people.filter(({ manager }) => manager === null).map(({ key }) => key)).to.deep.equal(['p00001']);
    expect(people.every(({ key, manager }) => manager === null || manager < key)).to.equal(true);
  });

  it('has everybody with an address where a dialect wants one', () => {
    const { people } = createPopulation({ ...options, withoutEmail: 0 });
    expect([...people.values()].every(({ email }) => email !== null)).to.equal(true);
  });

  it('has groups of very different sizes, of people who are there', () => {
    const { people, teams } = createPopulation(options);
    const sizes = [...teams.values()].map(({ members }) => members.size);
    expect([Math.max(...sizes), Math.min(...sizes)]).to.deep.equal([300, 15]);
    for (const { members } of teams.values()) expect([...members].every((key) => people.has(key))).to.equal(true);
  });

  it('draws every kind of change in a week', () => {
    const kinds = new Set(
      createWeek(createPopulation(options), options)
        .flat()
        .map(({ kind }) => kind),
    );
    expect([...kinds].sort()).to.deep.equal([
      'create-group',
      'deactivate',
      'delete',
      'delete-group',
      'hire',
      'members',
      'profile',
      'reactivate',
      'rename-group',
    ]);
  });

  it('changes nobody twice a day, and nobody who is inactive', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const drawn = { ...options, seed, days: 14, people: 80 };
      const inactive = new Set<string>();
      for (const day of createWeek(createPopulation(drawn), drawn)) {
        const touched = day.flatMap((change) =>
          'person' in change ? [typeof change.person === 'string' ? change.person : change.person.key] : [],
        );
        expect(new Set(touched).size).to.equal(touched.length);
        for (const change of day) {
          if (change.kind === 'profile') expect(inactive.has(change.person.key)).to.equal(false);
          if (change.kind === 'deactivate') inactive.add(change.person);
          if (change.kind === 'reactivate') expect(inactive.delete(change.person)).to.equal(true);
          if (change.kind === 'delete') expect(inactive.delete(change.person)).to.equal(true);
          if (change.kind === 'members') expect(change.add.some((key) => inactive.has(key))).to.equal(false);
        }
      }
    }
  });

  it('can be tiny', () => {
    const tiny = { ...options, people: 1, groups: 1 };
    expect(() => createWeek(createPopulation(tiny), tiny)).not.to.throw();
  });
});
