import type { RecordKind } from '@rollcall/connector-kit';
import type { ApplyDocument } from '../api.js';
import type { DirectoryConfiguration, TenantConfiguration } from '../configuration/read-tenant.js';
import { DIRECTORY, TENANT, type DirectoryRow, type TenantRow } from '../tenancy/tables.js';
import { MAPPING_VERSION, RULES_VERSION, type MappingVersionRow, type RulesVersionRow } from '../rules/tables.js';
import { sha256 } from '../sources/fingerprint.js';
import { upsertRows, type Sql } from '../store/table.js';
import { lockPushedDirectories, lockTenant } from '../tenancy/lock-tenant.js';
import type { IdSource } from '../tokens.js';
import { askRedo, type RedoCause } from './redo.js';

type TenantPart = ApplyDocument['tenants'][number];

const KINDS: readonly RecordKind[] = ['user', 'group'];

/** What a tenant's files say, as one hash: a file that changed since is not in force. */
export function configurationHash(tenant: TenantConfiguration): string {
  const mappings = tenant.directories.flatMap((directory) => KINDS.map((kind) => directory.mappings[kind]?.text ?? ''));
  return sha256(JSON.stringify([tenant.text, tenant.rulesText, ...mappings]));
}

/** Stores a tenant's configuration, mappings and rules as versions, and asks for what has to be done again. */
export async function applyTenant(
  sql: Sql,
  configuration: TenantConfiguration,
  tools: { ids: IdSource; now: string },
): Promise<TenantPart> {
  return new Application(sql, configuration, tools).run();
}

class Application {
  readonly #sql: Sql;
  readonly #configuration: TenantConfiguration;
  readonly #tools: { ids: IdSource; now: string };
  readonly #redo: RedoCause[] = [];

  constructor(sql: Sql, configuration: TenantConfiguration, tools: { ids: IdSource; now: string }) {
    this.#sql = sql;
    this.#configuration = configuration;
    this.#tools = tools;
  }

  async run(): Promise<TenantPart> {
    const { tenant } = this.#configuration;
    // Counters stand in these rows: what is pushed or drawn meanwhile must not be written back as it was.
    await lockTenant(this.#sql, tenant);
    await lockPushedDirectories(this.#sql, tenant, null);
    const before = (await this.#sql('tenant').where({ id: tenant }).first()) as TenantRow | undefined;
    const stored = (await this.#sql('directory').where({ tenant_id: tenant })) as DirectoryRow[];
    const rules = await this.#rules(before);
    const directories = this.#directories(stored);
    const mappings = await this.#mappings(directories.rows, stored);
    // What runs write meanwhile (begin, numbers, pauses) is not a file's to say.
    await upsertRows(this.#sql, DIRECTORY, directories.rows, CONFIGURED);
    await this.#tenant(before, rules.version);
    const redo = before === undefined ? [] : coalesce(this.#redo);
    for (const cause of redo)
      await askRedo(this.#sql, { tenantId: tenant, id: this.#tools.ids.next('rdo') }, cause, this.#tools.now);
    return {
      tenant,
      created: before === undefined,
      directories: directories.changes,
      mappings,
      rules,
      redo: redo.map((cause) => ({
        trigger: cause.trigger,
        directory: directories.rows.find((row) => row.id === cause.directoryId)?.name ?? null,
      })),
      warnings: [...this.#configuration.warnings],
    };
  }

  async #tenant(before: TenantRow | undefined, rulesVersion: number): Promise<void> {
    const { tenant, name, timeZone, custom, identityDirectory } = this.#configuration;
    if (before !== undefined) this.#redoOfTenant(before);
    await upsertRows(this.#sql, TENANT, [
      {
        id: tenant,
        name,
        time_zone: timeZone,
        custom: JSON.stringify(custom),
        event_sequence: before?.event_sequence ?? 0,
        last_instant: before?.last_instant ?? null,
        rules_version: rulesVersion,
        configuration_hash: configurationHash(this.#configuration),
        identity_directory: identityDirectory,
        created_at: before?.created_at ?? this.#tools.now,
      },
    ]);
  }

  #redoOfTenant(before: TenantRow): void {
    const { timeZone, custom } = this.#configuration;
    if (before.time_zone !== timeZone) this.#redo.push({ directoryId: null, trigger: 'rules', detail: { timeZone } });
    // What was mapped before was checked by other schemas.
    if (before.custom !== JSON.stringify(custom))
      this.#redo.push({ directoryId: null, trigger: 'mapping', detail: { custom: Object.keys(custom).join(' ') } });
  }

  async #rules(before: TenantRow | undefined): Promise<TenantPart['rules']> {
    const { tenant, rules, rulesText, rulesFile } = this.#configuration;
    const text = JSON.stringify(rules);
    const current =
      before === undefined
        ? undefined
        : ((await this.#sql('rules_version')
            .where({ tenant_id: tenant, version: before.rules_version })
            .first()) as RulesVersionRow);
    if (current?.rules === text && current.text === rulesText) return { change: 'same', version: current.version };
    const version = (current?.version ?? 0) + 1;
    await upsertRows(this.#sql, RULES_VERSION, [
      { tenant_id: tenant, version, text: rulesText, rules: text, file: rulesFile, created_at: this.#tools.now },
    ]);
    if (current !== undefined && current.rules !== text)
      this.#redo.push({ directoryId: null, trigger: 'rules', detail: { version } });
    return { change: current === undefined ? 'added' : 'changed', version };
  }

  #directories(stored: readonly DirectoryRow[]): { rows: DirectoryRow[]; changes: TenantPart['directories'] } {
    const byName = new Map(stored.map((row) => [row.name, row]));
    const changes: TenantPart['directories'] = [];
    const rows = this.#configuration.directories.map((directory, position) => {
      const before = byName.get(directory.name);
      byName.delete(directory.name);
      const row = this.#directoryRow(directory, position, before);
      const what = before === undefined ? [] : changedFields(before, row);
      changes.push({
        directory: directory.name,
        change: before === undefined ? 'added' : what.length > 0 ? 'changed' : 'same',
        what,
      });
      if (what.includes('mode'))
        this.#redo.push({ directoryId: null, trigger: 'rules', detail: { directory: directory.name } });
      return row;
    });
    for (const row of byName.values()) {
      if (row.mode !== 'retired') changes.push({ directory: row.name, change: 'retired', what: ['mode'] });
      rows.push({ ...row, mode: 'retired', position: rows.length });
    }
    return { rows, changes };
  }

  #directoryRow(directory: DirectoryConfiguration, position: number, before: DirectoryRow | undefined): DirectoryRow {
    const kept = before ?? this.#newDirectory();
    return {
      tenant_id: this.#configuration.tenant,
      id: kept.id,
      name: directory.name,
      position,
      connector: directory.connector,
      mode: directory.mode,
      settings: JSON.stringify(directory.settings),
      privileged_groups: JSON.stringify(directory.privilegedGroups),
      schedule: JSON.stringify(directory.schedule),
      mapping_user: directory.mappings.user?.mapping.version ?? null,
      mapping_group: directory.mappings.group?.mapping.version ?? null,
      paused: kept.paused,
      begin: kept.begin,
      record_count: kept.record_count,
      first_complete_at: kept.first_complete_at,
      created_at: kept.created_at,
    };
  }

  /** What a directory's files do not say. */
  #newDirectory(): Pick<DirectoryRow, 'id' | 'paused' | 'begin' | 'record_count' | 'first_complete_at' | 'created_at'> {
    return {
      id: this.#tools.ids.next('dir'),
      paused: 0,
      begin: 0,
      record_count: 0,
      first_complete_at: null,
      created_at: this.#tools.now,
    };
  }

  async #mappings(rows: readonly DirectoryRow[], stored: readonly DirectoryRow[]): Promise<TenantPart['mappings']> {
    const before = new Map(stored.map((row) => [row.id, row]));
    const versions: MappingVersionRow[] = [];
    const changes: TenantPart['mappings'] = [];
    for (const directory of this.#configuration.directories) {
      const row = rows.find((candidate) => candidate.name === directory.name);
      for (const kind of KINDS) {
        const mapping = directory.mappings[kind];
        if (mapping === undefined || row === undefined) continue;
        const { version, name } = mapping.mapping;
        const change = changeOfMapping(before.get(row.id), kind, version);
        changes.push({ directory: directory.name, kind, file: mapping.file, change, version });
        if (change === 'changed') this.#redo.push({ directoryId: row.id, trigger: 'mapping', detail: { version } });
        versions.push({
          tenant_id: row.tenant_id,
          directory_id: row.id,
          kind,
          version,
          name,
          file: mapping.file,
          text: mapping.text,
          created_at: this.#tools.now,
        });
      }
    }
    // The first time that a text was applied is kept; a text that comes back is the same version.
    await upsertRows(this.#sql, MAPPING_VERSION, versions, ['name', 'file', 'text']);
    return changes;
  }
}

function changeOfMapping(
  before: DirectoryRow | undefined,
  kind: RecordKind,
  version: string,
): TenantPart['mappings'][number]['change'] {
  const known = before?.[kind === 'user' ? 'mapping_user' : 'mapping_group'] ?? null;
  if (known === null) return 'added';
  return known === version ? 'same' : 'changed';
}

const CONFIGURED = [
  'name',
  'position',
  'connector',
  'mode',
  'settings',
  'privileged_groups',
  'schedule',
  'mapping_user',
  'mapping_group',
] as const;

const COMPARED = [
  'connector',
  'mode',
  'settings',
  'privileged_groups',
  'schedule',
  'mapping_user',
  'mapping_group',
  'position',
] as const;

function changedFields(before: DirectoryRow, after: DirectoryRow): string[] {
  return COMPARED.filter((field) => before[field] !== after[field]);
}

/** One redo a directory and trigger; one of the tenant covers every other of the same trigger. */
function coalesce(causes: readonly RedoCause[]): RedoCause[] {
  const byKey = new Map(causes.map((cause) => [`${cause.trigger}/${cause.directoryId ?? ''}`, cause]));
  return [...byKey.values()];
}
