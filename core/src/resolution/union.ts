import type { CatalogueEntry } from '../model/catalogue.js';
import { elementKeyOf, isEmpty } from '../model/compare.js';
import type { Json, JsonObject } from '../model/json.js';
import type { Speaker } from './priority.js';

/** A set made of all speakers' sets, and who gives it its first word. */
export interface Union {
  value: Json;
  first: Speaker;
  /** One of the elements is a last good one. */
  isUnknown: boolean;
}

/**
 * Unites sets: elements identified by the catalogue's key, spelled as the highest rank spells them; primary is the one
 * that the highest rank with a primary names; sorted by key, so that the order of records never shows.
 *
 * @param speakers - at least one, the strongest first.
 */
export function unite(entry: CatalogueEntry, speakers: readonly [Speaker, ...Speaker[]]): Union {
  const elements = new Map<string, Json>();
  let primaryKey: string | null = null;
  let isUnknown = false;
  for (const speaker of speakers) {
    for (const element of Array.isArray(speaker.value) ? speaker.value : []) {
      const key = elementKeyOf(entry, element);
      if (isPrimary(element)) primaryKey ??= key;
      if (elements.has(key)) continue;
      elements.set(key, element);
      isUnknown ||= speaker.isUnknown;
    }
  }
  const first = speakers.find((speaker) => !isEmpty(speaker.value)) ?? speakers[0];
  if (elements.size === 0) return { value: first.value, first, isUnknown: first.isUnknown };
  const sorted = [...elements].sort(([a], [b]) => (a < b ? -1 : 1));
  return { value: sorted.map(([key, element]) => markPrimary(element, key === primaryKey)), first, isUnknown };
}

function isPrimary(element: Json): boolean {
  return isObject(element) && element.primary === true;
}

function markPrimary(element: Json, primary: boolean): Json {
  if (!isObject(element) || isPrimary(element) === primary) return element;
  if (primary) return { ...element, primary: true };
  return Object.fromEntries(Object.entries(element).filter(([name]) => name !== 'primary'));
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
