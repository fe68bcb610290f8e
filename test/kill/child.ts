/**
 * The process that is killed: opens the store, syncs one day with the connector `csv`, says what it did and ends. It
 * learns its phase from what an embedder may hand in (connector, evaluator, ids) and from the store's statements; core
 * knows nothing of it.
 */
import { writeSync } from 'node:fs';
import { createRollcall, type Rollcall, type StoreConfiguration } from '@rollcall/core';
import type { Store } from '#core/store/store.js';
import { PhaseFile, type Aim, type PhaseCounts } from './phases.js';
import { watchedCsv, watchedEvaluator, watchedIds, watchStore } from './watch.js';

/** What the parent asks for, as JSON in the first argument. */
export interface ChildOrder {
  root: string;
  store: StoreConfiguration;
  now: string;
  phaseFile: string;
  aim: Aim | null;
}

/** What the child says on its last line. */
export interface ChildAnswer {
  exitCode: number;
  outcomes: string[];
  phases: PhaseCounts;
}

async function syncOnce(order: ChildOrder): Promise<ChildAnswer> {
  const phases = new PhaseFile(order.phaseFile, order.aim);
  const rollcall: Rollcall & { store?: Store } = await createRollcall({
    store: order.store,
    connectors: [watchedCsv(phases)],
    root: order.root,
    clock: { now: () => new Date(order.now) },
    ids: watchedIds(phases),
    evaluator: watchedEvaluator(phases),
  });
  if (rollcall.store === undefined) throw new Error('Rollcall shows its store no more: nobody sees the commits.');
  watchStore(phases, rollcall.store);
  try {
    const sync = await (await rollcall.tenant('acme')).sync();
    return { exitCode: sync.exitCode, outcomes: sync.runs.map((run) => run.outcome), phases: phases.counts };
  } finally {
    await rollcall.close();
    phases.close();
  }
}

const answer = await syncOnce(JSON.parse(process.argv[2] ?? '') as ChildOrder);
writeSync(1, `${JSON.stringify(answer)}\n`);
