import type { Page } from '@rollcall/connector-kit';
import type { Store } from '../store/store.js';
import type { Lane } from '../store/writer-queue.js';
import type { Sql } from '../store/table.js';
import type { IdSource } from '../tokens.js';
import { lookUp } from './known-records.js';
import { PageWriting, type PageOutcome } from './page-writing.js';
import type { ReadState } from './read-state.js';
import { sortPage, type ReadSourceId, type Sighting, type SortedPage } from './sort-page.js';
import { readWatermark } from './watermarks.js';

/** What `observePage` works with beside the page. */
export interface ObserveTools {
  store: Store;
  lane: Lane;
  ids: IdSource;
  readSourceId: ReadSourceId;
  /** Called first in every transaction: a process that lost its lease cannot write. */
  fence(sql: Sql): Promise<void>;
  /** Called last in the transaction of a page, with what became of it and the ids that it named. */
  settle?(sql: Sql, outcome: PageOutcome, met: readonly string[]): Promise<void>;
}

/**
 * The evidence pass for one page: says what is new, changed, stale or the same, keeps raw payloads and marks what is to
 * be looked at. It changes nobody. A page of a whole read without news costs one look-up and writes nothing; any other has
 * its transaction, since it moves begins, and with it goes whatever `settle` writes.
 */
export async function observePage(tools: ObserveTools, state: ReadState, page: Page): Promise<void> {
  state.pageNo += 1;
  if (state.firstBegin === 0) state.firstBegin = page.begin;
  state.lastBegin = page.begin;
  state.counts.read += page.observations.length;
  const sorted = await sortPage(state, page, tools.readSourceId);
  const news = await findNews(tools, state, sorted);
  const departures = page.departures ?? [];
  if (state.whole && news.length + sorted.doubled.size + sorted.malformed.length + departures.length === 0) return;
  const met = [...sorted.sightings, ...departures].map(({ sourceId }) => sourceId);
  await tools.store.write(tools.lane, async (sql) => {
    await tools.fence(sql);
    // A whole read may have ended since this one began.
    if (!state.whole) state.last = await readWatermark(sql, state.tenantId, state.directoryId, state.kind);
    const writing = new PageWriting(sql, tools, state, page.begin);
    await writing.keepNews(news, sorted.doubled);
    await writing.keepDepartures(departures);
    await writing.keepMalformed(sorted);
    await tools.settle?.(sql, writing.outcome, met);
  });
}

/** Asks once for the whole page; the same go no further, except that only a whole read may leave their begin alone. */
async function findNews(tools: ObserveTools, state: ReadState, sorted: SortedPage): Promise<Sighting[]> {
  const list = sorted.sightings;
  const known = await tools.store.read((sql) =>
    lookUp(
      sql,
      state,
      list.map((sighting) => [sighting.sourceId, sighting.hash]),
    ),
  );
  const same = new Uint8Array(list.length);
  for (const { n, no } of known) {
    if (no < 0 || !state.whole) continue;
    same[n] = 1;
    state.counts.same += 1;
    state.seen.note(no, state.pageNo);
  }
  return list.filter((_, n) => same[n] === 0);
}
