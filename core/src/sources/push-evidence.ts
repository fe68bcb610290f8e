import type { RecordKind } from '@rollcall/connector-kit';
import type { JsonObject } from '../model/json.js';
import { cell, insertRows, jsonRows, rawRows, selectRows, updateRows, upsertRows, type Sql } from '../store/table.js';
import { takeBegin, takeRecordNumbers } from '../tenancy/directories.js';
import type { IdSource } from '../tokens.js';
import { fingerprint } from './fingerprint.js';
import { findRecords } from './known-records.js';
import { PUSH_SCOPE } from './pushed-tables.js';
import type { PushPlace } from './pushed-reading.js';
import { EDGE, PAYLOAD, SOURCE_RECORD, type EdgeRow, type SourceRecordRow } from './tables.js';

/** In whose name evidence is written. */
export interface PushRun {
  runId: string;
  /** ISO instant that payloads carry. */
  observedAt: string;
  ids: IdSource;
}

/** What a unit of work wrote. */
export interface PushTally {
  new: number;
  changed: number;
  same: number;
  absent: number;
  records: number;
  payloads: number;
  /** Records that got the run's mark. */
  marked: number;
}

const NOTHING_VOLATILE: ReadonlySet<string> = new Set();
/** Slices in which lists of ids are bound. */
const SLICE = 500;

/** The evidence of one unit of work: records, payloads, edges and marks of one directory, in the unit's transaction. */
export class PushEvidence {
  readonly tally: PushTally = { new: 0, changed: 0, same: 0, absent: 0, records: 0, payloads: 0, marked: 0 };
  readonly #sql: Sql;
  readonly #place: PushPlace;
  readonly #run: PushRun;
  #begin: number | null = null;

  constructor(sql: Sql, place: PushPlace, run: PushRun) {
    this.#sql = sql;
    this.#place = place;
    this.#run = run;
  }

  /** True while nothing was written. */
  get isEmpty(): boolean {
    return this.#begin === null;
  }

  /** A record that comes into being. */
  async appear(kind: RecordKind, sourceId: string, resource: JsonObject): Promise<{ recordId: string; no: number }> {
    const { tenantId, directoryId } = this.#place;
    const raw = { id: sourceId, ...resource };
    const record: SourceRecordRow = {
      tenant_id: tenantId,
      id: this.#run.ids.next('rec'),
      directory_id: directoryId,
      kind,
      source_id: sourceId,
      no: await takeRecordNumbers(this.#sql, tenantId, directoryId, 1),
      hash: fingerprint(raw, NOTHING_VOLATILE),
      begin: await this.#taken(),
      payload_no: 1,
      gone_begin: null,
      gone_reason: null,
      gone_at: null,
      dirty: this.#run.runId,
      drawn_gone: 0,
      first_seen_at: this.#run.observedAt,
    };
    await insertRows(this.#sql, SOURCE_RECORD, [record]);
    await this.#keep(record, raw);
    this.tally.new += 1;
    this.#count();
    return { recordId: record.id, no: record.no };
  }

  /** A record that says something else; the same content moves its begin alone. */
  async change(kind: RecordKind, sourceId: string, resource: JsonObject): Promise<void> {
    const before = await this.#record(kind, sourceId);
    const raw = { id: sourceId, ...resource };
    const hash = fingerprint(raw, NOTHING_VOLATILE);
    const begin = await this.#taken();
    if (before.hash === hash) {
      this.tally.same += 1;
      this.tally.records += 1;
      return updateRows(this.#sql, SOURCE_RECORD, ['begin'], [{ ...before, begin }]);
    }
    const record = { ...before, hash, begin, payload_no: before.payload_no + 1, dirty: this.#run.runId };
    await updateRows(this.#sql, SOURCE_RECORD, ['hash', 'begin', 'payload_no', 'dirty'], [record]);
    await this.#keep(record, raw);
    this.tally.changed += 1;
    this.#count();
  }

  /** A record that its source removed. */
  async leave(kind: RecordKind, sourceId: string, at: string): Promise<void> {
    const before = await this.#record(kind, sourceId);
    const begin = await this.#taken();
    const gone = { gone_begin: begin, gone_reason: 'removed_at_source', gone_at: at };
    const record = { ...before, begin, ...gone, dirty: this.#run.runId };
    const columns = ['begin', 'gone_begin', 'gone_reason', 'gone_at', 'dirty'] as const;
    await updateRows(this.#sql, SOURCE_RECORD, columns, [record]);
    this.tally.absent += 1;
    this.#count();
  }

  /** Begins edges; those that are there stay. Marks the members. @returns how many are new. */
  async beginEdges(groupId: string, members: readonly { id: string; kind: RecordKind }[]): Promise<number> {
    const live = new Set((await this.#liveEdges(groupId, members)).map((edge) => edge.member_source_id));
    const fresh = [...new Map(members.map((member) => [member.id, member])).values()].filter(({ id }) => !live.has(id));
    if (fresh.length === 0) return 0;
    const begin = await this.#taken();
    const rows = fresh.map(({ id, kind }) => this.#edge(groupId, kind, id, begin));
    await upsertRows(this.#sql, EDGE, rows, ['begin', 'gone_begin', 'scope']);
    await this.#markMembers(rows);
    return rows.length;
  }

  /** Ends edges, as they were read. Marks the members. */
  async endEdges(edges: readonly EdgeRow[]): Promise<number> {
    if (edges.length === 0) return 0;
    const begin = await this.#taken();
    const rows = edges.map((edge) => ({ ...edge, gone_begin: begin }));
    await updateRows(this.#sql, EDGE, ['gone_begin'], rows);
    await this.#markMembers(rows);
    return rows.length;
  }

  /** The live edges of a group to these members. */
  async edgesTo(groupId: string, memberIds: readonly string[]): Promise<EdgeRow[]> {
    return this.#liveEdges(
      groupId,
      memberIds.map((id) => ({ id })),
    );
  }

  /** The live edges of a group. */
  async edgesOf(groupId: string): Promise<EdgeRow[]> {
    const rows = await selectRows(
      this.#sql,
      EDGE,
      { tenant_id: this.#place.tenantId, directory_id: this.#place.directoryId },
      ['group_source_id'],
      [[groupId]],
    );
    return rows.filter(isLive);
  }

  /** The live edges to members, of either kind. */
  async edgesOfMembers(memberIds: readonly string[]): Promise<EdgeRow[]> {
    const { tenantId, directoryId } = this.#place;
    const scope = { tenant_id: tenantId, directory_id: directoryId };
    const keys = memberIds.flatMap((id) => [
      ['user', id],
      ['group', id],
    ]);
    return (await selectRows(this.#sql, EDGE, scope, ['member_kind', 'member_source_id'], keys)).filter(isLive);
  }

  async #liveEdges(groupId: string, members: readonly { id: string }[]): Promise<EdgeRow[]> {
    const { tenantId, directoryId } = this.#place;
    const scope = { tenant_id: tenantId, directory_id: directoryId, group_source_id: groupId };
    const keys = members.flatMap(({ id }) => [
      ['user', id],
      ['group', id],
    ]);
    return (await selectRows(this.#sql, EDGE, scope, ['member_kind', 'member_source_id'], keys)).filter(isLive);
  }

  #edge(groupId: string, kind: RecordKind, memberId: string, begin: number): EdgeRow {
    return {
      tenant_id: this.#place.tenantId,
      directory_id: this.#place.directoryId,
      group_source_id: groupId,
      member_kind: kind,
      member_source_id: memberId,
      begin,
      gone_begin: null,
      scope: PUSH_SCOPE,
    };
  }

  /** Members are looked at again; a mark that is there already is another run's, which will look at them, too. */
  async #markMembers(edges: readonly EdgeRow[]): Promise<void> {
    const { tenantId, directoryId } = this.#place;
    const ids = edges.filter((edge) => edge.member_kind === 'user').map((edge) => [edge.member_source_id]);
    for (let i = 0; i < ids.length; i += SLICE) {
      const marked = await rawRows<{ id: string }>(
        this.#sql,
        `UPDATE source_record SET dirty = ? WHERE tenant_id = ? AND directory_id = ? AND kind = 'user' AND dirty IS NULL
           AND source_id IN (SELECT ${cell(this.#sql, 0)} FROM ${jsonRows(this.#sql)}) RETURNING id`,
        [this.#run.runId, tenantId, directoryId, JSON.stringify(ids.slice(i, i + SLICE))],
      );
      this.tally.marked += marked.length;
      this.tally.records += marked.length;
    }
  }

  async #record(kind: RecordKind, sourceId: string): Promise<SourceRecordRow> {
    const { tenantId, directoryId } = this.#place;
    const record = (await findRecords(this.#sql, tenantId, directoryId, kind, [sourceId])).get(sourceId);
    if (record === undefined) throw new Error('A pushed resource has no record.');
    return record;
  }

  async #keep(record: SourceRecordRow, raw: JsonObject): Promise<void> {
    await insertRows(this.#sql, PAYLOAD, [
      {
        tenant_id: record.tenant_id,
        record_id: record.id,
        no: record.payload_no,
        raw: JSON.stringify(raw),
        begin: record.begin,
        run_id: this.#run.runId,
        trigger: 'push',
        tier: 'push',
        observed_at: this.#run.observedAt,
        file: null,
        line: null,
      },
    ]);
    this.tally.payloads += 1;
  }

  #count(): void {
    this.tally.records += 1;
    this.tally.marked += 1;
  }

  /** The directory's clock moves once a unit, and only where something is written. */
  async #taken(): Promise<number> {
    return (this.#begin ??= await takeBegin(this.#sql, this.#place.tenantId, this.#place.directoryId));
  }
}

function isLive(edge: EdgeRow): boolean {
  return edge.gone_begin === null && edge.scope === PUSH_SCOPE;
}
