/**
 * A mapping is mended and everybody is derived again from what is stored, with nothing fetched: once with JSONata's
 * interpreter (as before mappings were compiled) and once compiled, on the same store, in this process, in turn.
 *
 *     npm run bench:rederive -- --people 100000
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createRollcall, readProject } from '@rollcall/core';
import { InterpretedEvaluator } from '../../test/dist/support/interpreter.js';
import { ndjson } from './connector.mjs';
import { writePeople } from './people.mjs';
import { makeProject } from './project.mjs';

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '2' },
  },
});
const people = Number(values.people);

const WRITTEN = `  userName: '$lowercase($substringBefore(email, "@"))'
  displayName: '$trim(given & " " & family)'
  name.formatted: 'family & ", " & given'
  nickName: '$lookup($nicks, given)'
  organization: '$contains(department, "Sales") ? "Sales" : "Core"'
  preferredLanguage: 'status = "active" ? "en" : null'
tables: { nicks: { ${['Ada', 'Grace', 'Alan', 'Amélie', 'Jörg', 'Zoë', 'Ngô', 'Oğuz', 'Kaja', 'Søren'].map((name) => `${name}: ${name[0]}`).join(', ')} } }
`;

/** The mapping with a title that one in a hundred people has another of, whichever way it is turned. */
const mappingText = (base, mended) =>
  base.replace(
    'title: title',
    `title: 'title = "Engineer 1" and department = "Legal" ? "${mended ? 'Engineer I' : 'Engineer 1'}" : title'`,
  ) + WRITTEN;

async function cpuOf(task) {
  const before = process.cpuUsage();
  const began = performance.now();
  const value = await task();
  const used = process.cpuUsage(before);
  return { value, us: (used.user + used.system) / people, wallUs: ((performance.now() - began) * 1000) / people };
}

const root = await makeProject();
const mapping = path.join(root, 'mappings/bench.yaml');
const base = await readFile(mapping, 'utf8');

async function withEngine(evaluator, mended, task) {
  await writeFile(mapping, mappingText(base, mended));
  const configuration = await readProject(root);
  const engine = evaluator === undefined ? {} : { evaluator };
  const rollcall = await createRollcall({
    store: configuration.store,
    connectors: [ndjson],
    root,
    configuration,
    ...engine,
  });
  try {
    await rollcall.apply(configuration);
    return await task(await rollcall.tenant('bench'));
  } finally {
    await rollcall.close();
  }
}

try {
  await writePeople(path.join(root, 'people.ndjson'), { count: people, seed: Number(values.seed) });
  await withEngine(undefined, false, (tenant) => tenant.sync());
  await rm(path.join(root, 'people.ndjson'));
  const best = { interpreted: null, compiled: null };
  let mended = false;
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [name, evaluator] of [
      ['interpreted', new InterpretedEvaluator()],
      ['compiled', undefined],
    ]) {
      mended = !mended;
      const done = await withEngine(evaluator, mended, (tenant) => cpuOf(() => tenant.rederive()));
      const [run] = done.value.runs;
      if (run.outcome !== 'finished' || run.changes.users.updated === 0)
        throw new Error(`Not a re-derivation: ${JSON.stringify(run)}`);
      const measured = { cpuUs: done.us, wallUs: done.wallUs, updated: run.changes.users.updated };
      if (best[name] === null || measured.cpuUs < best[name].cpuUs) best[name] = measured;
    }
  }
  const answer = {
    machine: `${cpus()[0]?.model ?? ''} x ${cpus().length}, Node ${process.version}`,
    people,
    before: best.interpreted,
    after: best.compiled,
    times: best.interpreted.cpuUs / best.compiled.cpuUs,
  };
  process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
} finally {
  await rm(root, { recursive: true, force: true });
}
