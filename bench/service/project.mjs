import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';

const TENANT = `tenant: bench
name: Bench
timeZone: Europe/Berlin
directories:
  hr:
    connector: csv
    mode: live
    settings:
      from: { folder: inbox }
      files: { user: 'hr-*.csv' }
      ready: { stableSeconds: 0 }
    mappings: { user: '@rollcall/mappings/hr-csv' }
    schedule: { full: 30d }
  okta:
    connector: scim
    mode: live
    settings: {}
    mappings: { user: '@rollcall/mappings/scim', group: '@rollcall/mappings/scim' }
rules:
  priority: [hr, okta]
  attributes: { active: { from: [hr, okta] } }
  correlation: [{ name: number, on: employeeNumber, certainty: sure }]
  lifecycle: { create: [hr, okta] }
`;

/** A project with a file of `people` people that waits to be read, and a directory that is pushed to. */
export async function makeProject(people) {
  const root = await mkdtemp(path.join(tmpdir(), 'rollcall-bench-'));
  const lines = ['employee_id;first_name;last_name;work_email;department;status;hire_date;termination_date'];
  for (let n = 1; n <= people; n++)
    lines.push(`E${n};Zoë ${n};Müller ${n};p${n}@bench.example;Team ${n % 40};Active;2020-01-06;`);
  const files = {
    'rollcall.config.yaml':
      "version: 1\nstore: { client: sqlite3, file: .rollcall/rollcall.db }\nsecretKey: 'file:.rollcall/secret.key'\ntenants: tenants\n",
    '.rollcall/secret.key': `${randomBytes(32).toString('base64')}\n`,
    'tenants/bench.yaml': TENANT,
    'inbox/hr-2026-03-10.csv': `${lines.join('\n')}\n`,
  };
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.join(root, path.dirname(file)), { recursive: true });
    await writeFile(path.join(root, file), text, { mode: 0o600 });
  }
  return root;
}
