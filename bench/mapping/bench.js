/**
 * T1, T2, T3: JSONata compiled against the interpreter, against hand-written JavaScript and against JMESPath.
 * `node bench/mapping/bench.js [rounds]`, after `npx tsc -b jsonata-compiler`. Speed is reported, never asserted.
 */
import { deepStrictEqual } from 'node:assert';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { compile, compileMapping } from '../../jsonata-compiler/dist/index.js';
import { googleWorkspace } from './hand-written.js';
import { reduced } from './jmespath-mapping.js';
import { installPeers } from './peers.js';
import { makeRecords } from './records.js';

installPeers();
const { default: jsonata } = await import('jsonata');
const { default: jmespath } = await import('jmespath');

const ROUNDS = Number(process.argv[2] ?? 5);
const SEED = 20261124;
const RECORDS = 500;
const NAMES = ['google-workspace', 'scim', 'active-directory', 'workday'];

const plain = (value) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
const print = (line) => process.stdout.write(`${line}\n`);

/** Microseconds of CPU per record. */
async function cost(run, records, count) {
  const before = process.cpuUsage();
  for (let index = 0; index < count; index++) {
    const pending = run(records[index % records.length]);
    if (pending instanceof Promise) await pending;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

/** Alternates the arms and keeps the best of each. */
async function compare(arms, records) {
  const best = {};
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, { run, count }] of Object.entries(arms)) {
      const measured = await cost(run, records, count);
      // The first round warms up.
      if (round > 0) best[name] = Math.min(best[name] ?? Infinity, measured);
    }
  }
  return best;
}

/** Both arms have the same value for every attribute of every record, before anything is measured. */
async function assertEqual(name, keys, records, left, right) {
  for (const record of records) {
    const [ours, theirs] = [left(record), await right(record)];
    for (const [index, key] of keys.entries())
      deepStrictEqual(plain(ours[index]), plain(theirs[index]), `${name} ${key}`);
  }
}

function armsOf(texts) {
  const interpreted = texts.map((text) => jsonata(text));
  const mapping = compileMapping(texts);
  const closures = compileMapping(texts, { accelerate: false });
  const singles = texts.map((text) => compile(text));
  return {
    jsonata: async (record) => {
      const values = [];
      for (const expression of interpreted) values.push(await expression.evaluate(record));
      return values;
    },
    compiled: (record) => mapping.evaluate(record).values,
    closures: (record) => closures.evaluate(record).values,
    'one by one': (record) => singles.map((expression) => expression.evaluate(record)),
  };
}

const load = (name) => JSON.parse(readFileSync(new URL(`mappings/${name}.json`, import.meta.url), 'utf8')).attributes;

async function benchMapping(name) {
  const attributes = load(name);
  const keys = Object.keys(attributes);
  const records = makeRecords(name, RECORDS, SEED);
  const arms = armsOf(Object.values(attributes));
  for (const arm of ['compiled', 'closures', 'one by one'])
    await assertEqual(name, keys, records, arms[arm], arms.jsonata);
  const counts = { jsonata: 1000, compiled: 20_000, closures: 10_000, 'one by one': 20_000 };
  const best = await compare(
    Object.fromEntries(Object.entries(arms).map(([arm, run]) => [arm, { run, count: counts[arm] }])),
    records,
  );
  const bytes = Math.round(records.reduce((sum, record) => sum + JSON.stringify(record).length, 0) / records.length);
  const ratio = (arm) => best.jsonata / best[arm];
  const shown = Object.keys(arms).map(
    (arm) => `${arm} ${best[arm].toFixed(2)} µs${arm === 'jsonata' ? '' : ` (${ratio(arm).toFixed(1)}×)`}`,
  );
  print(`${name}: ${keys.length} attributes, ${bytes} bytes a record; ${shown.join(', ')}`);
  return { compiled: ratio('compiled'), closures: ratio('closures') };
}

async function benchHandWritten() {
  const attributes = load('google-workspace');
  const keys = Object.keys(attributes);
  const records = makeRecords('google-workspace', RECORDS, SEED);
  const functions = keys.map((key) => googleWorkspace[key]);
  const { compiled } = armsOf(Object.values(attributes));
  const byHand = (record) => functions.map((read) => read(record));
  await assertEqual('hand-written', keys, records, compiled, byHand);
  const best = await compare(
    { compiled: { run: compiled, count: 20_000 }, byHand: { run: byHand, count: 20_000 } },
    records,
  );
  print(
    `T2 google-workspace: compiled ${best.compiled.toFixed(2)} µs, hand-written ${best.byHand.toFixed(2)} µs: ${(best.compiled / best.byHand).toFixed(2)}× its time (at most 1.5)`,
  );
}

async function benchJmespath() {
  const keys = Object.keys(reduced);
  const records = makeRecords('google-workspace', RECORDS, SEED);
  const mapping = compileMapping(Object.values(reduced).map(([, text]) => text));
  const compiled = (record) => mapping.evaluate(record).values;
  const peer = (record) => Object.values(reduced).map(([text]) => jmespath.search(record, text) ?? undefined);
  const withoutNull = (run) => (record) => run(record).map((value) => value ?? undefined);
  await assertEqual('jmespath', keys, records, withoutNull(compiled), peer);
  const best = await compare({ compiled: { run: compiled, count: 20_000 }, peer: { run: peer, count: 2000 } }, records);
  print(
    `reduced mapping, ${keys.length} attributes: compiled ${best.compiled.toFixed(2)} µs, jmespath 0.16.0 ${best.peer.toFixed(2)} µs (${(best.peer / best.compiled).toFixed(1)}×)`,
  );
}

const mean = (ratios) => Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);

print(
  `Node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}; seed ${SEED}, ${RECORDS} records, best of ${ROUNDS} rounds, CPU µs a record`,
);
// First, so that neither arm has met other mappings' shapes before.
await benchHandWritten();
const ratios = [];
for (const name of NAMES) ratios.push(await benchMapping(name));
const compiled = ratios.map((ratio) => ratio.compiled);
print(
  `T1 least ${Math.min(...compiled).toFixed(1)}× (at least 18), geometric mean ${mean(compiled).toFixed(1)}× (at least 30)`,
);
print(`T3 closures only, least ${Math.min(...ratios.map((ratio) => ratio.closures)).toFixed(1)}× (at least 8)`);
await benchJmespath();
