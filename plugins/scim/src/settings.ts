import type { JsonObject } from '@rollcall/connector-kit';
import { own } from './resource/json.js';

/** The settings of a directory, defaults filled in. */
export interface ScimSettings {
  readonly conflicts: 'reactivate' | 'strict';
  readonly accept: 'negotiate' | 'application/scim+json' | 'application/json';
}

/** Reads settings that their schema accepts. */
export function readSettings(written: JsonObject): ScimSettings {
  const accept = own(written, 'accept');
  return {
    conflicts: own(written, 'conflicts') === 'strict' ? 'strict' : 'reactivate',
    accept: accept === 'application/json' || accept === 'application/scim+json' ? accept : 'negotiate',
  };
}
