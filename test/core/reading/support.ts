import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LINK, LINK_CHANGE } from '#core/correlation/tables.js';
import type { Cause } from '#core/history/tables.js';
import { mapBatch } from '#core/mapping/map-batch.js';
import { parseMapping } from '#core/mapping/mapping-file.js';
import type { Claim, Claims } from '#core/model/claims.js';
import type { JsonObject } from '#core/model/json.js';
import type { UserState } from '#core/population/tables.js';
import { RUN, type RunRow } from '#core/reconciliation/tables.js';
import { parseRules } from '#core/rules/parse-rules.js';
import { MAPPING_VERSION, RULES_VERSION, type RulesVersionRow } from '#core/rules/tables.js';
import { CLAIMS, PAYLOAD, SOURCE_RECORD, type ClaimsRow, type SourceRecordRow } from '#core/sources/tables.js';
import { migrate } from '#core/store/migrate.js';
import { Store, type StoreConfiguration } from '#core/store/store.js';
import { insertRows, upsertRows } from '#core/store/table.js';
import { postgresqlUrl, usesServer } from '../../support/servers.js';
import { catalogue, day, HR_MAPPING, IT_MAPPING, mappings, RULES } from './contract-texts.js';
import { Rows } from './rows.js';
import { settle } from './settle.js';

export { day, HR_MAPPING, hrRow, IT_MAPPING, itRow, mappings, RULES } from './contract-texts.js';
export { CAUSE } from './rows.js';

/** One tenant in a store of its own: records with payloads and claims, and users as the pipeline would leave them. */
export class Population extends Rows {
  #no = 0;
  #rulesVersion = 0;
  readonly #mapping = new Map<string, { text: string; version: string; file: string }>();

  /** A new SQLite file with the whole schema. */
  static open(): Promise<Population> {
    const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-reading-'));
    return Population.#in({ client: 'sqlite3', file: path.join(folder, 'store.db') }, () => {
      rmSync(folder, { recursive: true, force: true });
    });
  }

  /** A new schema on the PostgreSQL of the test run. */
  static async openOnPostgresql(): Promise<Population> {
    const schema = `reading_${randomUUID().replaceAll('-', '')}`;
    const url = postgresqlUrl();
    const maker = new Store({ client: 'pg', url });
    await maker.write('sweep', (sql) => sql.raw(`CREATE SCHEMA ${schema}`));
    await maker.close();
    return Population.#in({ client: 'pg', url, schema }, () => undefined);
  }

  static async #in(configuration: StoreConfiguration, release: () => void): Promise<Population> {
    const store = new Store(configuration);
    await migrate(store);
    const population = new Population(store, 'acme', release);
    await population.addTenant();
    return population;
  }

  /** Another tenant of the same store. */
  async neighbour(tenantId: string): Promise<Population> {
    const population = new Population(this.store, tenantId, () => undefined);
    await population.addTenant();
    return population;
  }

  /** The directories `hr` and `it` with their mappings, and rules. */
  async furnish(at = day(1)): Promise<void> {
    await this.directory('hr', { position: 0 });
    await this.directory('it', { position: 1 });
    await this.map('hr', HR_MAPPING, at);
    await this.map('it', IT_MAPPING, at);
    await this.rule(RULES, at);
  }

  async map(directory: string, text: string, at: string): Promise<string> {
    const file = `mappings/${directory}.yaml`;
    const { name, kind, version } = parseMapping(text, { file, ...mappings });
    this.#mapping.set(directory, { text, version, file });
    const row = { tenant_id: this.tenantId, directory_id: `dir-${directory}`, kind, version, name, file, text };
    await this.put(MAPPING_VERSION, { ...row, created_at: at });
    return version;
  }

  async rule(text: string, at: string): Promise<number> {
    const version = ++this.#rulesVersion;
    const rules = parseRules(text, { file: 'rules.yaml', directories: ['hr', 'it', 'draft'], catalogue });
    const row: RulesVersionRow = {
      tenant_id: this.tenantId,
      version,
      text,
      rules: JSON.stringify(rules),
      file: 'rules.yaml',
      created_at: at,
    };
    await this.put(RULES_VERSION, row);
    await this.store.write('sweep', (sql) =>
      sql('tenant')
        .where({ id: this.tenantId })
        .update({ rules_version: version })
        .then(() => undefined),
    );
    return version;
  }

  /** A record with its first payload and claims. */
  async record(directory: string, sourceId: string, raw: JsonObject, at: string): Promise<string> {
    const no = ++this.#no;
    const id = `rec-${directory}-${sourceId}`;
    await this.put(SOURCE_RECORD, {
      tenant_id: this.tenantId,
      id,
      directory_id: `dir-${directory}`,
      kind: 'user',
      source_id: sourceId,
      no,
      hash: '',
      begin: 1,
      payload_no: 0,
      gone_begin: null,
      gone_reason: null,
      gone_at: null,
      dirty: null,
      drawn_gone: 0,
      first_seen_at: at,
    });
    await this.observe(id, raw, at);
    return id;
  }

  /** Another payload of a record; its claims follow, a failing one keeps its last good value. */
  async observe(
    recordId: string,
    raw: JsonObject,
    at: string,
    claims: { write: boolean } = { write: true },
  ): Promise<void> {
    const before = await this.one<SourceRecordRow>('source_record', { id: recordId });
    const no = before.payload_no + 1;
    await this.put(PAYLOAD, {
      tenant_id: this.tenantId,
      record_id: recordId,
      no,
      raw: JSON.stringify(raw),
      begin: no,
      run_id: `run-${recordId}-${no}`,
      trigger: 'manual',
      tier: 'full',
      observed_at: at,
      file: 'people.csv',
      line: no + 1,
    });
    await this.update('source_record', { id: recordId }, { payload_no: no });
    if (claims.write) await this.remap(recordId, at);
  }

  /** Claims of the latest payload by the latest mapping of the directory. */
  async remap(recordId: string, at: string): Promise<void> {
    const record = await this.one<SourceRecordRow>('source_record', { id: recordId });
    const payload = await this.one<{ raw: string; no: number }>('payload', {
      record_id: recordId,
      no: record.payload_no,
    });
    const mapping = this.#mapping.get(record.directory_id.slice('dir-'.length));
    if (mapping === undefined) throw new Error(`No mapping for ${record.directory_id}.`);
    const compiled = parseMapping(mapping.text, { file: mapping.file, ...mappings });
    const raw = JSON.parse(payload.raw) as JsonObject;
    const [mapped] = await mapBatch([{ raw }], compiled, { catalogue, vanished: new Set() });
    const stored = await this.maybe<ClaimsRow>('claims', { record_id: recordId });
    const last = stored === undefined ? {} : (JSON.parse(stored.claims) as Claims);
    const claims: Record<string, Claim> = {};
    for (const [attribute, claim] of mapped?.claims ?? []) {
      const kept = last[attribute]?.value;
      claims[attribute] =
        'error' in claim
          ? { ...(kept === undefined ? {} : { value: kept }), unknown: { since: at, cause: claim.error } }
          : { value: claim.value };
    }
    const row: ClaimsRow = {
      tenant_id: this.tenantId,
      record_id: recordId,
      claims: JSON.stringify(claims),
      mapping_version: mapping.version,
      payload_no: payload.no,
    };
    await this.store.write('sweep', (sql) => upsertRows(sql, CLAIMS, [row]));
  }

  async gone(recordId: string, reason: string, at: string): Promise<void> {
    await this.update('source_record', { id: recordId }, { gone_begin: 9, gone_reason: reason, gone_at: at });
  }

  async back(recordId: string): Promise<void> {
    await this.update('source_record', { id: recordId }, { gone_begin: null, gone_reason: null, gone_at: null });
  }

  async link(recordId: string, userId: string, at: string, how = 'created', rule: string | null = null): Promise<void> {
    const before = await this.maybe<{ user_id: string }>('link', { record_id: recordId });
    await this.store.write('sweep', async (sql) => {
      const row = { tenant_id: this.tenantId, record_id: recordId, how, rule };
      await upsertRows(sql, LINK, [{ ...row, user_id: userId, linked_at: at }]);
      const moved = { from_user_id: before?.user_id ?? null, to_user_id: userId, run_id: 'run-1', at };
      await insertRows(sql, LINK_CHANGE, [{ ...row, ...moved, id: `lnk-${recordId}-${at}` }]);
    });
  }

  async run(id: string, directory: string | null, startedAt: string, row: Partial<RunRow> = {}): Promise<void> {
    await this.put(RUN, {
      tenant_id: this.tenantId,
      id,
      directory_id: directory === null ? null : `dir-${directory}`,
      trigger: 'manual',
      tier: 'full',
      outcome: 'finished',
      started_at: startedAt,
      ended_at: startedAt,
      report: '{}',
      guard_counts: '{}',
      ...row,
    });
  }

  /** Resolves a user from its linked records, and writes state and change as the pipeline does. */
  settle(userId: string, at: string, cause: Partial<Cause> = {}): Promise<UserState> {
    return settle(this, userId, at, cause);
  }
}

/** The same tests on both databases. */
export function onEachStore(title: string, suite: (open: () => Promise<Population>) => void): void {
  describe(title, () => {
    suite(() => Population.open());
  });
  describe(`${title} on PostgreSQL`, () => {
    usesServer('postgresql');
    suite(() => Population.openOnPostgresql());
  });
}
