import type { AttributeName, Claim, Claims } from '../model/claims.js';
import type { Json, JsonObject } from '../model/json.js';
import { mapBatch, type MappedRecord } from '../mapping/map-batch.js';
import type { CompiledMapping } from '../mapping/mapping-file.js';
import { PAYLOAD } from '../sources/tables.js';
import { selectRows, type Sql } from '../store/table.js';
import type { TenantContext } from './tenant-context.js';
import type { WorkRecord } from './work-set.js';

/** Columns that vanished, by `directory id / kind`. */
export type Vanished = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Maps the records whose claims are older than their payload or their mapping (all of `records` when `again`), and
 * merges the answer with the last good claims.
 */
export async function claimRecords(
  sql: Sql,
  context: TenantContext,
  records: readonly WorkRecord[],
  options: { now: string; vanished: Vanished; remap?: boolean },
): Promise<void> {
  const byMapping = new Map<string, WorkRecord[]>();
  for (const record of records) {
    const place = `${record.directory.id}/${record.row.kind}`;
    const mapping = context.mappings.get(place);
    if (mapping === undefined || !(options.remap === true ? record.row.payload_no > 0 : isStale(record, mapping)))
      continue;
    const group = byMapping.get(place) ?? [];
    group.push(record);
    byMapping.set(place, group);
  }
  for (const [place, group] of byMapping) {
    const mapping = context.mappings.get(place);
    if (mapping !== undefined)
      await claimGroup(sql, context, group, mapping, {
        now: options.now,
        vanished: options.vanished.get(place) ?? new Set(),
      });
  }
}

/** A new payload or a new mapping; a vanished column changes the payload, too. */
function isStale(record: WorkRecord, mapping: CompiledMapping): boolean {
  if (record.row.payload_no === 0) return false;
  return record.claimsPayloadNo !== record.row.payload_no || record.mappingVersion !== mapping.version;
}

async function claimGroup(
  sql: Sql,
  context: TenantContext,
  records: readonly WorkRecord[],
  mapping: CompiledMapping,
  options: { now: string; vanished: ReadonlySet<string> },
): Promise<void> {
  const payloads = await selectRows(
    sql,
    PAYLOAD,
    { tenant_id: context.tenantId },
    ['record_id', 'no'],
    records.map((record) => [record.row.id, record.row.payload_no]),
  );
  const positionOf = new Map(
    payloads.map((payload) => [payload.record_id, { file: payload.file, line: payload.line }]),
  );
  const rawOf = new Map(payloads.map((payload) => [payload.record_id, JSON.parse(payload.raw) as JsonObject]));
  const withRaw = records.filter((record) => rawOf.has(record.row.id));
  const mapped = await mapBatch(
    withRaw.map((record) => ({ raw: rawOf.get(record.row.id) ?? {} })),
    mapping,
    { catalogue: context.catalogue, vanished: options.vanished },
  );
  withRaw.forEach((record, n) => {
    const answer = mapped[n];
    if (answer === undefined) return;
    record.claims = mergeClaims(record.storedClaims, answer, options.now);
    record.mappingVersion = mapping.version;
    record.claimsPayloadNo = record.row.payload_no;
    record.mapped = true;
    record.position = positionOf.get(record.row.id) ?? null;
  });
}

/** An attribute that failed keeps its last good value and says since when it is unknown. */
export function mergeClaims(before: Claims | null, mapped: MappedRecord, now: string): Claims {
  const claims: Record<AttributeName, Claim> = {};
  for (const [attribute, answer] of mapped.claims) {
    if (!('error' in answer)) {
      claims[attribute] = { value: answer.value };
      continue;
    }
    const last = before?.[attribute];
    claims[attribute] = {
      ...(last?.value === undefined ? {} : { value: last.value }),
      unknown: { since: last?.unknown?.since ?? now, cause: answer.error },
    };
  }
  return claims;
}

/** The value of a claim that is known; undefined when the record says nothing of it. */
export function claimedValue(claims: Claims, attribute: AttributeName): Json | undefined {
  return claims[attribute]?.value;
}
