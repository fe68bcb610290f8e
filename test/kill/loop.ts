/**
 * Kills imports and compares what is left with an import that nobody disturbed.
 *
 * A round is a store of its own and two days: everybody comes, then many change. On each day a child process syncs and
 * is killed with SIGKILL, as often as `killsPerDay` says, each process going on where the killed one stopped; the next
 * one is left alone and must finish. What must be equal then, ids, runs and the
 * bookkeeping of reads (begins, watermarks, numbers of runs) aside: users with values, provenance and version, groups,
 * memberships, conflicts, reviews, links, every change with its cause by user and version, and every event with its
 * data, by its sequence: a kill neither loses nor doubles nor reorders nor regroups anything, because what is left of a
 * killed run is drawn in the same order and in batches that were committed whole or not at all.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createRollcall, initProject, readProject } from '@rollcall/core';
import csv from '@rollcall/connector-csv';
import { FIRST_DAY, NEXT_DAY } from '../support/project.js';
import type { StoreKind, TestStore } from '../support/stores.js';
import type { ChildAnswer, ChildOrder } from './child.js';
import { runChild } from './run-child.js';
import { twoDays, type DayFiles } from './people.js';
import { noPhases, PHASES, readPhase, type Aim, type Phase, type PhaseCounts } from './phases.js';
import { Chance } from './chance.js';
import { readState, type Rest, type State } from './state.js';

export interface KillOptions {
  kind: StoreKind;
  kills: number;
  /** Kills in a row before a run may finish. */
  killsPerDay: number;
  people: number;
  seed: number;
  print(line: string): void;
}

/** What a loop did and found. */
export interface KillFigures {
  kills: number;
  /** How many kills hit which phase. */
  hits: PhaseCounts;
  /** Kills before the first phase. */
  early: number;
  /** Runs that ended before the kill came. */
  missed: number;
  /** Days compared with the undisturbed ones. */
  compared: number;
}

const DAYS = [
  { now: FIRST_DAY, date: '2026-03-09' },
  { now: NEXT_DAY, date: '2026-03-10' },
] as const;

/** At most so long after a phase began a kill falls that is not held there. */
const LATEST_MS = 60;
/** Every phase must be hit so often. */
const WANTED = 2;

/** One day as it was left. */
interface Left {
  answer: ChildAnswer;
  state: State;
  rest: Rest;
}

/** Compares two days; the caller's assertion. */
export type Compare = (day: number, undisturbed: Left, killed: Left) => void;

/** Runs rounds until `kills` processes were killed. */
export async function killLoop(options: KillOptions, compare: Compare): Promise<KillFigures> {
  const root = await mkdtemp(path.join(tmpdir(), 'rollcall-kill-'));
  try {
    return await new KillLoop(options, compare, root).run();
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

class KillLoop {
  readonly #options: KillOptions;
  readonly #compare: Compare;
  readonly #root: string;
  readonly #files: readonly [DayFiles, DayFiles];
  readonly #figures: KillFigures = { kills: 0, hits: noPhases(), early: 0, missed: 0, compared: 0 };
  #lastMissed = false;

  constructor(options: KillOptions, compare: Compare, root: string) {
    this.#options = options;
    this.#compare = compare;
    this.#root = root;
    this.#files = twoDays(options.people);
  }

  async run(): Promise<KillFigures> {
    await initProject(this.#root, { example: false });
    const undisturbed = await this.#round(null, []);
    for (let round = 0; this.#left() > 0; round++) {
      const seed = this.#options.seed + round;
      await this.#round(new Chance(seed), undisturbed);
      this.#options.print(
        `${this.#options.kind.name} seed ${seed}: ${this.#figures.kills} kills (${this.#hits()}), ${this.#figures.missed} missed`,
      );
    }
    return this.#figures;
  }

  #hits(): string {
    return [...PHASES.map((phase) => `${phase} ${this.#figures.hits[phase]}`), `early ${this.#figures.early}`].join(
      ', ',
    );
  }

  /** Both days on a new store; with `chance` one kill a day. */
  async #round(chance: Chance | null, undisturbed: readonly Left[]): Promise<Left[]> {
    const store = await this.#options.kind.create();
    const left: Left[] = [];
    try {
      for (const [n, day] of DAYS.entries()) {
        await this.#writeFiles(day.date, this.#files[n === 0 ? 0 : 1]);
        if (n === 0) await this.#apply(store);
        const before = undisturbed[n];
        if (chance !== null && before !== undefined) await this.#killSome(store, day.now, chance, before.answer.phases);
        const now = { answer: await this.#finish(store, day.now), ...(await readState(store.configuration)) };
        left.push(now);
        if (before === undefined) continue;
        this.#compare(n, before, now);
        this.#figures.compared += 1;
      }
    } finally {
      await store.remove();
      await this.#removeFiles(DAYS[1].date);
    }
    return left;
  }

  /** Kills of one day aim at phases in the order of the pipeline, so that each finds something left to do. */
  async #killSome(store: TestStore, now: string, chance: Chance, counts: PhaseCounts): Promise<void> {
    const wanted = this.#leastHit(chance, Math.min(this.#options.killsPerDay, this.#left()));
    for (const phase of wanted)
      await this.#killOne(store, now, this.#aim(chance, phase, counts), chance.below(LATEST_MS));
  }

  async #killOne(store: TestStore, now: string, aim: Aim, delayMs: number): Promise<void> {
    const phaseFile = path.join(this.#root, 'phase');
    const order: ChildOrder = { root: this.#root, store: store.configuration, now, phaseFile, aim };
    const ended = await runChild(order, () => (aim.hold ? Promise.resolve() : wait(delayMs)));
    this.#lastMissed = !ended.killed;
    if (!ended.killed) {
      this.#figures.missed += 1;
      return;
    }
    const hit = readPhase(phaseFile);
    if (hit === null) this.#figures.early += 1;
    else this.#figures.hits[hit] += 1;
    this.#figures.kills += 1;
  }

  /** Hits that phases still lack. */
  #missing(): number {
    return PHASES.reduce((total, name) => total + Math.max(0, WANTED - this.#figures.hits[name]), 0);
  }

  /** Kills that are still due: those asked for, then (at most as many again) until each phase was hit often enough. */
  #left(): number {
    const { kills } = this.#options;
    const due = kills - this.#figures.kills;
    return due > 0 ? due : Math.min(this.#missing(), 2 * kills - this.#figures.kills);
  }

  #leastHit(chance: Chance, count: number): Phase[] {
    const order = PHASES.map((phase) => ({ phase, rank: this.#figures.hits[phase] + chance.below(1000) / 1001 }));
    const least = order.sort((a, b) => a.rank - b.rank).slice(0, count);
    return least.map(({ phase }) => phase).sort((a, b) => PHASES.indexOf(a) - PHASES.indexOf(b));
  }

  /** One of the first times at which the phase begins; held there only where it must not be missed. */
  #aim(chance: Chance, phase: Phase, counts: PhaseCounts): Aim {
    return {
      phase,
      nth: 1 + chance.below(Math.max(1, Math.ceil(counts[phase] / (this.#options.killsPerDay + 1)))),
      hold: this.#lastMissed || this.#missing() >= this.#options.kills - this.#figures.kills,
    };
  }

  /** The run after the kill, which nothing disturbs. */
  async #finish(store: TestStore, now: string): Promise<ChildAnswer> {
    const phaseFile = path.join(this.#root, 'phase');
    const ended = await runChild({ root: this.#root, store: store.configuration, now, phaseFile, aim: null }, () =>
      wait(0),
    );
    if (ended.answer === null) throw new Error(`The run after a kill did not end by itself: ${ended.errors}`);
    return ended.answer;
  }

  async #apply(store: TestStore): Promise<void> {
    const rollcall = await createRollcall({
      store: store.configuration,
      connectors: [csv],
      root: this.#root,
      clock: { now: () => new Date(FIRST_DAY) },
    });
    try {
      await rollcall.apply(await readProject(this.#root, { resolveFrom: import.meta.url }));
    } finally {
      await rollcall.close();
    }
  }

  async #writeFiles(date: string, files: DayFiles): Promise<void> {
    await writeFile(path.join(this.#root, `inbox/hr/hr-${date}.csv`), files.hr);
    await writeFile(path.join(this.#root, `inbox/it/it-${date}.csv`), files.it);
  }

  async #removeFiles(date: string): Promise<void> {
    await rm(path.join(this.#root, `inbox/hr/hr-${date}.csv`), { force: true });
    await rm(path.join(this.#root, `inbox/it/it-${date}.csv`), { force: true });
  }
}
