import { groupBy } from '../model/group-by.js';
import type { ClaimedRecord, Claims, Departed, InactiveReason } from '../model/claims.js';
import type { CompiledMapping } from '../mapping/mapping-file.js';
import { sameValue } from '../model/compare.js';
import type { UserState } from '../population/tables.js';
import type { MappingVersionRow } from '../rules/tables.js';
import {
  CLAIMS,
  PAYLOAD,
  SOURCE_RECORD,
  type ClaimsRow,
  type PayloadRow,
  type SourceRecordRow,
} from '../sources/tables.js';
import { selectRows, type Sql } from '../store/table.js';
import { listDirectories, type Directory } from '../tenancy/directories.js';
import { claimsOfPayloads, type StoredMappings } from './as-of-claims.js';
import type { FoldedUser } from './as-of-fold.js';
import type { LinkAsOf } from './as-of-links.js';

/** A record with what it said at a moment and where that stands. */
export interface SpokenRecord {
  row: SourceRecordRow;
  directory: Directory;
  /** Null: a value comes from it, yet it belongs to somebody else by now. */
  link: LinkAsOf | null;
  gone: Departed | null;
  claims: Claims;
  /** What the claims were made of. */
  payload: PayloadRow | null;
  mapping: MappingVersionRow | null;
}

/** Whose records are asked for, and as of when. */
export interface RecordsRequest {
  links: readonly LinkAsOf[];
  state: UserState;
  folded: FoldedUser | null;
  /** Null: now. */
  at: string | null;
}

/**
 * The records that a user consists of, and those that its values come from, in the order of the tenant's file. Records of
 * draft and shadow directories speak for nothing and are left out.
 */
export async function recordsAsOf(
  sql: Sql,
  tenantId: string,
  request: RecordsRequest,
  mappings: StoredMappings,
): Promise<SpokenRecord[]> {
  const links = new Map(request.links.map((link) => [link.recordId, link]));
  const ids = new Set([...links.keys(), ...winnersOf(request.state)]);
  const keys = [...ids].map((id) => [id]);
  const scope = { tenant_id: tenantId };
  const directories = new Map((await listDirectories(sql, tenantId)).map((directory) => [directory.id, directory]));
  const rows = await selectRows(sql, SOURCE_RECORD, scope, ['id'], keys);
  const claims = new Map(
    (await selectRows(sql, CLAIMS, scope, ['record_id'], keys)).map((row) => [row.record_id, row]),
  );
  const payloads = groupBy(await payloadsOf(sql, tenantId, request.at, [...claims.values()]), (row) => row.record_id);
  const versions = await mappingVersions(sql, tenantId, new Set(rows.map((row) => row.directory_id)));
  const spoken: SpokenRecord[] = [];
  for (const row of rows) {
    const directory = directories.get(row.directory_id);
    if (directory?.mode !== 'live' && directory?.mode !== 'retired') continue;
    const stored = claims.get(row.id);
    const said = await saidBy({
      row,
      directory,
      stored,
      request,
      mappings,
      versions,
      payloads: payloads.get(row.id) ?? [],
    });
    spoken.push({ row, directory, link: links.get(row.id) ?? null, gone: goneAsOf(row, request), ...said });
  }
  return spoken.sort((a, b) => a.directory.position - b.directory.position || byText(a.row.source_id, b.row.source_id));
}

/** A record in the words of resolution. */
export function asClaimed({ row, directory, gone, claims, payload }: SpokenRecord): ClaimedRecord {
  return {
    recordId: row.id,
    directory: directory.name,
    sourceId: row.source_id,
    gone,
    retired: directory.mode === 'retired',
    ...(payload === null ? {} : { freshAt: payload.observed_at }),
    claims,
  };
}

function winnersOf(state: UserState): string[] {
  return Object.values(state.provenance).flatMap(({ winner }) => (winner.recordId === null ? [] : [winner.recordId]));
}

/** Now: those that the claims were made of. Then: all up to then, newest first. */
async function payloadsOf(
  sql: Sql,
  tenantId: string,
  at: string | null,
  claims: readonly ClaimsRow[],
): Promise<PayloadRow[]> {
  if (at === null) {
    const keys = claims.map((row) => [row.record_id, row.payload_no]);
    return selectRows(sql, PAYLOAD, { tenant_id: tenantId }, ['record_id', 'no'], keys);
  }
  const rows = await sql<PayloadRow>('payload')
    .where({ tenant_id: tenantId })
    .whereIn(
      'record_id',
      claims.map((row) => row.record_id),
    )
    .where('observed_at', '<=', at)
    .orderBy([{ column: 'record_id' }, { column: 'no', order: 'desc' }])
    .select();
  // What came after the last believed payload waits for its consequences, or is in quarantine.
  const believed = new Map(claims.map((row) => [row.record_id, row.payload_no]));
  return rows.filter((row) => row.no <= (believed.get(row.record_id) ?? 0));
}

async function mappingVersions(
  sql: Sql,
  tenantId: string,
  directoryIds: ReadonlySet<string>,
): Promise<MappingVersionRow[]> {
  return sql<MappingVersionRow>('mapping_version')
    .where({ tenant_id: tenantId, kind: 'user' })
    .whereIn('directory_id', [...directoryIds])
    .orderBy(['created_at', 'version'])
    .select();
}

interface Evidence {
  row: SourceRecordRow;
  directory: Directory;
  stored: ClaimsRow | undefined;
  payloads: readonly PayloadRow[];
  request: RecordsRequest;
  mappings: StoredMappings;
  versions: readonly MappingVersionRow[];
}

async function saidBy(evidence: Evidence): Promise<Pick<SpokenRecord, 'claims' | 'payload' | 'mapping'>> {
  const { row, stored, payloads, mappings, request } = evidence;
  const payload = payloads[0] ?? null;
  const mapping = mappingAsOf(evidence);
  if (stored !== undefined) {
    const claims = JSON.parse(stored.claims) as Claims;
    const isOfThen = (): boolean => isSame(stored, payload, mapping) && agreesWith(request.state, row.id, claims);
    if (request.at === null || isOfThen()) return { claims, payload, mapping };
  }
  const compiled = mapping === null ? null : mappings.compiled(mapping);
  if (compiled === null) return { claims: {}, payload, mapping };
  return { ...(await appliedPayload(evidence, compiled)), mapping };
}

/** So many payloads in a row are looked at for the one whose consequences were drawn. */
const MAX_PENDING = 10;

/**
 * The newest payload that agrees with what the user had of the record: after a plan, what was observed waits for the sync
 * that draws its consequences, and has decided nothing yet.
 */
async function appliedPayload(
  { row, payloads, request, mappings }: Evidence,
  compiled: CompiledMapping,
): Promise<Pick<SpokenRecord, 'claims' | 'payload'>> {
  let newest: Pick<SpokenRecord, 'claims' | 'payload'> | null = null;
  for (let n = 0; n < Math.min(payloads.length, MAX_PENDING); n++) {
    const claims = await claimsOfPayloads(payloads.slice(n), compiled, mappings.catalogue);
    const said = { claims, payload: payloads[n] ?? null };
    if (agreesWith(request.state, row.id, claims)) return said;
    newest ??= said;
  }
  return newest ?? { claims: {}, payload: null };
}

/** Whether the values that come from the record are those that it claims. */
function agreesWith(state: UserState, recordId: string, claims: Claims): boolean {
  return Object.entries(state.provenance).every(([attribute, { winner, strategy }]) => {
    if (winner.recordId !== recordId || strategy !== 'priority') return true;
    const value = state.attributes[attribute] ?? null;
    const claimed = claims[attribute]?.value ?? null;
    const isReference = typeof claimed === 'object' && claimed !== null && 'by' in claimed;
    return isReference || sameValue(claimed, value);
  });
}

function isSame(stored: ClaimsRow, payload: PayloadRow | null, mapping: MappingVersionRow | null): boolean {
  return stored.payload_no === payload?.no && stored.mapping_version === mapping?.version;
}

/**
 * Now: the mapping that made the claims. Then: the newest of then, unless the record changed the user after that under
 * another one, which was taken up again.
 */
function mappingAsOf({ row, directory, stored, request, versions }: Evidence): MappingVersionRow | null {
  const own = versions.filter((version) => version.directory_id === row.directory_id);
  const named = (version: string | undefined): MappingVersionRow | null =>
    own.find((one) => one.version === version) ?? null;
  const { at } = request;
  if (at === null) return named(stored?.mapping_version);
  const newest = own.filter((one) => one.created_at <= at).at(-1);
  const applied = request.folded?.mappedBy.get(`${directory.name}:${row.source_id}`);
  if (applied !== undefined && (newest === undefined || applied.at >= newest.created_at)) return named(applied.version);
  return newest ?? named(stored?.mapping_version);
}

/** A record that is back by now does not say when it was away; the user that it made inactive does. */
function goneAsOf(row: SourceRecordRow, { state, at }: RecordsRequest): Departed | null {
  const goneAt = row.gone_begin === null ? null : (row.gone_at ?? row.first_seen_at);
  if (goneAt !== null && (at === null || goneAt <= at)) {
    return { reason: (row.gone_reason ?? 'absent') as InactiveReason, at: goneAt };
  }
  if (at === null || state.provenance.active?.winner.recordId !== row.id) return null;
  return departureOf(state.inactive);
}

function departureOf(inactive: UserState['inactive']): Departed | null {
  const isGone = inactive?.reason === 'absent' || inactive?.reason === 'removed_at_source';
  return isGone ? { reason: inactive.reason, at: inactive.at } : null;
}

function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
