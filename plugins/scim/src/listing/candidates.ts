import type { Filter } from '../filter/ast.js';
import { evaluateFilter } from '../filter/evaluate.js';
import { lookupsOf, type Lookup } from '../filter/lookups.js';
import type { ResourceType } from '../schema/resource-types.js';
import type { ScimReading, StoredResource } from '../store.js';
import { viewsFor } from './views.js';

const PAGE = 500;

/** A walk over the resources of one type. */
export interface Walk {
  readonly reading: ScimReading;
  readonly type: ResourceType;
  readonly filter: Filter | undefined;
  /** Only those behind this position. */
  readonly after: number;
}

/** Yields the resources that a filter selects, in the order of their positions: found by an index, else by a walk over all. */
export async function* selected(walk: Walk): AsyncGenerator<StoredResource> {
  const { reading, type, filter } = walk;
  for await (const page of candidatePages(walk)) {
    if (filter === undefined) {
      yield* page;
      continue;
    }
    const views = await viewsFor(reading, page, { filter, type });
    for (const [i, view] of views.entries()) {
      const stored = page[i];
      if (stored !== undefined && evaluateFilter(filter, view, type)) yield stored;
    }
  }
}

async function* candidatePages({ reading, type, filter, after }: Walk): AsyncGenerator<readonly StoredResource[]> {
  const lookups = filter === undefined ? undefined : lookupsOf(filter, type);
  if (lookups !== undefined) {
    yield (await found(reading, type, lookups)).filter(({ position }) => position > after);
    return;
  }
  let behind = after;
  for (;;) {
    const page = await reading.page(type.kind, { after: behind, limit: PAGE });
    yield page;
    if (page.length < PAGE) return;
    behind = page.at(-1)?.position ?? behind;
  }
}

async function found(
  reading: ScimReading,
  { kind }: ResourceType,
  lookups: readonly Lookup[],
): Promise<StoredResource[]> {
  const byId = new Map<string, StoredResource>();
  for (const lookup of lookups) {
    for (const stored of await reading.find(kind, lookup)) byId.set(stored.id, stored);
  }
  return [...byId.values()].sort((a, b) => a.position - b.position);
}
