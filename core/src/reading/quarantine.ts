import type { Listing, QuarantineDocument } from '../model/documents.js';
import { shownInstant } from '../model/instants.js';
import type { QuarantineRow } from '../sources/tables.js';
import type { Sql } from '../store/table.js';
import { directoriesById, nameOf } from './directory-names.js';
import { limitOf, pageOf, readCursor, type ListScope, type PageRequest } from './page.js';

const KEY = ['directory_id', 'kind', 'place', 'attribute'] as const;

/** What cannot be believed: whole records, and single attributes whose last good value is kept. */
export async function listQuarantine(
  sql: Sql,
  tenantId: string,
  request: PageRequest = {},
): Promise<Listing<QuarantineDocument>> {
  const scope: ListScope = { tenantId, list: 'quarantine', filters: null };
  const after = readCursor(scope, request.after);
  const limit = limitOf(request.limit);
  const query = sql<QuarantineRow>('quarantine')
    .where({ tenant_id: tenantId })
    .orderBy([...KEY])
    .limit(limit + 1)
    .select();
  if (after?.length === KEY.length) void query.whereRaw(`(${KEY.join(', ')}) > (?, ?, ?, ?)`, [...after]);
  const { rows, next } = pageOf(scope, await query, limit, (row) => KEY.map((column) => row[column]));
  const directories = await directoriesById(sql, tenantId);
  return { items: rows.map((row) => quarantineDocument(row, nameOf(directories, row.directory_id))), next };
}

/** One entry of quarantine in the shape of its list. */
export function quarantineDocument(row: QuarantineRow, directory: string): QuarantineDocument {
  return {
    directory,
    kind: row.kind,
    sourceId: row.source_id,
    record: { file: row.file, line: row.line },
    code: row.code,
    attribute: row.attribute === '' ? null : row.attribute,
    message: row.message,
    mend: row.mend,
    mapping: JSON.parse(row.mapping) as QuarantineDocument['mapping'],
    firstSeenAt: shownInstant(row.first_seen_at),
    tries: row.tries,
    lastGoodKept: row.last_good_kept === 1,
  };
}
