import { token, type Token } from '@rollcall/connector-kit';

export { CLOCK, LOGGER } from '@rollcall/connector-kit';

/** Makes ids: `prefix`, a hyphen, and opaque text that sorts by time. */
export interface IdSource {
  next(prefix: string): string;
}

/** The one maker of ids of a runtime; tests hand in one that counts. */
export const IDS: Token<IdSource> = token('rollcall.ids');
