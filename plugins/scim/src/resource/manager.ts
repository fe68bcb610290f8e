import type { Json, JsonObject } from '@rollcall/connector-kit';
import { isObject, isUnassigned, ownFolded } from './json.js';

/**
 * Brings every form in which a manager arrives into `{ value, displayName? }`: a plain text, a list of one, `managerId` of
 * SCIM 1.1 (OneLogin), a `$ref` without a value. The value stays as sent: which person it names is for the mapping.
 *
 * @returns undefined when it says that there is no manager (Entra ID: an empty text, alone or as the value).
 */
export function readManager(value: Json): JsonObject | undefined {
  const single = Array.isArray(value) ? (value[0] ?? null) : value;
  if (isUnassigned(single)) return undefined;
  if (!isObject(single)) return { value: typeof single === 'string' ? single : JSON.stringify(single) };
  const id = named(single, 'value') ?? named(single, 'managerId') ?? lastPart(named(single, '$ref'));
  if (id === undefined) return undefined;
  const displayName = named(single, 'displayName');
  return displayName === undefined ? { value: id } : { value: id, displayName };
}

function named(object: JsonObject, name: string): string | undefined {
  const value = ownFolded(object, name);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function lastPart(reference: string | undefined): string | undefined {
  const part = reference?.split('/').at(-1);
  return part === '' ? undefined : part;
}
