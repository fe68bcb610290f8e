import { RollcallError, type ErrorCode, type ErrorParts } from './rollcall-error.js';
import { WHAT_HAPPENS_NEXT } from './what-happens-next.js';

type Row = keyof typeof WHAT_HAPPENS_NEXT;

/** The parts of an error, and a narrower code than that of its class where there is one. */
export interface ConnectorErrorParts extends ErrorParts {
  code?: ErrorCode;
}

class ConnectorError extends RollcallError {
  constructor(name: Row, parts: ConnectorErrorParts) {
    const row = WHAT_HAPPENS_NEXT[name];
    super(parts.code ?? row.code, row.exitCode, row.next, parts);
    this.name = name;
  }
}

/** The source refuses the credentials: wrong password, key, token. Exit 69; trying again is no use. */
export class AuthenticationFailed extends ConnectorError {
  constructor(parts: ConnectorErrorParts) {
    super('AuthenticationFailed', parts);
  }
}

/** The server shows another key than the pinned one. Thrown before any credential goes out. Exit 69. */
export class HostKeyMismatch extends ConnectorError {
  constructor(parts: ConnectorErrorParts) {
    super('HostKeyMismatch', parts);
  }
}

/** The credentials are good, a right is missing; `what` names the right. Exit 69. */
export class PermissionMissing extends ConnectorError {
  constructor(parts: ConnectorErrorParts) {
    super('PermissionMissing', parts);
  }
}

/** The source asks to wait. Exit 69 when the run cannot wait that long. */
export class RateLimited extends ConnectorError {
  /** How long the source asks to wait, in milliseconds. */
  readonly retryAfterMs: number;

  constructor(parts: ConnectorErrorParts & { retryAfterMs: number }) {
    super('RateLimited', parts);
    this.retryAfterMs = parts.retryAfterMs;
  }
}

/** The source cannot be reached, does not answer in time, or does not have what was asked for. Exit 69. */
export class SourceUnavailable extends ConnectorError {
  constructor(parts: ConnectorErrorParts) {
    super('SourceUnavailable', parts);
  }
}

/** The source no longer accepts the saved cursor: the engine takes a full snapshot. */
export class CursorExpired extends ConnectorError {
  constructor(parts: ConnectorErrorParts) {
    super('CursorExpired', parts);
  }
}

/** The source answers in a shape that the connector does not know. Exit 1. */
export class SourceSchemaChanged extends ConnectorError {
  constructor(parts: ConnectorErrorParts) {
    super('SourceSchemaChanged', parts);
  }
}

/** A file that must not be read as a snapshot: wrong encoding, cut, doubled header, stale. Exit 1, nobody changes. */
export class FileRejected extends ConnectorError {
  constructor(parts: ConnectorErrorParts) {
    super('FileRejected', parts);
  }
}

/** What claims to come from the source cannot be believed: wrong signature, a time too far from now, no form at all. */
export class NotificationRefused extends ConnectorError {
  constructor(parts: ConnectorErrorParts) {
    super('NotificationRefused', parts);
  }
}

/** Settings that pass the schema and still cannot work, such as a private key that cannot be read. Exit 78. */
export class SettingsRejected extends ConnectorError {
  constructor(parts: ConnectorErrorParts) {
    super('SettingsRejected', parts);
  }
}
