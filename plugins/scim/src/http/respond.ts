import type { JsonObject } from '@rollcall/connector-kit';
import { ScimError } from '../errors.js';
import { ERROR_URN } from '../schema/urns.js';
import type { ScimSettings } from '../settings.js';
import type { ScimResponse } from './request.js';

/** An answer before it is written. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Left out for an answer without a body. */
  readonly document?: JsonObject;
}

/**
 * The media type of an answer: what the directory's settings say, else `application/json` for a client that names it and
 * not the type of SCIM, else the type of SCIM, which Entra ID asks for on everything.
 */
export function mediaType(accept: string | undefined, setting: ScimSettings['accept']): string {
  if (setting !== 'negotiate') return setting;
  const ranges = (accept ?? '').split(',').map((range) => range.split(';')[0]?.trim().toLowerCase());
  const isPlain = ranges.includes('application/json') && !ranges.includes('application/scim+json');
  return isPlain ? 'application/json' : 'application/scim+json';
}

/** Writes an answer. */
export function write({ status, headers = {}, document }: Answer, type: string): ScimResponse {
  if (document === undefined) return { status, headers, body: '' };
  return {
    status,
    headers: { 'Content-Type': `${type}; charset=utf-8`, ...headers },
    body: JSON.stringify(document),
  };
}

/** The answer that tells of an error (RFC 7644 section 3.12): `status` is a text. */
export function errorAnswer(error: ScimError): Answer {
  const scimType = error.scimType === undefined ? {} : { scimType: error.scimType };
  return {
    status: error.status,
    headers: error.headers,
    document: { schemas: [ERROR_URN], status: String(error.status), ...scimType, detail: error.message },
  };
}

/**
 * Writes the answer for a refusal that is decided before the protocol: 401 for a wrong token, 403 for a paused directory,
 * 404 for one that is not there, 429.
 */
export function refuse(
  error: ScimError,
  { accept, setting = 'negotiate' }: { accept: string | undefined; setting?: ScimSettings['accept'] },
): ScimResponse {
  return write(errorAnswer(error), mediaType(accept, setting));
}
