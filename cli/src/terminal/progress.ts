import { cutTo, padTo } from './width.js';

/** How far a long piece of work is. */
export interface ProgressReport {
  tenant: string;
  directory: string | null;
  phase: string;
  done: number;
  total?: number;
}

export interface ProgressOptions {
  write: (text: string) => void;
  isTerminal: boolean;
  width: () => number;
  /** Milliseconds that only grow. */
  now: () => number;
}

const REDRAW_MS = 100;
const LINE_MS = 5000;
const PHASES: Readonly<Record<string, string>> = {
  read: 'reading',
  consequences: 'applying',
  plan: 'planning',
  redo: 'deriving again',
};

/** Shows count, rate and the time that is left: on a terminal in one line that is redrawn, elsewhere as a line now and then. */
export class ProgressLine {
  readonly #options: ProgressOptions;
  #work = '';
  #startedAt = 0;
  #shownAt = 0;
  #isDrawn = false;

  constructor(options: ProgressOptions) {
    this.#options = options;
  }

  report(progress: ProgressReport): void {
    const now = this.#options.now();
    const work = [progress.tenant, progress.directory, progress.phase].join('\n');
    if (work !== this.#work) {
      this.#work = work;
      this.#startedAt = now;
      this.#shownAt = now;
      if (!this.#options.isTerminal) return;
      this.#draw(progress, now);
    } else if (now - this.#shownAt >= (this.#options.isTerminal ? REDRAW_MS : LINE_MS)) {
      this.#shownAt = now;
      this.#draw(progress, now);
    }
  }

  /** Removes the line, so that something else can be written there. */
  clear(): void {
    if (!this.#isDrawn) return;
    this.#options.write(`\r${' '.repeat(Math.max(0, this.#options.width() - 1))}\r`);
    this.#isDrawn = false;
  }

  #draw(progress: ProgressReport, now: number): void {
    const text = progressText(progress, now - this.#startedAt);
    if (!this.#options.isTerminal) {
      this.#options.write(`${text}\n`);
      return;
    }
    const room = Math.max(10, this.#options.width() - 1);
    this.#options.write(`\r${padTo(cutTo(text, room), room)}`);
    this.#isDrawn = true;
  }
}

/** One line: `acme/hr: reading 12,000 of 50,000 (24%), 4,000/s, 10s left`. */
export function progressText(progress: ProgressReport, elapsedMs: number): string {
  const { tenant, directory, phase, done, total } = progress;
  const place = directory === null ? tenant : `${tenant}/${directory}`;
  const goal = total === undefined ? '' : ` of ${count(total)}`;
  const share = total === undefined || total === 0 ? '' : ` (${Math.floor((100 * done) / total)}%)`;
  const parts = [`${place}: ${PHASES[phase] ?? phase} ${count(done)}${goal}${share}`];
  const perSecond = elapsedMs > 0 ? (1000 * done) / elapsedMs : 0;
  if (perSecond > 0) {
    parts.push(`${count(Math.max(1, Math.round(perSecond)))}/s`);
    if (total !== undefined && total > done) parts.push(`${duration((total - done) / perSecond)} left`);
  }
  return parts.join(', ');
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}

function duration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, '0')}s`;
  return `${Math.floor(whole / 3600)}h${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')}m`;
}
