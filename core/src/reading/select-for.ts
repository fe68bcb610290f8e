import { cell, jsonRows, rawRows, type Sql } from '../store/table.js';

const IDS_PER_STATEMENT = 500;

/**
 * Selects for many ids, one statement a batch. `FROM` begins with the ids, and `id` stands for each of them, so that the
 * list drives and an index answers.
 *
 * @param bindings - those of the rest of the text, in order.
 */
export async function selectFor<Row>(
  sql: Sql,
  ids: readonly string[],
  text: (parts: { ids: string; id: string }) => string,
  bindings: readonly unknown[],
): Promise<Row[]> {
  const statement = text({ ids: jsonRows(sql), id: cell(sql, 0) });
  const found: Row[] = [];
  for (let i = 0; i < ids.length; i += IDS_PER_STATEMENT) {
    const batch = JSON.stringify(ids.slice(i, i + IDS_PER_STATEMENT).map((id) => [id]));
    found.push(...(await rawRows<Row>(sql, statement, [batch, ...bindings])));
  }
  return found;
}
