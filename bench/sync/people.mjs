import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

/** Numbers in [0, 1) from a seed (mulberry32): the same people on every machine. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const GIVEN = ['Ada', 'Grace', 'Alan', 'Amélie', 'Jörg', 'Zoë', 'Ngô', 'Oğuz', 'Kaja', 'Søren'];
const FAMILY = ['Lovelace', 'Hopper', 'Turing', 'Müller', "O'Hara", 'Đặng', 'Yılmaz', 'Ångström', 'Ito'];
const DEPARTMENTS = ['Engineering', 'Research', 'Platform', 'People', 'Sales, EMEA', 'Legal'];
const FILLER = 'A note that a source likes to carry along with every person that it knows about. '.repeat(8);

/** One person as a source shows it: about 1.2 kB, with nulls, missing branches, and many non-ASCII letters. */
export function person(n, random) {
  const given = GIVEN[Math.floor(random() * GIVEN.length)];
  const family = FAMILY[Math.floor(random() * FAMILY.length)];
  return {
    id: `P${String(n).padStart(8, '0')}`,
    given,
    family,
    email: random() < 0.05 ? null : `p${n}@acme.example`,
    department: DEPARTMENTS[Math.floor(random() * DEPARTMENTS.length)],
    title: random() < 0.3 ? undefined : `Engineer ${Math.floor(random() * 9)}`,
    status: random() < 0.97 ? 'active' : 'terminated',
    hired: `20${10 + Math.floor(random() * 15)}-0${1 + Math.floor(random() * 9)}-1${Math.floor(random() * 9)}`,
    phones: Array.from({ length: Math.floor(random() * 3) }, (_, i) => ({ value: `+49 30 ${n}${i}`, type: 'work' })),
    note: FILLER.slice(0, 500 + Math.floor(random() * 140)),
  };
}

/** Writes `count` people as NDJSON; `changed` of them, spread over the file, have another department. */
export async function writePeople(file, { count, seed, changed = 0 }) {
  const random = randomFrom(seed);
  const out = createWriteStream(file);
  const every = changed === 0 ? Infinity : Math.floor(count / changed);
  let bytes = 0;
  for (let n = 0; n < count; n++) {
    const someone = person(n, random);
    if (n % every === every - 1) someone.department = 'Moved';
    const line = `${JSON.stringify(someone)}\n`;
    bytes += Buffer.byteLength(line);
    if (!out.write(line)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  return bytes;
}
