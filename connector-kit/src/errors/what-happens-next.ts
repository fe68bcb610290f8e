import type { ErrorCode, NextStep } from './rollcall-error.js';

/** What one kind of failure leads to. */
export interface ErrorRow {
  /** The code that the error carries when its thrower names no narrower one. */
  readonly code: ErrorCode;
  readonly exitCode: number;
  readonly next: NextStep;
  /** What the engine does next, in one sentence, for people. */
  readonly engine: string;
}

/** The failures that a connector may throw, and what the engine does about each. The error classes read this table. */
export const WHAT_HAPPENS_NEXT = {
  AuthenticationFailed: {
    code: 'RC_AUTHENTICATION_FAILED',
    exitCode: 69,
    next: 'ask',
    engine:
      'Ends the run, changes nobody, marks the directory as failing; trying again is no use before a person acts.',
  },
  HostKeyMismatch: {
    code: 'RC_HOST_KEY_MISMATCH',
    exitCode: 69,
    next: 'ask',
    engine: 'Ends the run before any credential was sent, changes nobody; a person has to compare fingerprints.',
  },
  PermissionMissing: {
    code: 'RC_PERMISSION_MISSING',
    exitCode: 69,
    next: 'ask',
    engine: 'Ends the run, changes nobody, and names the right that is missing.',
  },
  RateLimited: {
    code: 'RC_RATE_LIMITED',
    exitCode: 69,
    next: 'retry',
    engine: 'Tries again after the time that the source asked for; the pages read so far stay as evidence.',
  },
  SourceUnavailable: {
    code: 'RC_SOURCE_UNAVAILABLE',
    exitCode: 69,
    next: 'retry',
    engine: 'Ends the run, changes nobody, proves no absence; the next run tries again.',
  },
  CursorExpired: {
    code: 'RC_CURSOR_EXPIRED',
    exitCode: 69,
    next: 'resync',
    engine: 'Forgets the cursor and takes a full snapshot.',
  },
  SourceSchemaChanged: {
    code: 'RC_SOURCE_SCHEMA_CHANGED',
    exitCode: 1,
    next: 'ask',
    engine: 'Ends the run, changes nobody; a person looks at what the source now sends.',
  },
  FileRejected: {
    code: 'RC_FILE_REJECTED',
    exitCode: 1,
    next: 'stop',
    engine: 'Ends the run, changes nobody, keeps the last accepted file; the next run looks at the file again.',
  },
  NotificationRefused: {
    code: 'RC_NOTIFICATION_REFUSED',
    exitCode: 1,
    next: 'stop',
    engine: 'Answers 401, stores nothing; the tiers that read go on as before.',
  },
  SettingsRejected: {
    code: 'RC_SETTINGS_INVALID',
    exitCode: 78,
    next: 'ask',
    engine: 'Ends before anything is read; a person corrects the settings.',
  },
} as const satisfies Record<string, ErrorRow>;
