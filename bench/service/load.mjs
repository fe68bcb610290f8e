import { setTimeout as wait } from 'node:timers/promises';

/** How long requests took, by kind, and what was not answered with 2xx. */
export class Timings {
  #byKind = new Map();
  #refused = [];

  async time(kind, request) {
    const start = performance.now();
    const response = await request();
    const text = await response.text();
    const list = this.#byKind.get(kind) ?? [];
    list.push(performance.now() - start);
    this.#byKind.set(kind, list);
    if (!response.ok) this.#refused.push(`${kind}: ${response.status} ${text.slice(0, 200)}`);
    return text === '' ? null : JSON.parse(text);
  }

  get refused() {
    return this.#refused;
  }

  /** Milliseconds, by kind and of all together. */
  summary() {
    const all = [...this.#byKind.values()].flat();
    return Object.fromEntries([...this.#byKind, ['all', all]].map(([kind, times]) => [kind, quantiles(times)]));
  }
}

function quantiles(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share) => Math.round(10 * sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]) / 10;
  return { requests: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}

/** A burst a second, all of its requests at once, until `isDone`; answers how many bursts there were. */
export async function bursts(burst, isDone) {
  const running = [];
  let failure = null;
  let n = 0;
  for (const begun = Date.now(); failure === null && !(await isDone(n)); n++) {
    const noted = burst(n).catch((error) => {
      failure ??= error;
    });
    running.push(noted);
    await wait(Math.max(0, begun + (n + 1) * 1_000 - Date.now()));
  }
  await Promise.all(running);
  if (failure !== null) throw failure;
  return n;
}

/** `clients` at the same time, each asking as soon as it was answered; answers requests a second. */
export async function closedLoop({ clients, requests }, ask) {
  const begun = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (next < requests) await ask(next++);
    }),
  );
  return Math.round((1_000 * requests) / (performance.now() - begun));
}
