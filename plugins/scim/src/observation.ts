import type { Observation } from '@rollcall/connector-kit';
import type { StoredResource } from './store.js';

/**
 * What a written resource says, as evidence: the source id is the SCIM id that we issued, the raw record the resource with
 * that `id`, which mappings read as their source id.
 */
export function observationOf({ id, resource }: Pick<StoredResource, 'id' | 'resource'>): Observation {
  return { sourceId: id, raw: { id, ...resource } };
}
