import { RollcallError } from '@rollcall/connector-kit';
import { storedInstant } from '../model/instants.js';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * An instant that somebody typed, in the form of the store.
 *
 * @throws RC_USAGE_INSTANT also for an instant without a zone: nobody could say which one it means.
 */
export function parseInstant(text: string): string {
  const date = INSTANT.test(text) ? new Date(text) : null;
  if (date !== null && !Number.isNaN(date.getTime())) return storedInstant(date);
  throw new RollcallError('RC_USAGE_INSTANT', 64, 'stop', {
    what: `"${text}" is no instant.`,
    mend: 'Write date, time and zone in ISO 8601, such as 2026-03-09T08:00:00Z.',
  });
}
