/**
 * T6, T7, T8, T11, T12, T16 (docs/how-it-is-measured.md): the pipeline beside "limit B", which reads the same file and
 * does `JSON.parse`, `JSON.stringify` and sha256 of every record and nothing else. Ratios of CPU time, both arms in this
 * process, in turn, the best of three rounds each.
 *
 *     npm run bench -- --people 100000 [--json]
 */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { createRollcall, readProject } from '@rollcall/core';
import { ndjson } from './connector.mjs';
import { linesOf } from './lines.mjs';
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

async function cpuOf(task) {
  const before = process.cpuUsage();
  const value = await task();
  const used = process.cpuUsage(before);
  return { value, us: (used.user + used.system) / people };
}

async function limitB(file) {
  let sum = 0;
  for await (const lines of linesOf(file)) {
    for (const line of lines) {
      const text = JSON.stringify(JSON.parse(line.toString()));
      sum += createHash('sha256').update(text).digest()[0];
    }
  }
  return sum;
}

const root = await makeProject();
const file = path.join(root, 'people.ndjson');
const bytes = await writePeople(file, { count: people, seed });
const configuration = await readProject(root);
const rollcall = await createRollcall({ store: configuration.store, connectors: [ndjson], root, configuration });
let reads = 0;
let counting = false;
rollcall.store.onQuery(() => {
  if (counting) reads += 1;
});
try {
  await rollcall.apply(configuration);
  const tenant = await rollcall.tenant('bench');
  const first = await cpuOf(() => tenant.sync());
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const rounds = { pipeline: [], limit: [] };
  for (let round = 0; round < 3; round++) {
    if (round === 1) delay.enable();
    reads = 0;
    counting = true;
    const done = await cpuOf(() => tenant.sync({ full: true }));
    counting = false;
    const [run] = done.value.runs;
    if (run.records.same !== people || run.events !== null)
      throw new Error(`Not a no-change sync: ${JSON.stringify(run)}`);
    rounds.pipeline.push(done.us);
    delay.disable();
    rounds.limit.push((await cpuOf(() => limitB(file))).us);
  }
  await writePeople(file, { count: people, seed, changed: CHANGED });
  const delta = await tenant.sync({ full: true });
  const best = { pipeline: Math.min(...rounds.pipeline), limit: Math.min(...rounds.limit) };
  const answer = {
    machine: `${cpus()[0]?.model ?? ''} x ${cpus().length}, Node ${process.version}`,
    people,
    bytesPerRecord: Math.round(bytes / people),
    seed,
    T6: { pipelineUs: best.pipeline, limitBUs: best.limit, percentOfLimitB: (100 * best.limit) / best.pipeline },
    T8: { statementsPerThousand: (1000 * reads) / people },
    T11: { changed: delta.runs[0].records.changed, rowsWritten: delta.runs[0].rowsWritten },
    T12: { firstImportUs: first.us, timesLimitB: first.us / best.limit },
    T16: { p99Ms: delay.percentile(99) / 1e6, maxMs: delay.max / 1e6 },
    rssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  process.stdout.write(`${JSON.stringify(answer, null, values.json ? 0 : 2)}\n`);
} finally {
  await rollcall.close();
  await rm(root, { recursive: true, force: true });
}
