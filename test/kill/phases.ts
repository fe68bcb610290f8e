import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/** The phases that a kill can hit; `start` is what comes before the first of them. */
export const PHASES = ['fetch', 'observe', 'map', 'resolve', 'commit'] as const;
export type Phase = (typeof PHASES)[number];

/** Where a kill is wanted: when `phase` begins for the `nth` time. */
export interface Aim {
  phase: Phase;
  nth: number;
  /** True: the process stands still there until it is killed. False: it says so and goes on. */
  hold: boolean;
}

/** How often each phase began. */
export type PhaseCounts = Record<Phase, number>;

export const noPhases = (): PhaseCounts => ({ fetch: 0, observe: 0, map: 0, resolve: 0, commit: 0 });

/** Longer than anybody waits for a kill. */
const FOREVER_MS = 120_000;

/**
 * Knows in which phase the process is and keeps that in one byte of a file, which outlives the process: written at once
 * with every change of phase, so that whoever killed it can read what it hit.
 */
export class PhaseFile {
  readonly counts = noPhases();
  readonly #file: number;
  readonly #aim: Aim | null;
  #phase: Phase | null = null;

  constructor(file: string, aim: Aim | null) {
    this.#file = openSync(file, 'w');
    writeSync(this.#file, '-', 0);
    this.#aim = aim;
  }

  get phase(): Phase | null {
    return this.#phase;
  }

  enter(phase: Phase): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    writeSync(this.#file, String(PHASES.indexOf(phase)), 0);
    this.counts[phase] += 1;
    if (this.#aim?.phase === phase && this.#aim.nth === this.counts[phase]) this.#reach(this.#aim.hold);
  }

  /** Tells the parent by a write that is through before the next statement runs. */
  #reach(hold: boolean): void {
    writeSync(1, 'reached\n');
    if (hold) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FOREVER_MS);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** The phase in which the process that kept `file` was last; null: before the first. */
export function readPhase(file: string): Phase | null {
  return PHASES[Number.parseInt(readFileSync(file, 'utf8'), 10)] ?? null;
}
