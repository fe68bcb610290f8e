import type { Catalogue } from '../model/catalogue.js';
import type { Claim, Claims } from '../model/claims.js';
import { foldText, primaryEmail } from '../model/compare.js';
import type { Json, JsonObject } from '../model/json.js';
import { LINK, MATCH_KEY } from '../correlation/tables.js';
import { REFERENCE, type ReferenceRow } from '../population/tables.js';
import { SOURCE_RECORD } from '../sources/tables.js';
import { selectRows, type Sql } from '../store/table.js';
import type { TenantContext } from './tenant-context.js';
import type { WorkRecord, WorkSet } from './work-set.js';

/** Targets by `record id / attribute`; null: pending, nobody answers to it yet. */
export type References = ReadonlyMap<string, string | null>;

/** A claim that names another person of its directory. */
interface Naming {
  record: WorkRecord;
  attribute: string;
  by: string;
  value: string;
}

/** Which reference attributes a directory's mapping has. */
export function referenceAttributes(context: TenantContext): string[] {
  return [...context.catalogue.values()].filter((entry) => entry.shape === 'reference').map((entry) => entry.name);
}

function namings(context: TenantContext, records: Iterable<WorkRecord>): Naming[] {
  const attributes = referenceAttributes(context);
  const found: Naming[] = [];
  for (const record of records) {
    for (const attribute of attributes) {
      const value = record.claims[attribute]?.value;
      if (typeof value !== 'object' || value === null || Array.isArray(value)) continue;
      const { by, value: named } = value as { by?: unknown; value?: unknown };
      if (typeof by === 'string' && typeof named === 'string')
        found.push({ record, attribute, by, value: keyOf(by, named) });
    }
  }
  return found;
}

const keyOf = (by: string, value: string): string => (by === 'sourceId' ? value : foldText(value));

/** Resolves every reference of the set to a user id, before resolution. */
export async function findReferences(sql: Sql, context: TenantContext, set: WorkSet): Promise<References> {
  const all = namings(context, set.records.values());
  const targets = new Map<string, string | null>();
  for (const naming of all) targets.set(`${naming.record.row.id}/${naming.attribute}`, null);
  if (all.length === 0) return targets;
  const recordOf = await findNamed(sql, context, all);
  const links = await selectRows(
    sql,
    LINK,
    { tenant_id: context.tenantId },
    ['record_id'],
    [...new Set(recordOf.values())].map((id) => [id]),
  );
  const userOf = new Map(links.map((link) => [link.record_id, link.user_id]));
  for (const naming of all) {
    const record = recordOf.get(placeOf(naming.record.row.directory_id, naming.by, naming.value));
    targets.set(
      `${naming.record.row.id}/${naming.attribute}`,
      (record === undefined ? undefined : userOf.get(record)) ?? null,
    );
  }
  return targets;
}

const placeOf = (directoryId: string, by: string, value: string): string => `${directoryId}\n${by}\n${value}`;

async function findNamed(sql: Sql, context: TenantContext, all: readonly Naming[]): Promise<Map<string, string>> {
  const scope = { tenant_id: context.tenantId };
  const byId = all.filter((naming) => naming.by === 'sourceId');
  const records = await selectRows(
    sql,
    SOURCE_RECORD,
    { ...scope, kind: 'user' },
    ['directory_id', 'source_id'],
    byId.map((naming) => [naming.record.row.directory_id, naming.value]),
  );
  const keys = await selectRows(
    sql,
    MATCH_KEY,
    scope,
    ['rule', 'key', 'directory_id'],
    all
      .filter((naming) => naming.by !== 'sourceId')
      .map((naming) => [`ref:${naming.by}`, naming.value, naming.record.row.directory_id]),
  );
  return new Map([
    ...records.map((row) => [placeOf(row.directory_id, 'sourceId', row.source_id), row.id] as const),
    ...keys.map((row) => [placeOf(row.directory_id, row.rule.slice('ref:'.length), row.key), row.record_id] as const),
  ]);
}

/** The claims of a record with references replaced by user ids; a pending one is unknown. */
export function resolvedReferences(record: WorkRecord, references: References, catalogue: Catalogue): Claims {
  const entries = Object.entries(record.claims);
  const names = (attribute: string, claim: Claim): boolean =>
    catalogue.get(attribute)?.shape === 'reference' && typeof claim.value === 'object' && claim.value !== null;
  if (!entries.some(([attribute, claim]) => names(attribute, claim))) return record.claims;
  const claims: Record<string, Claim> = {};
  for (const [attribute, claim] of entries) {
    const target = references.get(`${record.row.id}/${attribute}`) ?? null;
    if (!names(attribute, claim)) claims[attribute] = claim;
    else if (target !== null) claims[attribute] = { ...claim, value: target };
  }
  return claims;
}

/** Keys under which records of a directory with references can be named: `ref:<by>`. */
export function referenceKeys(claims: Claims): Record<string, string | null> {
  const text = (value: Json | undefined): string | null =>
    typeof value === 'string' && value !== '' ? foldText(value) : null;
  const dn = claims.externalId?.value ?? null;
  return {
    'ref:email': text(primaryEmail(claims.emails?.value) ?? undefined),
    'ref:userName': text(claims.userName?.value),
    'ref:employeeNumber': text(claims.employeeNumber?.value),
    'ref:dn': text(dn),
  };
}

/** True where records of the directory name others, so that they have to be found by more than their source id. */
export function namesOthers(context: TenantContext, directoryId: string): boolean {
  const mapping = context.mappings.get(`${directoryId}/user`);
  return mapping !== undefined && referenceAttributes(context).some((attribute) => mapping.attributes.has(attribute));
}

/** The stored form of the seeds' references. */
export function referenceRows(context: TenantContext, set: WorkSet, references: References): ReferenceRow[] {
  const seeds = [...set.records.values()].filter((record) => record.seed);
  return namings(context, seeds).map((naming) => ({
    tenant_id: context.tenantId,
    record_id: naming.record.row.id,
    attribute: naming.attribute,
    directory_id: naming.record.row.directory_id,
    by: naming.by,
    value: naming.value,
    target_user_id: references.get(`${naming.record.row.id}/${naming.attribute}`) ?? null,
  }));
}

/** Records whose pending reference names one of the seeds: they are to be looked at again. */
export async function findWaiting(sql: Sql, context: TenantContext, set: WorkSet): Promise<string[]> {
  const names = [...set.records.values()]
    .filter((record) => record.seed && namesOthers(context, record.row.directory_id))
    .flatMap((record) => [
      [record.row.directory_id, 'sourceId', record.row.source_id] as const,
      ...Object.entries(referenceKeys(record.claims)).flatMap(([rule, key]) =>
        key === null ? [] : [[record.row.directory_id, rule.slice('ref:'.length), key] as const],
      ),
    ]);
  const rows = await selectRows(
    sql,
    REFERENCE,
    { tenant_id: context.tenantId },
    ['directory_id', 'by', 'value'],
    names,
  );
  return rows.filter((row) => row.target_user_id === null).map((row) => row.record_id);
}

export type { JsonObject };
