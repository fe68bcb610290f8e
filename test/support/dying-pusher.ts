import csv from '@rollcall/connector-csv';
import scim from '@rollcall/connector-scim';
import { createRollcall, type StoreConfiguration } from '@rollcall/core';

/**
 * A process of its own, given store, folder, directory and token as JSON: pushes a group of 300 and dies as soon as that is
 * committed, before a consequence of it is.
 */
const [given = '{}'] = process.argv.slice(2);
const { store, folder, id, token } = JSON.parse(given) as {
  store: StoreConfiguration;
  folder: string;
  id: string;
  token: string;
};
const rollcall = await createRollcall({ store, connectors: [csv, scim], root: folder });
const entry = await rollcall.pushes.enter(id, token);
if (!entry.admitted) throw new Error(entry.because);
const ids = Array.from({ length: 300 }, (_, i) => `m${String(i).padStart(3, '0')}`);
const at = new Date('2026-03-09T08:00:00Z');
await entry.directory.store.write(async (unit) => {
  const common = { keys: [], at, cause: 'scim.created', formerId: null };
  for (const one of ids)
    await unit.insert({ kind: 'user', id: one, resource: { userName: one, active: true }, ...common });
  await unit.insert({ kind: 'group', id: 'g', resource: { displayName: 'All' }, ...common });
  await unit.addMembers(
    'g',
    ids.map((one) => ({ id: one, kind: 'user' as const })),
    at,
  );
});
process.kill(process.pid, 'SIGKILL');
