/**
 * T6, T8, T11, T12, T13, T16 and the connector `csv` (docs/how-it-is-measured.md): the pipeline beside "limit B", which
 * reads the same file and does `JSON.parse`, `JSON.stringify` and sha256 of every record and nothing else. Ratios of CPU
 * time, the arms in this process, in turn, the best of three rounds each.
 *
 *     npm run bench -- --people 100000 [--json]
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { createRollcall, readProject } from '@rollcall/core';
import { ndjson } from './connector.mjs';
import { measureCsv } from './csv-arm.mjs';
import { limitB } from './limit-b.mjs';
import { bestOf, cpuOf, machine } from './measure.mjs';
import { writePeople } from './people.mjs';
import { makeProject } from './project.mjs';

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const people = Number(values.people);
const seed = Number(values.seed);
const CHANGED = 100;
const ROUNDS = 3;

const root = await makeProject();
const file = path.join(root, 'people.ndjson');
const bytes = await writePeople(file, { count: people, seed });
const configuration = await readProject(root);
const rollcall = await createRollcall({ store: configuration.store, connectors: [ndjson], root, configuration });
let statements = 0;
rollcall.store.onQuery(() => {
  statements += 1;
});

/** A sync in which nobody changed; the event loop is watched in the last one, warm and in one piece. */
async function again(tenant, round, delay) {
  if (round === ROUNDS - 1) delay.enable();
  statements = 0;
  const [run] = (await tenant.sync({ full: true })).runs;
  delay.disable();
  if (run.records.same !== people || run.events !== null)
    throw new Error(`Not a no-change sync: ${JSON.stringify(run)}`);
}

/** Everybody is derived again by a mapping that is written otherwise and says the same. */
async function rederiveAll() {
  const mapping = path.join(root, 'mappings/bench.yaml');
  await writeFile(mapping, `${await readFile(mapping, 'utf8')}# written otherwise\n`);
  await rollcall.apply(await readProject(root));
  const tenant = await rollcall.tenant('bench');
  const { value, us } = await cpuOf(people, () => tenant.rederive());
  const [run] = value.runs;
  if (run.outcome !== 'finished' || run.changes.users.updated + run.rowsWritten.changes + run.rowsWritten.events > 0)
    throw new Error(`Not a re-derivation without changes: ${JSON.stringify(run)}`);
  return us;
}

try {
  await rollcall.apply(configuration);
  const tenant = await rollcall.tenant('bench');
  const first = await cpuOf(people, () => tenant.sync());
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const best = await bestOf(ROUNDS, people, {
    pipeline: (round) => again(tenant, round, delay),
    limit: () => limitB(file),
  });
  const statementsAgain = statements;
  const rederiveUs = await rederiveAll();
  await writePeople(file, { count: people, seed, changed: CHANGED });
  const delta = await tenant.sync({ full: true });
  const answer = {
    machine,
    people,
    bytesPerRecord: Math.round(bytes / people),
    seed,
    T6: { pipelineUs: best.pipeline, limitBUs: best.limit, percentOfLimitB: (100 * best.limit) / best.pipeline },
    T8: { statementsPerThousand: (1000 * statementsAgain) / people },
    T11: { changed: delta.runs[0].records.changed, rowsWritten: delta.runs[0].rowsWritten },
    T12: { firstImportUs: first.us, timesLimitB: first.us / best.limit },
    T13: { rederiveUs, timesLimitB: rederiveUs / best.limit },
    T16: { p99Ms: delay.percentile(99) / 1e6, maxMs: delay.max / 1e6 },
    csv: await measureCsv({ people, seed, rounds: ROUNDS }),
    rssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  process.stdout.write(`${JSON.stringify(answer, null, values.json ? 0 : 2)}\n`);
} finally {
  await rollcall.close();
  await rm(root, { recursive: true, force: true });
}
