import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import csv from '@rollcall/connector-csv';
import { createRollcall, type StoreConfiguration } from '@rollcall/core';

interface Work {
  store: StoreConfiguration;
  root: string;
  now: string;
}

/** Syncs the tenant acme in a process of its own. */
export async function syncInAnotherProcess(work: Work): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(work)], { execArgv: [] });
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  if (exitCode !== 0) throw new Error(`The other process ended with ${exitCode ?? 'a signal'}.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { store, root, now } = JSON.parse(process.argv[2] ?? '{}') as Work;
  await using rollcall = await createRollcall({ store, root, connectors: [csv], clock: { now: () => new Date(now) } });
  await (await rollcall.tenant('acme')).sync();
}
