import { randomFillSync } from 'node:crypto';
import type { Clock } from '@rollcall/connector-kit';
import type { IdSource } from './tokens.js';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Opaque ids that sort by the time of their making: prefix, 10 characters of milliseconds, 16 of chance. */
export class TimeOrderedIds implements IdSource {
  readonly #clock: Clock;
  #lastMs = 0;
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  next(prefix: string): string {
    const ms = Math.max(this.#clock.now().getTime(), this.#lastMs);
    this.#count = ms === this.#lastMs ? this.#count + 1 : 0;
    this.#lastMs = ms;
    return `${prefix}-${base32(ms, 10)}${base32(this.#count, 4)}${chance(12)}`;
  }
}

/** No id of that prefix that is made at this instant or later is smaller. */
export function firstIdOf(prefix: string, instant: Date): string {
  return `${prefix}-${base32(instant.getTime(), 10)}`;
}

function base32(value: number, length: number): string {
  let text = '';
  for (let rest = value, i = 0; i < length; i++, rest = Math.floor(rest / 32))
    text = (ALPHABET[rest % 32] ?? '0') + text;
  return text;
}

/** Random bytes are drawn by the block: a call for each id costs more than all else of it. */
const BLOCK = 4096;
const block = Buffer.alloc(BLOCK);
let used = BLOCK;

function chance(length: number): string {
  if (used + length > BLOCK) {
    randomFillSync(block);
    used = 0;
  }
  let text = '';
  for (let i = 0; i < length; i++) text += ALPHABET[(block[used++] ?? 0) % 32] ?? '0';
  return text;
}
