/** ISO 8601 UTC with milliseconds, the form in which the store keeps instants: its text order is its time order. */
export function storedInstant(date: Date): string {
  return date.toISOString();
}

/** ISO 8601 UTC as people and contracts see it: without `.000`. */
export function shownInstant(stored: string): string {
  return stored.replace(/\.000Z$/, 'Z');
}
