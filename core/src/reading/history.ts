import { historyPage, type HistoryItem, type HistoryPosition } from '../history/history-list.js';
import type { Listing } from '../model/documents.js';
import type { Sql } from '../store/table.js';
import { findUser } from './find-user.js';
import { limitOf, readCursor, writeCursor, type ListScope, type PageKey, type PageRequest } from './page.js';

/** What became of the user that WHO names, oldest first: one item per attribute and per membership. */
export async function historyOf(
  sql: Sql,
  tenantId: string,
  who: string,
  request: PageRequest & { attribute?: string } = {},
): Promise<Listing<HistoryItem> & { user: string }> {
  const user = await findUser(sql, tenantId, who);
  const attribute = request.attribute ?? null;
  const scope: ListScope = { tenantId, list: 'history', filters: [user.id, attribute] };
  const after = positionOf(readCursor(scope, request.after));
  const page = await historyPage(sql, tenantId, user.id, { attribute, after, limit: limitOf(request.limit) });
  return { user: user.id, items: page.items, next: page.next === null ? null : writeCursor(scope, keyOf(page.next)) };
}

const keyOf = ({ at, source, number, index }: HistoryPosition): PageKey => [at, source, number, index];

function positionOf(key: PageKey | null): HistoryPosition | null {
  if (key === null) return null;
  const [at, source, number, index] = key;
  return { at: String(at), source: Number(source), number: Number(number), index: Number(index) };
}
