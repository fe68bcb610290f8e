import type { Catalogue } from '../model/catalogue.js';
import { matchKeys } from '../correlation/match-keys.js';
import type { Claims } from '../model/claims.js';
import type { Rules } from '../model/rules.js';
import type { CompiledMapping } from '../mapping/mapping-file.js';
import type { MappingVersionRow, RulesVersionRow } from '../rules/tables.js';
import type { Sql } from '../store/table.js';
import { listDirectories, type Directory } from '../tenancy/directories.js';
import type { TenantRow } from '../tenancy/tables.js';
import type { IdSource } from '../tokens.js';

/** Turns a stored mapping text into something that maps; caches by version. */
export type CompileMapping = (
  row: { file: string; text: string; version: string },
  catalogue: Catalogue,
) => CompiledMapping;

/** Everything about a tenant that a pass needs and that does not change while it runs. */
export interface TenantContext {
  tenantId: string;
  timeZone: string;
  catalogue: Catalogue;
  rules: Rules;
  rulesVersion: number;
  directories: readonly Directory[];
  byId: ReadonlyMap<string, Directory>;
  byName: ReadonlyMap<string, Directory>;
  /** By `directory id / kind`. */
  mappings: ReadonlyMap<string, CompiledMapping>;
  ids: IdSource;
  /** Match keys of a record's claims, by rule. */
  keysOf(claims: Claims): Record<string, string | null>;
}

/** Loads a tenant; null when it was never applied. */
export async function loadTenantContext(
  sql: Sql,
  tenantId: string,
  tools: { ids: IdSource; compile: CompileMapping; catalogue: (custom: string) => Catalogue },
): Promise<TenantContext | null> {
  const tenant = (await sql('tenant').where({ id: tenantId }).first()) as TenantRow | undefined;
  if (tenant === undefined) return null;
  const catalogue = tools.catalogue(tenant.custom);
  const rules = (await sql('rules_version')
    .where({ tenant_id: tenantId, version: tenant.rules_version })
    .first()) as RulesVersionRow;
  const directories = await listDirectories(sql, tenantId);
  const parsed = JSON.parse(rules.rules) as Rules;
  return {
    tenantId,
    timeZone: tenant.time_zone,
    catalogue,
    rules: parsed,
    rulesVersion: tenant.rules_version,
    directories,
    byId: new Map(directories.map((directory) => [directory.id, directory])),
    byName: new Map(directories.map((directory) => [directory.name, directory])),
    mappings: await loadMappings(sql, tenantId, directories, (row) => tools.compile(row, catalogue)),
    ids: tools.ids,
    keysOf: (claims) => matchKeys(claims, parsed.correlation, catalogue),
  };
}

async function loadMappings(
  sql: Sql,
  tenantId: string,
  directories: readonly Directory[],
  compile: (row: MappingVersionRow) => CompiledMapping,
): Promise<Map<string, CompiledMapping>> {
  const mappings = new Map<string, CompiledMapping>();
  const rows = (await sql('mapping_version').where({ tenant_id: tenantId })) as MappingVersionRow[];
  for (const directory of directories) {
    for (const kind of ['user', 'group'] as const) {
      const row = rows.find(
        (candidate) =>
          candidate.directory_id === directory.id &&
          candidate.kind === kind &&
          candidate.version === directory.mappings[kind],
      );
      if (row !== undefined) mappings.set(`${directory.id}/${kind}`, compile(row));
    }
  }
  return mappings;
}

/** True for a directory whose records take part: draft and shadow ones are left out of every partition and resolution. */
export function takesPart(directory: Directory | undefined): boolean {
  return directory?.mode === 'live' || directory?.mode === 'retired';
}
