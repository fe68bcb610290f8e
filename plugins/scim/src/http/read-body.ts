import type { Json, JsonObject } from '@rollcall/connector-kit';
import { badRequest, ScimError, shown } from '../errors.js';
import { isObject } from '../resource/json.js';
import { faultOf, isDeeperThan } from './json-text.js';
import type { ScimLimits, ScimRequest } from './request.js';

const JSON_TYPES = new Set(['application/scim+json', 'application/json', 'text/json']);

/**
 * Reads the body of a request: JSON of one object, in UTF-8.
 *
 * @throws ScimError 413 beyond the limit, 415 for another type or a compressed body, 400 `invalidSyntax`.
 */
export function readBody(request: ScimRequest, limits: ScimLimits): JsonObject {
  const { body } = request;
  if (body.byteLength > limits.bodyBytes) {
    throw new ScimError(413, `The body is larger than ${limits.bodyBytes} bytes.`);
  }
  demandJson(request.headers);
  const text = decode(body);
  if (isDeeperThan(text, limits.depth)) {
    throw badRequest('invalidSyntax', `The body is nested deeper than ${limits.depth} levels.`);
  }
  const value = parse(text);
  demandKeys(text);
  if (!isObject(value)) throw badRequest('invalidSyntax', 'The body must be a JSON object.');
  return value;
}

function demandJson(headers: ScimRequest['headers']): void {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type !== '' && !JSON_TYPES.has(type)) {
    throw new ScimError(415, 'Send the body as application/scim+json or application/json.');
  }
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== '') throw new ScimError(415, 'Send the body uncompressed.');
}

function decode(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw badRequest('invalidSyntax', 'The body is not UTF-8.');
  }
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw badRequest('invalidSyntax', 'The body is not JSON.');
  }
}

function demandKeys(text: string): void {
  const found = faultOf(text);
  if (found === undefined) return;
  const problem = found.fault === 'doubled' ? 'stands twice in one object' : 'is not allowed';
  throw badRequest('invalidSyntax', `The key ${shown(found.key)} ${problem}.`);
}
