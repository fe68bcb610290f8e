import type {
  PushedGroupReference,
  PushedMember,
  PushedMemberPageRequest,
  PushedPageRequest,
  PushedResource,
  PushLookup,
  PushReading,
  RecordKind,
} from '@rollcall/connector-kit';
import type { JsonObject } from '../model/json.js';
import { groupBy } from '../model/group-by.js';
import { cell, jsonRows, rawRows, type Sql } from '../store/table.js';
import { findByMember, pageOfMembers, selectGroupsOf, selectMembersAmong } from './pushed-members.js';
import type { PushedResourceRow } from './pushed-tables.js';

/** The directory that is read: every statement binds both. */
export interface PushPlace {
  tenantId: string;
  directoryId: string;
}

/** Runs one reading statement: on the pool outside, in the transaction inside a unit of work. */
export type RunsSql = <T>(task: (sql: Sql) => Promise<T>) => Promise<T>;

/** A resource's row with what its record says now. */
export type ResourceWithRaw = PushedResourceRow & { raw: string };

const RESOURCE = `p.tenant_id, p.directory_id, p.kind, p.source_id, p.record_id, p.position, p.version, p.created_at,
    p.modified_at, p.cause, p.gone_at, p.former_id, p.follower_id, y.raw`;
const CONTENT = `JOIN source_record AS r ON r.tenant_id = p.tenant_id AND r.id = p.record_id
  JOIN payload AS y ON y.tenant_id = r.tenant_id AND y.record_id = r.id AND y.no = r.payload_no`;
const OF = 'p.tenant_id = ? AND p.directory_id = ? AND p.kind = ?';
const BY_KEY = `SELECT ${RESOURCE} FROM pushed_key AS k
  JOIN pushed_resource AS p ON p.tenant_id = k.tenant_id AND p.directory_id = k.directory_id AND p.kind = k.kind
    AND p.source_id = k.source_id ${CONTENT}
  WHERE k.tenant_id = ? AND k.directory_id = ? AND k.kind = ? AND k.attribute = ? AND k.form = ?`;

/** Reads what was pushed to one directory. */
export class PushedReading implements PushReading {
  protected readonly place: PushPlace;
  protected readonly run: RunsSql;

  constructor(place: PushPlace, run: RunsSql) {
    this.place = place;
    this.run = run;
  }

  async read(kind: RecordKind, id: string): Promise<PushedResource | null> {
    const text = `SELECT ${RESOURCE} FROM pushed_resource AS p ${CONTENT} WHERE ${OF} AND p.source_id = ?`;
    const [row] = await this.rows(text, [kind, storableId(id)]);
    return row === undefined ? null : resourceOf(row);
  }

  async readMany(kind: RecordKind, ids: readonly string[]): Promise<readonly PushedResource[]> {
    if (ids.length === 0) return [];
    const asked = JSON.stringify([...new Set(ids)].map((id) => [storableId(id)]));
    const rows = await this.run((sql) =>
      rawRows<ResourceWithRaw>(
        sql,
        `SELECT ${RESOURCE} FROM ${jsonRows(sql)} CROSS JOIN pushed_resource AS p ${CONTENT}
         WHERE ${OF} AND p.source_id = ${cell(sql, 0)} AND p.gone_at IS NULL`,
        [asked, this.place.tenantId, this.place.directoryId, kind],
      ),
    );
    return inOrder(rows);
  }

  async find(kind: RecordKind, { attribute, form }: PushLookup): Promise<readonly PushedResource[]> {
    if (attribute === 'id') return this.readMany(kind, [form]);
    if (attribute === 'member')
      return this.readMany(kind, kind === 'group' ? await this.run((sql) => findByMember(sql, this.place, form)) : []);
    return inOrder(await this.rows(`${BY_KEY} AND p.gone_at IS NULL`, [kind, attribute, storableForm(form)]));
  }

  async page(kind: RecordKind, { after = 0, skip = 0, limit }: PushedPageRequest): Promise<readonly PushedResource[]> {
    const text = `SELECT ${RESOURCE} FROM pushed_resource AS p ${CONTENT}
      WHERE ${OF} AND p.gone_at IS NULL AND p.position > ? ORDER BY p.position LIMIT ? OFFSET ?`;
    return (await this.rows(text, [kind, after, limit, skip])).map(resourceOf);
  }

  async count(kind: RecordKind): Promise<number> {
    const { tenantId, directoryId } = this.place;
    const text = `SELECT count(*) AS n FROM pushed_resource AS p WHERE ${OF} AND p.gone_at IS NULL`;
    const rows = await this.run((sql) => rawRows<{ n: number | string }>(sql, text, [tenantId, directoryId, kind]));
    return Number(rows[0]?.n ?? 0);
  }

  members(groupId: string, request: PushedMemberPageRequest): Promise<readonly PushedMember[]> {
    return this.run((sql) => pageOfMembers(sql, this.place, storableId(groupId), request));
  }

  async membersAmong(
    groupIds: readonly string[],
    memberIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    if (groupIds.length === 0 || memberIds.length === 0) return new Map();
    const rows = await this.run((sql) =>
      selectMembersAmong(sql, this.place, groupIds.map(storableId), memberIds.map(storableId)),
    );
    const byGroup = groupBy(rows, (row) => row.group_id);
    return new Map([...byGroup].map(([group, edges]) => [group, edges.map((edge) => edge.member_id)]));
  }

  async groupsOf(memberIds: readonly string[]): Promise<ReadonlyMap<string, readonly PushedGroupReference[]>> {
    if (memberIds.length === 0) return new Map();
    const edges = await this.run((sql) => selectGroupsOf(sql, this.place, memberIds.map(storableId)));
    const groups = await this.readMany('group', [...new Set(edges.map((edge) => edge.group_id))]);
    const byId = new Map(groups.map((group) => [group.id, group]));
    const found = new Map<string, PushedGroupReference[]>();
    for (const edge of edges) {
      const group = byId.get(edge.group_id);
      if (group === undefined) continue;
      found.set(edge.member_id, [...(found.get(edge.member_id) ?? []), referenceTo(group)]);
    }
    for (const references of found.values())
      references.sort((a, b) => compare(a.displayName, b.displayName) || compare(a.id, b.id));
    return found;
  }

  /** Rows of a statement that binds the directory first. */
  protected rows(text: string, bindings: readonly unknown[]): Promise<ResourceWithRaw[]> {
    const { tenantId, directoryId } = this.place;
    return this.run((sql) => rawRows<ResourceWithRaw>(sql, text, [tenantId, directoryId, ...bindings]));
  }

  /** Tombstones with a value, the latest first. */
  protected tombstonesWith(kind: RecordKind, { attribute, form }: PushLookup): Promise<ResourceWithRaw[]> {
    return this.rows(`${BY_KEY} AND p.gone_at IS NOT NULL ORDER BY p.position DESC`, [
      kind,
      attribute,
      storableForm(form),
    ]);
  }
}

/** A row as the port shows it. */
export function resourceOf(row: ResourceWithRaw): PushedResource {
  const { id, ...resource } = JSON.parse(row.raw) as JsonObject & { id: string };
  return {
    id,
    kind: row.kind as RecordKind,
    position: row.position,
    version: row.version,
    created: new Date(row.created_at),
    lastModified: new Date(row.modified_at),
    cause: row.cause,
    resource,
    goneAt: row.gone_at === null ? null : new Date(row.gone_at),
    formerId: row.former_id,
  };
}

/** PostgreSQL's text cannot hold NUL: no id of ours has one, and in a compared value it is as good as any other sign. */
export function storableId(id: string): string {
  return id.replaceAll('\0', '\uFFFD');
}

/** A value's form as the index holds it. */
export function storableForm(form: string): string {
  return form.replace(/[\0\p{Cs}]/gu, '\uFFFD');
}

function inOrder(rows: readonly ResourceWithRaw[]): PushedResource[] {
  return rows.map(resourceOf).sort((a, b) => a.position - b.position);
}

function referenceTo({ id, resource }: PushedResource): PushedGroupReference {
  return { id, displayName: typeof resource.displayName === 'string' ? resource.displayName : id };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
