import type { JsonObject } from './json.js';

declare const TYPE: unique symbol;

/** A name for something that lives, which carries its type. Inversify accepts it as a service identifier. */
export type Token<T> = symbol & { readonly [TYPE]?: T };

/** Makes a token; the same description is the same token in every copy of the package. */
export function token<T>(description: string): Token<T> {
  return Symbol.for(description);
}

/** Tells the time. In tests and under `ROLLCALL_NOW` it is not the wall clock. */
export interface Clock {
  now(): Date;
}

/** Fields of a log line: plain values, no personal ones. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Where a connector tells what it does. Secrets and personal values do not belong here. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** The place of the project: relative folders of settings are resolved against it. */
export interface ProjectPlace {
  /** Absolute path of the project's folder. */
  root: string;
  /** A folder for files on their way, private to the directory; created before the connector is. */
  spool: string;
}

/** The directory's settings, checked against the connector's schema, secret references resolved. */
export const SETTINGS: Token<JsonObject> = token('rollcall.settings');
/** The clock. */
export const CLOCK: Token<Clock> = token('rollcall.clock');
/** The logger of the directory. */
export const LOGGER: Token<Logger> = token('rollcall.logger');
/** The project's folder and the directory's spool. */
export const PROJECT: Token<ProjectPlace> = token('rollcall.project');
