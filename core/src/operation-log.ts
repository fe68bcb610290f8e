import type { Logger } from '@rollcall/connector-kit';
import type { OperationOptions } from './api.js';

/** The listener of one operation as a logger. */
export function asLogger(log: NonNullable<OperationOptions['log']>): Logger {
  return {
    debug: (message, fields) => {
      log('debug', message, fields);
    },
    info: (message, fields) => {
      log('info', message, fields);
    },
    warn: (message, fields) => {
      log('warn', message, fields);
    },
    error: (message, fields) => {
      log('error', message, fields);
    },
  };
}
