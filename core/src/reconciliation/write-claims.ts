import { LINK, LINK_CHANGE, MATCH_KEY, type MatchKeyRow } from '../correlation/tables.js';
import { REFERENCE } from '../population/tables.js';
import { putQuarantine } from '../sources/quarantine.js';
import { CLAIMS, QUARANTINE, SOURCE_RECORD, type QuarantineRow, type SourceRecordRow } from '../sources/tables.js';
import { deleteRows, insertRows, updateRows, upsertRows, type Sql } from '../store/table.js';
import type { Effects } from './effects.js';
import { findWaitingMembers } from './waiting-members.js';
import { findReferences, findWaiting, namesOthers, referenceKeys, referenceRows } from './references.js';
import type { TenantContext } from './tenant-context.js';
import type { WorkRecord, WorkSet } from './work-set.js';

/** Writes what belongs to records: claims, keys, quarantine of attributes, links; and clears their marks. */
export async function writeRecords(
  sql: Sql,
  context: TenantContext,
  effects: Effects,
  pass: { runId: string; now: string },
): Promise<void> {
  const mapped = await storeClaims(sql, context, effects.set, pass.now);
  await writeLinks(sql, context, effects, pass);
  await writeReferences(sql, context, effects, mapped);
  const waiting = [
    ...(await findWaiting(sql, context, effects.set)),
    ...(await findWaitingMembers(sql, context, effects)),
  ];
  await updateRows(
    sql,
    SOURCE_RECORD,
    ['dirty'],
    waiting.map((id) => ({ tenant_id: context.tenantId, id, dirty: pass.runId })),
  );
}

/** Stores claims, keys and unknowns of the seeds and clears their marks: all that a shadow directory keeps. */
export async function storeClaims(sql: Sql, context: TenantContext, set: WorkSet, now: string): Promise<WorkRecord[]> {
  const seeds = [...[...set.records.values()].filter((record) => record.seed), ...set.groupRecords];
  const mapped = seeds.filter((record) => record.mapped);
  await writeClaims(sql, context, mapped);
  await writeKeys(
    sql,
    context,
    mapped.filter((record) => record.row.kind === 'user'),
  );
  await writeUnknowns(sql, context, mapped, now);
  await updateRows(
    sql,
    SOURCE_RECORD,
    ['dirty', 'drawn_gone', 'gone_at', 'gone_reason'],
    seeds.filter((record) => record.row.dirty !== null).map(settled),
  );
  return mapped;
}

/** The mark is taken; a record that is there again forgets that it was gone, unless it is undecided whose it is. */
function settled(record: WorkRecord): SourceRecordRow {
  const stays = record.row.gone_begin !== null || record.reused.length > 0;
  const drawn = { dirty: null, drawn_gone: record.row.gone_begin === null ? 0 : 1 };
  return { ...record.row, ...drawn, ...(stays ? {} : { gone_at: null, gone_reason: null }) };
}

/** A record whose claims came out the same, of the same payload and mapping, is not written. */
async function writeClaims(sql: Sql, context: TenantContext, records: readonly WorkRecord[]): Promise<void> {
  await upsertRows(
    sql,
    CLAIMS,
    records.filter(hasNewClaims).map((record) => ({
      tenant_id: context.tenantId,
      record_id: record.row.id,
      claims: JSON.stringify(record.claims),
      mapping_version: record.mappingVersion ?? '',
      payload_no: record.claimsPayloadNo,
    })),
  );
}

function hasNewClaims(record: WorkRecord): boolean {
  const { stored } = record;
  return (
    stored?.payloadNo !== record.claimsPayloadNo ||
    stored.mappingVersion !== record.mappingVersion ||
    JSON.stringify(record.storedClaims) !== JSON.stringify(record.claims)
  );
}

/** Only keys that changed are written; most changes of a person touch none. */
async function writeKeys(sql: Sql, context: TenantContext, records: readonly WorkRecord[]): Promise<void> {
  const put: MatchKeyRow[] = [];
  const drop: Partial<MatchKeyRow>[] = [];
  for (const record of records) {
    const before: Record<string, string | null> =
      record.storedClaims === null ? {} : keysOf(context, record, record.storedClaims);
    for (const [rule, key] of Object.entries(keysOf(context, record, record.claims))) {
      if (key === (before[rule] ?? null)) continue;
      if (key === null) drop.push({ tenant_id: context.tenantId, rule, record_id: record.row.id });
      else
        put.push({
          tenant_id: context.tenantId,
          rule,
          key,
          record_id: record.row.id,
          directory_id: record.row.directory_id,
        });
    }
  }
  await deleteRows(sql, MATCH_KEY, drop);
  await upsertRows(sql, MATCH_KEY, put);
}

function keysOf(
  context: TenantContext,
  record: WorkRecord,
  claims: WorkRecord['claims'],
): Record<string, string | null> {
  const own = context.keysOf(claims);
  return namesOthers(context, record.row.directory_id) ? { ...own, ...referenceKeys(claims) } : own;
}

async function writeUnknowns(
  sql: Sql,
  context: TenantContext,
  records: readonly WorkRecord[],
  now: string,
): Promise<void> {
  const put: QuarantineRow[] = [];
  const drop: Partial<QuarantineRow>[] = [];
  for (const record of records) {
    const key = {
      tenant_id: context.tenantId,
      directory_id: record.row.directory_id,
      kind: record.row.kind,
      place: record.row.source_id,
    };
    for (const [attribute, claim] of Object.entries(record.storedClaims ?? {}))
      if (claim.unknown !== undefined && record.claims[attribute]?.unknown === undefined)
        drop.push({ ...key, attribute });
    put.push(...unknownRows(context, record, key, now));
  }
  await deleteRows(sql, QUARANTINE, drop);
  await putQuarantine(sql, put);
}

function unknownRows(
  context: TenantContext,
  record: WorkRecord,
  key: Pick<QuarantineRow, 'tenant_id' | 'directory_id' | 'kind' | 'place'>,
  now: string,
): QuarantineRow[] {
  const mapping = context.mappings.get(`${record.row.directory_id}/${record.row.kind}`);
  return Object.entries(record.claims).flatMap(([attribute, claim]) => {
    if (claim.unknown === undefined || claim.unknown.cause.because === 'column') return [];
    const { cause } = claim.unknown;
    const place =
      mapping === undefined
        ? null
        : { name: mapping.name, version: mapping.version, file: mapping.file, line: cause.line ?? null };
    return [
      {
        ...key,
        attribute,
        source_id: record.row.source_id,
        file: record.position?.file ?? null,
        line: record.position?.line ?? null,
        code: cause.code,
        message: cause.message,
        mend: cause.mend,
        mapping: JSON.stringify(place),
        first_seen_at: now,
        tries: 1,
        last_good_kept: claim.value === undefined ? 0 : 1,
      },
    ];
  });
}

async function writeLinks(
  sql: Sql,
  context: TenantContext,
  effects: Effects,
  pass: { runId: string; now: string },
): Promise<void> {
  const { tenantId, ids } = context;
  await upsertRows(
    sql,
    LINK,
    effects.links.flatMap((link) =>
      link.userId === null
        ? []
        : [
            {
              tenant_id: tenantId,
              record_id: link.record.row.id,
              user_id: link.userId,
              how: link.how,
              rule: link.rule,
              linked_at: pass.now,
            },
          ],
    ),
  );
  await deleteRows(
    sql,
    LINK,
    effects.links
      .filter((link) => link.userId === null)
      .map((link) => ({ tenant_id: tenantId, record_id: link.record.row.id })),
  );
  await insertRows(
    sql,
    LINK_CHANGE,
    effects.links.map((link) => ({
      tenant_id: tenantId,
      id: ids.next('lnk'),
      record_id: link.record.row.id,
      from_user_id: link.record.link?.user_id ?? null,
      to_user_id: link.userId,
      how: link.how,
      rule: link.rule,
      run_id: pass.runId,
      at: pass.now,
    })),
  );
}

async function writeReferences(
  sql: Sql,
  context: TenantContext,
  effects: Effects,
  mapped: readonly WorkRecord[],
): Promise<void> {
  if (!mapped.some((record) => namesOthers(context, record.row.directory_id))) return;
  const references = await findReferences(sql, context, effects.set);
  await upsertRows(sql, REFERENCE, referenceRows(context, effects.set, references));
}
