import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import csv from '@rollcall/connector-csv';
import { createRollcall, readProject } from '@rollcall/core';
import { linesOf } from './lines.mjs';
import { bestOf } from './measure.mjs';
import { person, randomFrom } from './people.mjs';
import { makeProject } from './project.mjs';

const COLUMNS = ['id', 'given', 'family', 'email', 'department', 'title', 'status', 'hired', 'note'];

const MAPPING = `mapping: bench-csv
kind: user
sourceId: id
attributes:
  employeeNumber: id
  name.givenName: given
  name.familyName: family
  department: department
  title: title
  active: status != "terminated"
  employment.startDate: hired
`;

/** The connector `csv` on a file that nobody changed, beside limit C: read, split into records, sha256 of each. */
export async function measureCsv({ people, seed, rounds }) {
  const root = await makeProject();
  try {
    const file = await writeProject(root, { people, seed });
    const configuration = await readProject(root);
    const rollcall = await createRollcall({ store: configuration.store, connectors: [csv], root, configuration });
    try {
      await rollcall.apply(configuration);
      const tenant = await rollcall.tenant('bench');
      await tenant.sync();
      const best = await bestOf(rounds, people, { pipeline: () => again(tenant, people), limit: () => limitC(file) });
      return {
        pipelineUs: best.pipeline,
        limitCUs: best.limit,
        percentOfLimitC: (100 * best.limit) / best.pipeline,
      };
    } finally {
      await rollcall.close();
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function again(tenant, people) {
  const [run] = (await tenant.sync({ full: true })).runs;
  if (run.records.same !== people || run.events !== null)
    throw new Error(`Not a no-change sync: ${JSON.stringify(run)}`);
}

/** The file has no quoted line breaks, so that a record is a line: the least that splitting can cost. */
async function limitC(file) {
  let sum = 0;
  for await (const lines of linesOf(file))
    for (const line of lines) sum += createHash('sha256').update(line).digest()[0];
  return sum;
}

async function writeProject(root, { people, seed }) {
  const tenant = path.join(root, 'tenants/bench.yaml');
  await writeFile(
    tenant,
    `tenant: bench
name: Bench
timeZone: Europe/Berlin
directories:
  hr:
    connector: csv
    mode: live
    settings: { from: { folder: inbox }, files: { user: 'people-*.csv' } }
    mappings: { user: mappings/bench.yaml }
rules:
  priority: [hr]
  attributes: { active: { from: [hr] } }
  correlation: [{ name: number, on: employeeNumber, certainty: sure }]
  lifecycle: { create: [hr] }
`,
  );
  await writeFile(path.join(root, 'mappings/bench.yaml'), MAPPING);
  await mkdir(path.join(root, 'inbox'));
  const file = path.join(root, 'inbox/people-2026-03-09.csv');
  const out = createWriteStream(file);
  const random = randomFrom(seed);
  out.write(`${COLUMNS.join(',')}\n`);
  for (let n = 0; n < people; n++) {
    const someone = person(n, random);
    const line = COLUMNS.map((column) => quoted(someone[column])).join(',');
    if (!out.write(`${line}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  return file;
}

const quoted = (value) => (typeof value === 'string' && value.includes(',') ? `"${value}"` : (value ?? ''));
