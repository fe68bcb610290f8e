import { cpus } from 'node:os';

/** CPU time (user and system, all threads) of a task in microseconds a record, and what it answered. */
export async function cpuOf(records, task) {
  const before = process.cpuUsage();
  const value = await task();
  const used = process.cpuUsage(before);
  return { value, us: (used.user + used.system) / records };
}

/** Both arms in turn, `rounds` times; the best of each. */
export async function bestOf(rounds, records, arms) {
  const best = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, arm] of Object.entries(arms)) {
      const { us } = await cpuOf(records, () => arm(round));
      best[name] = Math.min(best[name] ?? Infinity, us);
    }
  }
  return best;
}

/** What a figure was measured on. */
export const machine = `${cpus()[0]?.model ?? ''} x ${cpus().length}, Node ${process.version}`;
