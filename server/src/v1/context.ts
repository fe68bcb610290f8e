import type { SurfaceContext } from '../options.js';
import type { Cursors } from './cursor.js';
import type { EventWatch } from './event-watch.js';
import { the, type JsonSchema } from './schemas/words.js';

/** What the routes of the native API are built with. */
export interface V1Context extends SurfaceContext {
  cursors: Cursors;
  watch: EventWatch;
}

/** What every operation says of its answers: the document, else a problem. */
export function answers(document: JsonSchema): Record<string, JsonSchema> {
  return {
    200: { description: 'The document.', content: { 'application/json': { schema: document } } },
    default: {
      description: 'A problem (RFC 9457).',
      content: { 'application/problem+json': { schema: the('Problem') } },
    },
  };
}

export const SECURITY = [{ apiKey: [] }];
