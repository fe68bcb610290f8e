/**
 * The service under load (docs/how-it-is-measured.md), on SQLite, as `rollcall serve` in a process of its own:
 * - a burst of SCIM requests every second while a first read of everybody goes on, and the same bursts without it;
 * - pages of users, single users and pages of events from `/v1`, eight clients at once.
 *
 *     npm run bench:service -- [--people 20000] [--json]
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { machine } from '../sync/measure.mjs';
import { bursts, closedLoop, Timings } from './load.mjs';
import { makeProject } from './project.mjs';

const { values } = parseArgs({
  options: { people: { type: 'string', default: '20000' }, json: { type: 'boolean', default: false } },
});
const people = Number(values.people);
/** Of each of four kinds, all at once; 40 a second stay below the limit of a directory. */
const EACH = 10;
const CLIENTS = 8;
const READS = 2_000;

const binary = fileURLToPath(new URL('../../cli/bin/run.js', import.meta.url));
const root = await makeProject(people);
let service = null;

async function rollcall(...args) {
  const { stdout } = await promisify(execFile)(process.execPath, [binary, ...args, '--json'], { cwd: root });
  return JSON.parse(stdout);
}

/** A service, once it listens. */
async function serve(slots) {
  const args = [
    binary,
    'serve',
    '--port',
    '0',
    '--slots',
    String(slots),
    '--requests-per-minute',
    '1000000',
    '--quiet',
  ];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const [text] = await once(child.stdout.setEncoding('utf8'), 'data');
  return { child, url: /http:\/\/[\d.]+:\d+/.exec(text)[0] };
}

async function stop({ child }) {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** New people, and of those before some changed, some read, some looked for by name. */
function scimBurst(base, token, timings, ids) {
  const send = (kind, method, path, body) =>
    timings.time(kind, () =>
      fetch(`${base}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  const create = async (userName) => {
    const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User'];
    const name = { givenName: 'Ada', familyName: userName };
    const { id } = await send('create', 'POST', '/Users', {
      schemas,
      userName,
      externalId: userName,
      name,
      active: true,
    });
    ids.push(id);
  };
  return async (n, phase) => {
    const known = ids.slice(-EACH);
    await Promise.all([
      ...Array.from({ length: EACH }, (_, k) => create(`${phase}-${n}-${k}@bench.example`)),
      ...known.map((id) => send('read', 'GET', `/Users/${id}`)),
      ...known.map((_, k) =>
        send('find', 'GET', `/Users?filter=userName%20eq%20%22${phase}-${n - 1}-${k}@bench.example%22`),
      ),
      ...known.map((id) =>
        send('change', 'PATCH', `/Users/${id}`, {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
          Operations: [{ op: 'replace', path: 'title', value: `Title ${n}` }],
        }),
      ),
    ]);
  };
}

async function readsOf(url, key) {
  const answer = {};
  const get = (kind, path, timings) =>
    timings.time(kind, () => fetch(`${url}/v1/tenants/bench${path}`, { headers: { authorization: `Bearer ${key}` } }));
  const kinds = {
    pageOf100Users: () => '/users?limit=100',
    oneUser: (n) => `/users/hr:E${1 + (n % people)}`,
    pageOf100Events: (n) => `/events?limit=100&after=${(n * 97) % people}`,
  };
  for (const [kind, path] of Object.entries(kinds)) {
    const timings = new Timings();
    for (let n = 0; n < 100; n++) await get('warm', path(n), new Timings());
    const perSecond = await closedLoop({ clients: CLIENTS, requests: READS }, (n) => get(kind, path(n), timings));
    if (timings.refused.length > 0) throw new Error(timings.refused[0]);
    answer[kind] = { perSecond, ...timings.summary()[kind] };
  }
  return answer;
}

try {
  await rollcall('apply', '--yes');
  const { token, directory } = await rollcall('directory', 'rotate-token', 'okta');
  const { token: key } = await rollcall('apikey', 'create', 'bench');
  service = await serve(1);
  const base = `${service.url}/scim/v2/${directory.id}`;
  const during = new Timings();
  const burst = scimBurst(base, token, during, []);
  const runOfHr = async () => {
    const response = await fetch(`${service.url}/v1/tenants/bench/runs?directory=hr`, {
      headers: { authorization: `Bearer ${key}` },
    });
    return (await response.json()).items[0];
  };
  const isRead = async () => ['finished', 'failed', 'held', 'doubted'].includes((await runOfHr())?.outcome);
  const seconds = await bursts((n) => burst(n, 'during'), isRead);
  const run = await runOfHr();
  if (run.outcome !== 'finished' || run.records.new !== people) throw new Error(`Not read: ${JSON.stringify(run)}`);
  const quiet = new Timings();
  const calm = scimBurst(base, token, quiet, []);
  await bursts(
    (n) => calm(n, 'quiet'),
    (n) => Promise.resolve(n >= Math.min(seconds, 12)),
  );
  const reads = await readsOf(service.url, key);
  const answer = {
    machine,
    people,
    secondsOfRead: seconds,
    scimWhileEverybodyIsRead: during.summary(),
    scimAlone: quiet.summary(),
    refused: [...during.refused, ...quiet.refused].slice(0, 5),
    reads,
  };
  process.stdout.write(`${JSON.stringify(answer, null, values.json ? 0 : 2)}\n`);
} finally {
  if (service !== null) await stop(service);
  await rm(root, { recursive: true, force: true });
}
