import type { CatalogueEntry } from './catalogue.js';
import type { Json, JsonObject } from './json.js';

/** Text without outer white space, in Unicode form NFC: what decides whether a stored value changed. */
export function normalText(value: string): string {
  return value.normalize('NFC').trim();
}

/** Like `normalText`, letter case folded: what decides whether two sources agree and whether keys meet. */
export function foldText(value: string): string {
  return normalText(value).toLowerCase().normalize('NFC');
}

/** JSON text with sorted keys and normal texts: equal values have equal text. */
export function canonicalText(value: Json | undefined): string {
  const normal = normalize(value);
  return normal === undefined ? 'undefined' : JSON.stringify(normal);
}

function isScalar(value: Json | undefined): boolean {
  return typeof value !== 'object' || value === null;
}

function normalize(value: Json | undefined): Json | undefined {
  if (typeof value === 'string') return normalText(value);
  if (Array.isArray(value)) return value.map((item) => normalize(item) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  // Without a prototype a key `__proto__` is a key like any other.
  const sorted = Object.create(null) as JsonObject;
  for (const key of Object.keys(value).sort()) sorted[key] = normalize(value[key]) ?? null;
  return sorted;
}

/** Order by code unit and not by locale: the same on every machine. */
export function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Whether a value changed: exact but for NFC and outer white space. */
export function sameValue(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  // Only a text is brought into a normal form; every other scalar is itself.
  if (isScalar(a) || isScalar(b))
    return typeof a === 'string' && typeof b === 'string' && normalText(a) === normalText(b);
  return canonicalText(a) === canonicalText(b);
}

/** Whether two sources agree on an attribute, as the catalogue compares it. Null, empty text and empty set are alike empty. */
export function agree(entry: CatalogueEntry, a: Json, b: Json): boolean {
  if (isEmpty(a) || isEmpty(b)) return isEmpty(a) && isEmpty(b);
  if (entry.compare === 'element') return elementTexts(entry, a) === elementTexts(entry, b);
  if (entry.compare === 'fold' && typeof a === 'string' && typeof b === 'string') return foldText(a) === foldText(b);
  return sameValue(a, b);
}

/** True for null, the empty text and the empty set. */
export function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** The folded key of one element of a set. */
export function elementKeyOf(entry: CatalogueEntry, element: Json): string {
  const key = isObject(element) && entry.elementKey !== null ? element[entry.elementKey] : element;
  return typeof key === 'string' ? foldText(key) : canonicalText(element);
}

function elementTexts(entry: CatalogueEntry, value: Json): string {
  const elements = Array.isArray(value) ? value : [value];
  return JSON.stringify(elements.map((element) => elementKeyOf(entry, element)).sort());
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The address that counts as the person's own: the primary one, else the first. */
export function primaryEmail(emails: Json | undefined): string | null {
  if (!Array.isArray(emails)) return null;
  const objects = emails.filter(isObject);
  const chosen = objects.find((email) => email.primary === true) ?? objects[0];
  return typeof chosen?.value === 'string' ? chosen.value : null;
}
