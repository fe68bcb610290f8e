import { EVENT, type EventRow } from '#core/events/tables.js';
import { CHANGE, type AttributeChange, type Cause } from '#core/history/tables.js';
import type { Json } from '#core/model/json.js';
import {
  CONFLICT,
  GROUP,
  GUARD_HOLD,
  MEMBERSHIP,
  OVERRIDE,
  REFERENCE,
  REVIEW,
  USER,
  type ConflictRow,
  type GuardHoldRow,
  type MembershipRow,
  type OverrideRow,
  type ReferenceRow,
  type ReviewRow,
  type UserRow,
  type UserState,
} from '#core/population/tables.js';
import { userRow } from '#core/population/user-state.js';
import { QUARANTINE, type QuarantineRow } from '#core/sources/tables.js';
import type { Store } from '#core/store/store.js';
import { insertRows, type Sql, type Table } from '#core/store/table.js';
import { DIRECTORY, TENANT, type DirectoryRow } from '#core/tenancy/tables.js';
import { day } from './contract-texts.js';

export const CAUSE: Cause = {
  runId: 'run-1',
  trigger: 'manual',
  directory: 'hr',
  sourceId: 'E1001',
  mappingVersion: null,
  rulesVersion: 1,
  override: null,
  review: null,
};

/** Rows of one tenant, each with what a test does not care about filled in. */
export class Rows {
  readonly store: Store;
  readonly tenantId: string;
  readonly #release: () => void;
  #sequence = 0;

  constructor(store: Store, tenantId: string, release: () => void) {
    this.store = store;
    this.tenantId = tenantId;
    this.#release = release;
  }

  async close(): Promise<void> {
    await this.store.close();
    this.#release();
  }

  read<T>(task: (sql: Sql) => Promise<T>): Promise<T> {
    return this.store.read(task);
  }

  async put<Row extends object>(table: Table<Row>, ...rows: Row[]): Promise<void> {
    await this.store.write('sweep', (sql) => insertRows(sql, table, rows));
  }

  async addTenant(): Promise<void> {
    await this.put(TENANT, {
      id: this.tenantId,
      name: this.tenantId,
      time_zone: 'Europe/Berlin',
      custom: '{}',
      event_sequence: 0,
      last_instant: null,
      rules_version: 0,
      configuration_hash: '',
      identity_directory: null,
      created_at: day(1),
    });
  }

  async directory(name: string, row: Partial<DirectoryRow> = {}): Promise<void> {
    await this.put(DIRECTORY, {
      tenant_id: this.tenantId,
      id: `dir-${name}`,
      name,
      position: 0,
      connector: 'csv',
      mode: 'live',
      settings: '{}',
      privileged_groups: '[]',
      schedule: '{}',
      mapping_user: null,
      mapping_group: null,
      paused: 0,
      begin: 0,
      record_count: 0,
      first_complete_at: null,
      created_at: day(1),
      ...row,
    });
  }

  /** A user without records, for lists. */
  async user(id: string, attributes: Record<string, Json> = {}, row: Partial<UserRow> = {}): Promise<void> {
    const state: UserState = {
      id,
      attributes: { active: true, ...attributes },
      provenance: {},
      unknown: [],
      active: true,
      inactive: null,
      firstActiveAt: day(9),
      version: 1,
      mergedInto: null,
      broughtBy: `rec-${id}`,
      createdAt: day(9),
    };
    await this.put(USER, { ...userRow(this.tenantId, state), ...row });
  }

  async change(
    userId: string,
    version: number,
    at: string,
    changes: readonly AttributeChange[],
    cause: Partial<Cause> = {},
    kind = 'user.updated',
  ): Promise<string> {
    const id = `chg-${userId}-${version}`;
    await this.put(CHANGE, {
      tenant_id: this.tenantId,
      id,
      subject_kind: 'user',
      subject_id: userId,
      version,
      at,
      kind,
      attributes: JSON.stringify(changes),
      cause: JSON.stringify({ ...CAUSE, ...cause }),
    });
    return id;
  }

  async group(id: string, name: string, directory = 'it', removed = 0): Promise<void> {
    await this.put(GROUP, {
      tenant_id: this.tenantId,
      id,
      directory_id: `dir-${directory}`,
      display_name: name,
      removed,
      version: 1,
      created_at: day(9),
    });
  }

  async member(groupId: string, userId: string, row: Partial<MembershipRow> = {}): Promise<void> {
    await this.put(MEMBERSHIP, {
      tenant_id: this.tenantId,
      group_id: groupId,
      user_id: userId,
      from_sequence: ++this.#sequence,
      from_at: day(9),
      from_cause: JSON.stringify(CAUSE),
      to_sequence: null,
      to_at: null,
      to_cause: null,
      ...row,
    });
  }

  async conflict(id: string, userId: string, row: Partial<ConflictRow> = {}): Promise<void> {
    await this.put(CONFLICT, {
      tenant_id: this.tenantId,
      id,
      user_id: userId,
      attribute: 'department',
      status: 'open',
      value: '"Engineering"',
      claims: '[]',
      rule_path: 'attributes.department',
      rules_version: 1,
      opened_at: day(9),
      updated_at: day(9),
      closed_at: null,
      ...row,
    });
  }

  async review(id: string, row: Partial<ReviewRow> = {}): Promise<void> {
    await this.put(REVIEW, {
      tenant_id: this.tenantId,
      id,
      kind: 'guard',
      status: 'open',
      subject: id,
      guard: 'absences',
      doubt: null,
      directory_id: 'dir-hr',
      run_id: 'run-1',
      opened_at: day(9),
      counts: '{"users":42}',
      sample: '[]',
      detail: '{}',
      plan_hash: 'sha256:0',
      decided_by: null,
      decided_at: null,
      reason: null,
      ...row,
    });
  }

  async hold(reviewId: string, subject: string, row: Partial<GuardHoldRow> = {}): Promise<void> {
    await this.put(GUARD_HOLD, {
      tenant_id: this.tenantId,
      review_id: reviewId,
      subject,
      attribute: '',
      directory_id: 'dir-hr',
      pinned: '{}',
      candidate: '{}',
      ended_at: null,
      ...row,
    });
  }

  async override(id: string, userId: string, row: Partial<OverrideRow> = {}): Promise<void> {
    await this.put(OVERRIDE, {
      tenant_id: this.tenantId,
      id,
      user_id: userId,
      attribute: 'department',
      value: '"Board"',
      reason: 'asked for',
      until: day(31),
      set_by: 'someone',
      set_at: day(9),
      ended_at: null,
      ended_reason: null,
      ...row,
    });
  }

  async reference(row: Omit<ReferenceRow, 'tenant_id'>): Promise<void> {
    await this.put(REFERENCE, { tenant_id: this.tenantId, ...row });
  }

  async quarantined(
    directory: string,
    place: string,
    attribute: string,
    row: Partial<QuarantineRow> = {},
  ): Promise<void> {
    await this.put(QUARANTINE, {
      tenant_id: this.tenantId,
      directory_id: `dir-${directory}`,
      kind: 'user',
      place,
      attribute,
      source_id: place,
      file: 'people.csv',
      line: 5,
      code: 'RC_CLAIM_INVALID',
      message: 'It is no date.',
      mend: 'Write a date.',
      mapping: 'null',
      first_seen_at: day(9),
      tries: 1,
      last_good_kept: 1,
      ...row,
    });
  }

  async event(sequence: number, type: string, row: Partial<EventRow> = {}): Promise<void> {
    await this.put(EVENT, {
      tenant_id: this.tenantId,
      sequence,
      id: `evt-${sequence}`,
      type,
      occurred_at: day(9),
      subject_kind: 'user',
      subject_id: 'usr-1',
      change_id: null,
      changed: '[]',
      data: '{}',
      ...row,
    });
  }

  async all<Row>(table: string, where: object): Promise<Row[]> {
    return this.read(async (sql) => (await sql(table).where({ tenant_id: this.tenantId, ...where })) as Row[]);
  }

  async maybe<Row>(table: string, where: object): Promise<Row | undefined> {
    const [row] = await this.all<Row>(table, where);
    return row;
  }

  async one<Row>(table: string, where: object): Promise<Row> {
    const row = await this.maybe<Row>(table, where);
    if (row === undefined) throw new Error(`No row in ${table}.`);
    return row;
  }

  async update(table: string, where: object, values: object): Promise<void> {
    await this.store.write('sweep', async (sql) => {
      await sql(table)
        .where({ tenant_id: this.tenantId, ...where })
        .update(values);
    });
  }
}
