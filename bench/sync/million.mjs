/**
 * T7 (docs/how-it-is-measured.md): what a person costs in a sync in which nobody changed, at 1,000,000 beside 100,000,
 * and how much more memory that takes. Each size is imported by one process and read again by another, whose CPU time
 * and peak memory count.
 *
 *     npm run bench:million [-- --people 1000000 --beside 100000]
 */
import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createRollcall, readProject } from '@rollcall/core';
import { ndjson } from './connector.mjs';
import { cpuOf, machine } from './measure.mjs';
import { writePeople } from './people.mjs';
import { makeProject } from './project.mjs';

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '1000000' },
    beside: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    /** Set where a process of its own does one part. */
    part: { type: 'string' },
    root: { type: 'string' },
  },
});

const ROUNDS = 3;

/** One sync in this process: the first, or another in which nobody changed. */
async function syncHere(root, people) {
  const configuration = await readProject(root);
  const rollcall = await createRollcall({ store: configuration.store, connectors: [ndjson], root, configuration });
  try {
    if (values.part === 'import') await rollcall.apply(configuration);
    const tenant = await rollcall.tenant('bench');
    const { value, us } = await cpuOf(people, () => tenant.sync({ full: true }));
    const [run] = value.runs;
    if (run.outcome !== 'finished' || run.records.read !== people)
      throw new Error(`Not a whole sync: ${JSON.stringify(run)}`);
    if (values.part === 'again' && run.records.same !== people)
      throw new Error(`Somebody changed: ${JSON.stringify(run)}`);
    return { us, rssMb: process.resourceUsage().maxRSS / 1024 };
  } finally {
    await rollcall.close();
  }
}

function inProcess(part, root, people) {
  const child = spawnSync(
    process.execPath,
    [fileURLToPath(import.meta.url), '--part', part, '--root', root, '--people', String(people)],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  if (child.status !== 0) throw new Error(`The part "${part}" failed.`);
  return JSON.parse(child.stdout);
}

async function measure() {
  const sizes = { small: Number(values.beside), large: Number(values.people) };
  const roots = {};
  const best = {};
  try {
    for (const [name, people] of Object.entries(sizes)) {
      roots[name] = await makeProject();
      await writePeople(path.join(roots[name], 'people.ndjson'), { count: people, seed: Number(values.seed) });
      const { us } = inProcess('import', roots[name], people);
      process.stderr.write(`imported ${people} people, ${us.toFixed(1)} us of CPU each\n`);
    }
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, people] of Object.entries(sizes)) {
        const { us, rssMb } = inProcess('again', roots[name], people);
        best[name] = {
          us: Math.min(best[name]?.us ?? Infinity, us),
          rssMb: Math.min(best[name]?.rssMb ?? Infinity, rssMb),
        };
      }
    }
  } finally {
    for (const root of Object.values(roots)) await rm(root, { recursive: true, force: true });
  }
  const { small, large } = best;
  return {
    machine,
    sizes,
    T7: { smallUs: small.us, largeUs: large.us, times: large.us / small.us, moreRssMb: large.rssMb - small.rssMb },
    rssMb: { small: small.rssMb, large: large.rssMb },
  };
}

const answer = values.part === undefined ? await measure() : await syncHere(values.root, Number(values.people));
process.stdout.write(`${JSON.stringify(answer, null, values.part === undefined ? 2 : 0)}\n`);
