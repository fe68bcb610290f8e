import { MATCH_KEY, type MatchKeyRow } from '../correlation/tables.js';
import type { Claims } from '../model/claims.js';
import { CLAIMS, type SourceRecordRow } from '../sources/tables.js';
import { deleteRows, insertRows, selectRows, updateRows, upsertRows, type Sql } from '../store/table.js';
import { BATCH, type BatchSeeds, type NextSeeds, type Transact } from './consequence-pass.js';
import type { Vanished } from './claim-records.js';
import { noteVersions, remap } from './remap.js';
import { namesOthers, referenceKeys } from './references.js';
import { REDO, type RedoRow } from './tables.js';
import type { TenantContext } from './tenant-context.js';
import { loadVanished } from './vanished.js';

/** Why something is to be done again. */
export interface RedoCause {
  directoryId: string | null;
  trigger: 'mapping' | 'rules' | 'cutover' | 'manual';
  detail: Record<string, string | number | null>;
}

/** Stores one row, whatever the number of people it touches. */
export async function askRedo(
  sql: Sql,
  context: { tenantId: string; id: string },
  cause: RedoCause,
  now: string,
): Promise<void> {
  await insertRows(sql, REDO, [
    {
      tenant_id: context.tenantId,
      id: context.id,
      directory_id: cause.directoryId,
      trigger: cause.trigger,
      cause: JSON.stringify(cause.detail),
      cursor: '',
      created_at: now,
      done_at: null,
    },
  ]);
}

/** What is still to be done again, oldest first. */
export async function openRedos(sql: Sql, tenantId: string): Promise<RedoRow[]> {
  return (await sql('redo').where({ tenant_id: tenantId }).whereNull('done_at').orderBy('id')) as RedoRow[];
}

interface Place {
  directory: number;
  no: number;
}

const START: Place = { directory: 0, no: -1 };

function touched(context: TenantContext, redo: RedoRow): TenantContext['directories'] {
  return context.directories.filter((directory) => redo.directory_id === null || directory.id === redo.directory_id);
}

/**
 * Walks every record that the cause touches, in batches; the place is stored with each batch, so that a crash continues.
 * A dry walk writes nothing.
 */
export function redoSeeds(
  context: TenantContext,
  redo: RedoRow,
  { dry, now }: { dry: boolean; now: () => string },
): NextSeeds {
  let vanished: Vanished | null = null;
  let place: Place = redo.cursor === '' ? START : (JSON.parse(redo.cursor) as Place);
  return async (sql) => {
    for (;;) {
      const directory = touched(context, redo)[place.directory];
      if (directory === undefined) return dry ? null : finish(sql, redo, now());
      const rows = await recordsAfter(sql, context, directory.id, place.no, true);
      const end = rows[rows.length - 1];
      place = end === undefined ? { directory: place.directory + 1, no: -1 } : { ...place, no: end.no };
      if (rows.length === 0) continue;
      if (!dry) await updateRows(sql, REDO, ['cursor'], [{ ...redo, cursor: JSON.stringify(place) }]);
      if (redo.trigger !== 'mapping') return { records: rows, users: [], remap: isMappedAgain(redo, directory.name) };
      vanished ??= await loadVanished(sql, context.tenantId);
      return mappedAgain(sql, context, rows, { dry, vanished, now: now() });
    }
  };
}

/** Whose claims come out the same is settled by that; what is rehearsed notes nothing. */
async function mappedAgain(
  sql: Sql,
  context: TenantContext,
  rows: readonly SourceRecordRow[],
  { dry, vanished, now }: { dry: boolean; vanished: Vanished; now: string },
): Promise<BatchSeeds> {
  const { changed, same } = await remap(sql, context, rows, { vanished, now });
  if (!dry) await noteVersions(sql, same);
  return { records: changed, users: [], remap: true, settled: same.length };
}

/**
 * Who asks by hand wants all of it anew. A directory whose mode changed is mapped, too: what a shadow showed was never
 * written as groups and references.
 */
function isMappedAgain(redo: RedoRow, directory: string): boolean {
  const { directory: changed } = JSON.parse(redo.cause) as { directory?: string };
  return redo.trigger === 'manual' || changed === directory;
}

/**
 * Writes the match keys of every record anew: after a change of rules, who belongs to whom depends on everybody's.
 * They change nobody by themselves.
 */
export async function rewriteAllKeys(transact: Transact, context: TenantContext, redo: RedoRow): Promise<void> {
  for (const directory of touched(context, redo)) {
    let last = -1;
    for (;;) {
      const rows = await transact(async (sql) => {
        const found = await recordsAfter(sql, context, directory.id, last, false);
        await rewriteKeys(sql, context, found);
        return found;
      });
      const end = rows[rows.length - 1];
      if (end === undefined) break;
      last = end.no;
    }
  }
}

async function finish(sql: Sql, redo: RedoRow, now: string): Promise<null> {
  await updateRows(sql, REDO, ['done_at'], [{ ...redo, done_at: now }]);
  return null;
}

async function recordsAfter(
  sql: Sql,
  context: TenantContext,
  directoryId: string,
  no: number,
  settledOnly: boolean,
): Promise<SourceRecordRow[]> {
  const query = sql('source_record')
    .where({ tenant_id: context.tenantId, directory_id: directoryId })
    .where('no', '>', no)
    .orderBy('no')
    .limit(BATCH);
  // What is pending belongs to its directory's run, with that directory's guards; it is mapped anew there.
  if (settledOnly) void query.whereNull('dirty');
  return (await query) as SourceRecordRow[];
}

async function rewriteKeys(sql: Sql, context: TenantContext, rows: readonly SourceRecordRow[]): Promise<void> {
  const scope = { tenant_id: context.tenantId };
  const claims = await selectRows(
    sql,
    CLAIMS,
    scope,
    ['record_id'],
    rows.map((row) => [row.id]),
  );
  const directoryOf = new Map(rows.map((row) => [row.id, row.directory_id]));
  const stored = await storedKeys(
    sql,
    context,
    claims.map((row) => row.record_id),
  );
  const put: MatchKeyRow[] = [];
  const drop: MatchKeyRow[] = [];
  for (const row of claims) {
    const directoryId = directoryOf.get(row.record_id) ?? '';
    const parsed = JSON.parse(row.claims) as Claims;
    const keys: Record<string, string | null> = {
      ...context.keysOf(parsed),
      ...(namesOthers(context, directoryId) ? referenceKeys(parsed) : {}),
    };
    for (const [rule, key] of Object.entries(keys)) {
      const before = stored.get(`${rule}\n${row.record_id}`);
      if (key === null && before !== undefined) drop.push(before);
      if (key !== null && before?.key !== key)
        put.push({ tenant_id: context.tenantId, rule, key, record_id: row.record_id, directory_id: directoryId });
    }
  }
  await deleteRows(sql, MATCH_KEY, drop);
  await upsertRows(sql, MATCH_KEY, put);
}

async function storedKeys(
  sql: Sql,
  context: TenantContext,
  recordIds: readonly string[],
): Promise<Map<string, MatchKeyRow>> {
  const rules = [
    ...context.rules.correlation.map((rule) => rule.name),
    'ref:email',
    'ref:userName',
    'ref:employeeNumber',
    'ref:dn',
  ];
  const keys = recordIds.flatMap((id) => rules.map((rule) => [rule, id] as const));
  const rows = await selectRows(sql, MATCH_KEY, { tenant_id: context.tenantId }, ['rule', 'record_id'], keys);
  return new Map(rows.map((row) => [`${row.rule}\n${row.record_id}`, row]));
}
