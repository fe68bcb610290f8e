import type { JsonObject } from '@rollcall/connector-kit';
import { mapBatch } from '../mapping/map-batch.js';
import type { CompiledMapping } from '../mapping/mapping-file.js';
import type { Claims } from '../model/claims.js';
import { groupBy } from '../model/group-by.js';
import { CLAIMS, PAYLOAD, type ClaimsRow, type SourceRecordRow } from '../sources/tables.js';
import { selectRows, updateRows, type Sql } from '../store/table.js';
import { mergeClaims, type Vanished } from './claim-records.js';
import type { TenantContext } from './tenant-context.js';

/** What mapping records once more came to. */
export interface Remapped {
  /** Records that claim something else now, or of which that cannot be told here. */
  changed: SourceRecordRow[];
  /** Claims that came out the same by another version of the mapping: nobody can change because of them. */
  same: ClaimsRow[];
}

/** A mapping fix touches few people: the others are mapped and compared, not drawn. */
export async function remap(
  sql: Sql,
  context: TenantContext,
  rows: readonly SourceRecordRow[],
  { vanished, now }: { vanished: Vanished; now: string },
): Promise<Remapped> {
  const claims = await claimsOf(sql, context, rows);
  const answer: Remapped = { changed: [], same: [] };
  for (const [place, group] of groupBy(rows, (row) => `${row.directory_id}/${row.kind}`)) {
    const mapping = context.mappings.get(place);
    const current = group.filter((row) => claims.get(row.id)?.payload_no === row.payload_no && row.payload_no > 0);
    const known = new Set(current);
    answer.changed.push(...group.filter((row) => !known.has(row) || mapping === undefined));
    if (mapping === undefined) continue;
    const texts = await claimsAgain(sql, context, { rows: current, claims, mapping, now }, vanished.get(place));
    for (const row of current) {
      const stored = claims.get(row.id);
      if (stored === undefined || stored.claims !== texts.get(row.id)) answer.changed.push(row);
      else answer.same.push({ ...stored, mapping_version: mapping.version });
    }
  }
  return { ...answer, changed: answer.changed.sort((a, b) => a.no - b.no) };
}

/** Writes which version of the mapping says the same. */
export function noteVersions(sql: Sql, same: readonly ClaimsRow[]): Promise<void> {
  return updateRows(sql, CLAIMS, ['mapping_version'], same);
}

async function claimsOf(
  sql: Sql,
  context: TenantContext,
  rows: readonly SourceRecordRow[],
): Promise<Map<string, ClaimsRow>> {
  const ids = rows.map((row) => [row.id] as const);
  const claims = await selectRows(sql, CLAIMS, { tenant_id: context.tenantId }, ['record_id'], ids);
  return new Map(claims.map((row) => [row.record_id, row]));
}

interface Again {
  rows: readonly SourceRecordRow[];
  claims: ReadonlyMap<string, ClaimsRow>;
  mapping: CompiledMapping;
  now: string;
}

/** The texts of the claims as they would be stored, by record. */
async function claimsAgain(
  sql: Sql,
  context: TenantContext,
  { rows, claims, mapping, now }: Again,
  vanished: ReadonlySet<string> = new Set(),
): Promise<Map<string, string>> {
  const keys = rows.map((row) => [row.id, row.payload_no] as const);
  const payloads = await selectRows(sql, PAYLOAD, { tenant_id: context.tenantId }, ['record_id', 'no'], keys);
  const mapped = await mapBatch(
    payloads.map((payload) => ({ raw: JSON.parse(payload.raw) as JsonObject })),
    mapping,
    { catalogue: context.catalogue, vanished },
  );
  const texts = new Map<string, string>();
  payloads.forEach((payload, n) => {
    const answer = mapped[n];
    const stored = claims.get(payload.record_id);
    if (answer === undefined || stored === undefined) return;
    const before = JSON.parse(stored.claims) as Claims;
    texts.set(payload.record_id, JSON.stringify(mergeClaims(before, answer, now)));
  });
  return texts;
}
