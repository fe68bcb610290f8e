/** The people of the story, drawn from a seed: the same seed, the same people. */
const givenNames =
  'Ada Alan Amina Anton Aylin Barbara Carlos Chiara Daniel Dorothy Edsger Elena Emeka Farah Femi Frances Grace Hana Hedy Ingrid Ivan Jamal Joan Jonas Kaito Katherine Kofi Lena Leila Lin Luca Mads Maria Mei Miguel Nadia Niklaus Noor Olga Omar Priya Radia Rosa Samir Sofia Tariq Thandi Yuki Zofia José'.split(
    ' ',
  );
const familyNames =
  'Abara Adeyemi Almeida Andersson Bauer Becker Bianchi Chen Costa Dahl Diallo Dubois Eriksen Fischer Garcia Haddad Hansen Hoffmann Ito Ivanova Jensen Kaya Keller Khan Kowalska Kumar Larsen Lindqvist Martin Mensah Moreau Nakamura Nguyen Novak Okafor Olsen Park Petrov Popescu Rahman Rossi Santos Sato Schmidt Silva Suzuki Tanaka Vargas Wagner Weber Yilmaz Zhang Núñez'.split(
    ' ',
  );
export const departments = ['Engineering', 'Research', 'Sales', 'Finance', 'Support', 'Legal', 'Operations'];

const size = 300;
const contractors = 3;
/** HR still lists them; their accounts were closed long ago. */
const longGone = 6;
/** So many departments are spelled in another way by IT. */
const spelledOtherwise = 12;

/** Numbers between 0 and 1 from a seed (mulberry32). */
export function randomFrom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, below: (count) => Math.floor(next() * count), pick: (list) => list[Math.floor(next() * list.length)] };
}

const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** A company: who works there, and what each of three offices writes down about them. */
export class Company {
  people = [];
  #taken = new Set();
  #numbers = 1000;

  constructor(random) {
    this.random = random;
    for (let i = 0; i < size - contractors; i++) this.#employ('2019-04-01');
    for (const person of this.people.slice(0, longGone)) leaveLongAgo(person);
    for (const person of this.people.slice(longGone, longGone + spelledOtherwise)) {
      person.it.department = `${person.hr.department} Dept.`;
    }
    for (let i = 0; i < contractors; i++) this.#contract();
  }

  /** @param hireDate - first day; the account comes with the e-mail address. */
  hire(hireDate, { withEmail = true } = {}) {
    const person = this.#employ(hireDate, withEmail);
    person.told = true;
    return person;
  }

  /** Somebody who is at work and of whom the story has not told anything yet. */
  anybody() {
    const people = this.people.filter(
      ({ hr, it, told }) => hr?.status === 'Active' && it && !told && it.department === hr.department,
    );
    const person = this.random.pick(people);
    person.told = true;
    return person;
  }

  giveAccount(person) {
    const { hr, login } = person;
    const email = `${login}@acme.example`;
    if (hr) hr.email = email;
    person.it = {
      accountId: String(9000 + this.people.length + this.#numbers++),
      email,
      department: hr?.department ?? '',
      groups: this.random.below(60) === 0 ? ['vpn', 'admins'] : ['vpn'],
    };
    person.idp = { id: `00u${this.random.below(2 ** 31).toString(36)}${person.no}`, email };
  }

  #employ(hireDate, withEmail = true) {
    const person = this.#person();
    const department = this.random.pick(departments);
    person.hr = { department, status: 'Active', hireDate, terminationDate: '', email: '' };
    if (withEmail) this.giveAccount(person);
    return person;
  }

  #contract() {
    const person = this.#person();
    person.hr = undefined;
    this.giveAccount(person);
  }

  #person() {
    let given, family, login;
    do {
      given = this.random.pick(givenNames);
      family = this.random.pick(familyNames);
      login = `${plain(given)}.${plain(family)}`;
    } while (this.#taken.has(login));
    this.#taken.add(login);
    const no = this.people.length + 1;
    const person = { no, employeeId: `E${1000 + no}`, given, family, login };
    this.people.push(person);
    return person;
  }
}

function leaveLongAgo(person) {
  Object.assign(person.hr, { status: 'Terminated', terminationDate: '2025-08-29' });
  person.it = undefined;
  person.idp = undefined;
  person.told = true;
}
