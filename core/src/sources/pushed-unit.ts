import {
  RollcallError,
  type PushedContent,
  type PushedKey,
  type PushedMember,
  type PushedMemberRecord,
  type PushedResource,
  type PushLookup,
  type PushUnit,
  type RecordKind,
} from '@rollcall/connector-kit';
import type { JsonObject } from '../model/json.js';
import { deleteRows, insertRows, selectRows, updateRows, upsertRows, type Sql } from '../store/table.js';
import type { PushEvidence } from './push-evidence.js';
import { PushedReading, resourceOf, storableForm, storableId, type PushPlace } from './pushed-reading.js';
import { PUSHED_KEY, PUSHED_RESOURCE, type PushedKeyRow, type PushedResourceRow } from './pushed-tables.js';

/** What a unit of work is told with. */
export interface UnitTools {
  evidence: PushEvidence;
  /** Somebody who was gone came back as another record: both are one person, whatever their keys say. */
  follow(formerRecordId: string, recordId: string): Promise<void>;
}

/** What is stored as the cause of a tombstone. */
const DELETED = 'scim.deleted';
/** NUL, and half of a pair of surrogates, as `JSON.stringify` spells them: PostgreSQL's text cannot hold them. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][\da-f]{2})/i;

/** A unit of work on one directory, in one transaction: it reads what it wrote. */
export class PushedUnit extends PushedReading implements PushUnit {
  readonly #sql: Sql;
  readonly #tools: UnitTools;

  constructor(sql: Sql, place: PushPlace, tools: UnitTools) {
    super(place, (task) => task(sql));
    this.#sql = sql;
    this.#tools = tools;
  }

  async findTombstones(kind: RecordKind, lookup: PushLookup): Promise<readonly PushedResource[]> {
    const tombstones = await this.tombstonesWith(kind, lookup);
    const living = await this.#living(
      kind,
      tombstones.map((row) => row.source_id),
    );
    return tombstones.filter((row) => !living.has(row.source_id)).map(resourceOf);
  }

  async identify(ids: readonly string[]): Promise<ReadonlyMap<string, PushedMemberRecord>> {
    const found = new Map<string, PushedMemberRecord>();
    for (const kind of ['user', 'group'] as const)
      for (const [id, living] of await this.#living(kind, ids)) found.set(id, { id: living, kind });
    return found;
  }

  async insert(content: PushedContent & { readonly formerId: string | null }): Promise<PushedResource> {
    const { kind, id, formerId } = content;
    refuseUnstorable(content.resource);
    if ((await this.#row(kind, id)) !== undefined) throw new Error('An id is used twice.');
    const { recordId, no } = await this.#tools.evidence.appear(kind, id, content.resource);
    const at = content.at.toISOString();
    const row: PushedResourceRow = {
      ...this.#keyOf(kind, id),
      record_id: recordId,
      position: no,
      version: 1,
      created_at: at,
      modified_at: at,
      cause: content.cause,
      gone_at: null,
      former_id: formerId,
      follower_id: null,
    };
    await insertRows(this.#sql, PUSHED_RESOURCE, [row]);
    await upsertRows(this.#sql, PUSHED_KEY, this.#keyRows(kind, id, content.keys));
    if (formerId !== null) await this.#followFormer(row, formerId);
    return shown(row, content.resource);
  }

  async update({ kind, id, resource, keys, at, cause }: PushedContent): Promise<PushedResource> {
    refuseUnstorable(resource);
    const before = await this.#visibleRow(kind, id);
    await this.#tools.evidence.change(kind, id, resource);
    const row = { ...before, version: before.version + 1, modified_at: at.toISOString(), cause };
    await updateRows(this.#sql, PUSHED_RESOURCE, ['version', 'modified_at', 'cause'], [row]);
    await this.#replaceKeys(kind, id, keys);
    return shown(row, resource);
  }

  async bury(kind: RecordKind, id: string, at: Date): Promise<void> {
    const before = await this.#visibleRow(kind, id);
    const { evidence } = this.#tools;
    const instant = at.toISOString();
    await evidence.leave(kind, id, instant);
    const gone = { ...before, version: before.version + 1, modified_at: instant, cause: DELETED, gone_at: instant };
    await updateRows(this.#sql, PUSHED_RESOURCE, ['version', 'modified_at', 'cause', 'gone_at'], [gone]);
    await evidence.endEdges(await evidence.edgesOfMembers([id]));
    if (kind === 'group') await evidence.endEdges(await evidence.edgesOf(id));
  }

  async addMembers(groupId: string, members: readonly PushedMember[]): Promise<number> {
    await this.#visibleRow('group', groupId);
    const edges = members.map(({ id, kind }) => ({ id: storableId(id), kind: kind ?? ('user' as const) }));
    return this.#tools.evidence.beginEdges(groupId, edges);
  }

  async removeMembers(groupId: string, memberIds: readonly string[]): Promise<number> {
    const { evidence } = this.#tools;
    return evidence.endEdges(await evidence.edgesTo(groupId, memberIds.map(storableId)));
  }

  /** Edges that name somebody gone name who follows, from now on; so do those that name whom they followed. */
  async #followFormer(row: PushedResourceRow, formerId: string): Promise<void> {
    const kind = row.kind as RecordKind;
    const chain: PushedResourceRow[] = [];
    for (let at: string | null = formerId; at !== null; at = chain.at(-1)?.former_id ?? null) {
      const former = await this.#row(kind, at);
      if (former === undefined) break;
      chain.push(former);
    }
    const [first] = chain;
    if (first === undefined) throw new Error('A resource follows one that is not there.');
    await updateRows(this.#sql, PUSHED_RESOURCE, ['follower_id'], [{ ...first, follower_id: row.source_id }]);
    await this.#tools.follow(first.record_id, row.record_id);
    const { evidence } = this.#tools;
    const pending = await evidence.edgesOfMembers(chain.map((former) => former.source_id));
    await evidence.endEdges(pending);
    for (const groupId of new Set(pending.map((edge) => edge.group_source_id)))
      await evidence.beginEdges(groupId, [{ id: row.source_id, kind }]);
  }

  /** For each id the visible one at the end of its chain; those without are left out. */
  async #living(kind: RecordKind, ids: readonly string[]): Promise<Map<string, string>> {
    const living = new Map<string, string>();
    let asked = new Map([...new Set(ids)].map((id) => [storableId(id), [id]]));
    while (asked.size > 0) {
      const rows = await this.#rowsOf(kind, [...asked.keys()]);
      const next = new Map<string, string[]>();
      for (const row of rows) {
        const askers = asked.get(row.source_id) ?? [];
        if (row.gone_at === null) for (const asker of askers) living.set(asker, row.source_id);
        else if (row.follower_id !== null) next.set(row.follower_id, [...(next.get(row.follower_id) ?? []), ...askers]);
      }
      asked = next;
    }
    return living;
  }

  #rowsOf(kind: RecordKind, ids: readonly string[]): Promise<PushedResourceRow[]> {
    const { tenantId, directoryId } = this.place;
    const scope = { tenant_id: tenantId, directory_id: directoryId, kind };
    return selectRows(
      this.#sql,
      PUSHED_RESOURCE,
      scope,
      ['source_id'],
      ids.map((id) => [id]),
    );
  }

  async #row(kind: RecordKind, id: string): Promise<PushedResourceRow | undefined> {
    const [row] = await this.#rowsOf(kind, [storableId(id)]);
    return row;
  }

  async #visibleRow(kind: RecordKind, id: string): Promise<PushedResourceRow> {
    const row = await this.#row(kind, id);
    if (row?.gone_at !== null) throw new Error(`There is no visible ${kind} of this id.`);
    return row;
  }

  #keyOf(kind: RecordKind, id: string): Pick<PushedResourceRow, 'tenant_id' | 'directory_id' | 'kind' | 'source_id'> {
    return { tenant_id: this.place.tenantId, directory_id: this.place.directoryId, kind, source_id: id };
  }

  #keyRows(kind: RecordKind, id: string, keys: readonly PushedKey[]): PushedKeyRow[] {
    const rows = keys.map(({ attribute, form }) => ({
      ...this.#keyOf(kind, id),
      attribute,
      form: storableForm(form),
    }));
    return [...new Map(rows.map((row) => [placeOf(row), row])).values()];
  }

  /** Only keys that differ are written. */
  async #replaceKeys(kind: RecordKind, id: string, keys: readonly PushedKey[]): Promise<void> {
    const { tenantId, directoryId } = this.place;
    const scope = { tenant_id: tenantId, directory_id: directoryId, kind };
    const stored = await selectRows(this.#sql, PUSHED_KEY, scope, ['source_id'], [[id]]);
    const wanted = this.#keyRows(kind, id, keys);
    const [before, now] = [new Set(stored.map(placeOf)), new Set(wanted.map(placeOf))];
    await deleteRows(
      this.#sql,
      PUSHED_KEY,
      stored.filter((row) => !now.has(placeOf(row))),
    );
    await upsertRows(
      this.#sql,
      PUSHED_KEY,
      wanted.filter((row) => !before.has(placeOf(row))),
    );
  }
}

const placeOf = ({ attribute, form }: PushedKeyRow): string => `${attribute}\n${form}`;

function shown(row: PushedResourceRow, resource: JsonObject): PushedResource {
  return resourceOf({ ...row, raw: JSON.stringify({ id: row.source_id, ...resource }) });
}

function refuseUnstorable(resource: JsonObject): void {
  if (!UNSTORABLE.test(JSON.stringify(resource))) return;
  throw new RollcallError('RC_PUSH_UNSTORABLE', 1, 'stop', {
    what: 'A text holds a character that no database can keep: NUL, or half of a surrogate pair.',
    mend: 'Send the text without it.',
  });
}
