import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';

const MAPPING = `mapping: bench
kind: user
sourceId: id
attributes:
  employeeNumber: id
  name.givenName: given
  name.familyName: family
  emails: 'email = null ? null : [{"value": email, "type": "work", "primary": true}]'
  phoneNumbers: phones
  department: department
  title: title
  active: status != "terminated"
  employment.status: status
  employment.startDate: hired
`;

const TENANT = `tenant: bench
name: Bench
timeZone: Europe/Berlin
directories:
  hr:
    connector: bench-ndjson
    mode: live
    settings: { file: people.ndjson }
    mappings: { user: mappings/bench.yaml }
rules:
  priority: [hr]
  attributes: { active: { from: [hr] } }
  correlation: [{ name: number, on: employeeNumber, certainty: sure }]
  lifecycle: { create: [hr] }
`;

/** A project with one NDJSON directory in a temporary folder. */
export async function makeProject() {
  const root = await mkdtemp(path.join(tmpdir(), 'rollcall-bench-'));
  const files = {
    'rollcall.config.yaml':
      "version: 1\nstore: { client: sqlite3, file: .rollcall/rollcall.db }\nsecretKey: 'file:.rollcall/secret.key'\ntenants: tenants\n",
    '.rollcall/secret.key': `${randomBytes(32).toString('base64')}\n`,
    'tenants/bench.yaml': TENANT,
    'mappings/bench.yaml': MAPPING,
  };
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.join(root, path.dirname(file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  }
  return root;
}
