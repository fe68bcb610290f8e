import type { Departure, Observation, Page } from '@rollcall/connector-kit';
import type { Store } from '../store/store.js';
import type { Lane } from '../store/writer-queue.js';
import { deleteRows, insertRows, selectRows, updateRows, type Sql } from '../store/table.js';
import { takeRecordNumbers } from '../tenancy/directories.js';
import type { IdSource } from '../tokens.js';
import { findRecords, lookUp } from './known-records.js';
import { forgetWholeRecords, putQuarantine } from './quarantine.js';
import type { ReadState } from './read-state.js';
import { sortPage, type ReadSourceId, type Sighting, type SortedPage } from './sort-page.js';
import { CLAIMS, PAYLOAD, SOURCE_RECORD, type PayloadRow, type QuarantineRow, type SourceRecordRow } from './tables.js';

/** What `observePage` works with beside the page. */
export interface ObserveTools {
  store: Store;
  lane: Lane;
  ids: IdSource;
  readSourceId: ReadSourceId;
  /** Called first in every transaction: a process that lost its lease cannot write. */
  fence(sql: Sql): Promise<void>;
}

/**
 * The evidence pass for one page: says what is new, changed, stale or the same, keeps raw payloads and marks what is to
 * be looked at. It changes nobody. A page without news costs one look-up and writes nothing.
 */
export async function observePage(tools: ObserveTools, state: ReadState, page: Page): Promise<void> {
  state.pageNo += 1;
  if (state.firstBegin === 0) state.firstBegin = page.begin;
  state.lastBegin = page.begin;
  state.counts.read += page.observations.length;
  const sorted = await sortPage(state, page, tools.readSourceId);
  const news = await findNews(tools, state, sorted);
  const departures = page.departures ?? [];
  if (news.length + sorted.doubled.size + sorted.malformed.length + departures.length === 0) return;
  await tools.store.write(tools.lane, async (sql) => {
    await tools.fence(sql);
    const writing = new PageWriting(sql, tools, state, page.begin);
    await writing.keepNews(news, sorted.doubled);
    await writing.keepDepartures(departures);
    await writing.keepMalformed(sorted);
  });
}

/** Asks once for the whole page; the same go no further, except that only a whole read may leave their begin alone. */
async function findNews(tools: ObserveTools, state: ReadState, sorted: SortedPage): Promise<Sighting[]> {
  const list = sorted.sightings;
  const known = await tools.store.read((sql) =>
    lookUp(
      sql,
      state,
      list.map((sighting) => [sighting.sourceId, sighting.hash]),
    ),
  );
  const same = new Uint8Array(list.length);
  for (const { n, no } of known) {
    if (no < 0 || (!state.whole && state.seen.pageOf(no) === 0)) continue;
    same[n] = 1;
    state.counts.same += 1;
    state.seen.note(no, state.pageNo);
  }
  return list.filter((_, n) => same[n] === 0);
}

/** What one page writes, in one transaction. */
class PageWriting {
  readonly #sql: Sql;
  readonly #tools: ObserveTools;
  readonly #state: ReadState;
  readonly #begin: number;
  readonly #inserts: SourceRecordRow[] = [];
  readonly #updates: SourceRecordRow[] = [];
  readonly #payloads: PayloadRow[] = [];
  readonly #quarantine: QuarantineRow[] = [];
  readonly #recovered: string[] = [];

  constructor(sql: Sql, tools: ObserveTools, state: ReadState, begin: number) {
    this.#sql = sql;
    this.#tools = tools;
    this.#state = state;
    this.#begin = begin;
  }

  async keepNews(news: readonly Sighting[], doubled: ReadonlyMap<string, readonly Observation[]>): Promise<void> {
    const known = await this.#find([...news.map((sighting) => sighting.sourceId), ...doubled.keys()]);
    const unknown = news.filter((sighting) => !known.has(sighting.sourceId)).length;
    const strangers = [...doubled.keys()].filter((id) => !known.has(id)).length;
    let no = unknown + strangers === 0 ? 0 : await this.#reserve(unknown + strangers);
    const again: { record: SourceRecordRow; sighting: Sighting }[] = [];
    for (const sighting of news) {
      const record = known.get(sighting.sourceId);
      if (record === undefined) this.#insert(sighting, no++);
      else if (this.#isDoubled(record, sighting)) again.push({ record, sighting });
      else this.#meet(record, sighting);
    }
    await this.#takeBack(again);
    for (const [sourceId, rows] of doubled) {
      this.#distrust(known.get(sourceId) ?? this.#blank(sourceId, no++), rows);
    }
    await this.#flush();
  }

  async keepDepartures(departures: readonly Departure[]): Promise<void> {
    const known = await this.#find(departures.map((departure) => departure.sourceId));
    for (const departure of departures) {
      const record = known.get(departure.sourceId);
      if (record?.gone_begin !== null || record.begin > this.#begin) continue;
      this.#state.counts.absent += 1;
      this.#updates.push({
        ...record,
        begin: this.#begin,
        gone_begin: this.#begin,
        gone_reason: departure.reason ?? 'removed_at_source',
        gone_at: this.#state.observedAt,
        dirty: this.#state.runId,
      });
    }
    await this.#flush();
  }

  async keepMalformed(sorted: SortedPage): Promise<void> {
    const withId = sorted.malformed.flatMap((row) => (row.sourceId === undefined ? [] : [row.sourceId]));
    const known = await this.#find(withId);
    for (const row of sorted.malformed) {
      const record = row.sourceId === undefined ? undefined : known.get(row.sourceId);
      if (row.sourceId === undefined) this.#state.withoutId += 1;
      if (record !== undefined) this.#suspect(record);
      this.#hold(
        row.sourceId ?? null,
        row.position,
        { code: row.code, message: row.reason, mend: row.mend },
        record !== undefined,
      );
    }
    await this.#flush();
  }

  #find(sourceIds: readonly string[]): Promise<Map<string, SourceRecordRow>> {
    return findRecords(this.#sql, this.#state.tenantId, this.#state.directoryId, this.#state.kind, sourceIds);
  }

  #reserve(count: number): Promise<number> {
    return takeRecordNumbers(this.#sql, this.#state.tenantId, this.#state.directoryId, count);
  }

  #blank(sourceId: string, no: number): SourceRecordRow {
    const record: SourceRecordRow = {
      tenant_id: this.#state.tenantId,
      id: this.#tools.ids.next('rec'),
      directory_id: this.#state.directoryId,
      kind: this.#state.kind,
      source_id: sourceId,
      no,
      hash: '',
      begin: this.#begin,
      payload_no: 0,
      gone_begin: null,
      gone_reason: null,
      gone_at: null,
      dirty: null,
      drawn_gone: 0,
      first_seen_at: this.#state.observedAt,
    };
    this.#inserts.push(record);
    return record;
  }

  #insert(sighting: Sighting, no: number): void {
    const record = this.#blank(sighting.sourceId, no);
    record.hash = sighting.hash;
    record.payload_no = 1;
    record.dirty = this.#state.runId;
    this.#payload(record, sighting);
    this.#state.seen.note(no, this.#state.pageNo);
    if (this.#begin < this.#state.watermark) {
      // A complete read that began later did not contain it: it is kept as gone, so that no ghost appears.
      record.gone_begin = this.#state.watermark;
      record.gone_reason = 'absent';
      record.gone_at = this.#state.observedAt;
      record.dirty = null;
    }
    this.#state.counts.new += 1;
  }

  #meet(record: SourceRecordRow, sighting: Sighting): void {
    this.#state.seen.note(record.no, this.#state.pageNo);
    const isSame = record.hash === sighting.hash && record.gone_begin === null;
    if (record.begin > this.#begin || (record.gone_begin !== null && record.gone_begin >= this.#begin)) {
      this.#state.counts.stale += 1;
    } else if (isSame) {
      this.#state.counts.same += 1;
      this.#updates.push({ ...record, begin: this.#begin });
    } else {
      this.#change(record, sighting);
    }
  }

  #isDoubled(record: SourceRecordRow, sighting: Sighting): boolean {
    return this.#state.seen.pageOf(record.no) !== 0 && record.hash !== sighting.hash;
  }

  /**
   * An id that an earlier page of this read brought comes again and differs: what was brought since its last claims is
   * taken back, also by a read that died half-way.
   */
  async #takeBack(again: readonly { record: SourceRecordRow; sighting: Sighting }[]): Promise<void> {
    const scope = { tenant_id: this.#state.tenantId };
    const ids = again.map(({ record }) => [record.id] as const);
    const claims = await selectRows(this.#sql, CLAIMS, scope, ['record_id'], ids);
    const goodOf = new Map(claims.map((row) => [row.record_id, row.payload_no]));
    const payloads = await selectRows(this.#sql, PAYLOAD, scope, ['record_id'], ids);
    const brought = payloads.filter((payload) => payload.no > (goodOf.get(payload.record_id) ?? 0));
    const firstOf = new Map(brought.map((payload) => [payload.record_id, payload]));
    await deleteRows(this.#sql, PAYLOAD, brought);
    for (const { record, sighting } of again) {
      const first = firstOf.get(record.id);
      const firstRow: Observation = { raw: {}, ...(first === undefined ? {} : { position: placeOf(first) }) };
      const rows = record.hash === '' ? [sighting.observation] : [firstRow, sighting.observation];
      this.#distrust(asBefore(record, first === undefined ? record.payload_no : (goodOf.get(record.id) ?? 0)), rows);
    }
  }

  #change(record: SourceRecordRow, sighting: Sighting): void {
    const content = record.hash === sighting.hash && record.payload_no > 0 ? record.payload_no : record.payload_no + 1;
    const changed: SourceRecordRow = {
      ...record,
      hash: sighting.hash,
      begin: this.#begin,
      payload_no: content,
      gone_begin: null,
      // When and why it was gone stays until its consequences are drawn: who comes back after long may be somebody else.
      dirty: this.#state.runId,
    };
    if (content !== record.payload_no) this.#payload(changed, sighting);
    if (record.hash === '') this.#recovered.push(record.source_id);
    this.#updates.push(changed);
    this.#state.counts.changed += 1;
  }

  /** Two rows of one id that differ: neither is believed, the record stays as it was before this read. */
  #distrust(record: SourceRecordRow, rows: readonly Observation[]): void {
    this.#state.seen.note(record.no, this.#state.pageNo);
    for (const row of rows) {
      this.#hold(
        record.source_id,
        row.position ?? {},
        {
          code: 'RC_ROW_SOURCE_ID_DOUBLED',
          message: 'Two rows of this read have the same source id and differ.',
          mend: 'Remove the wrong row at the source; until then the record stays as it was.',
        },
        record.payload_no > 0,
      );
    }
    this.#suspect(record);
  }

  /** Empties the hash, so that whatever comes next is examined; takes back what this read brought for the record. */
  #suspect(record: SourceRecordRow): void {
    this.#state.seen.note(record.no, this.#state.pageNo);
    if (record.hash !== '') this.#updates.push({ ...record, hash: '' });
  }

  #hold(
    sourceId: string | null,
    position: { file?: string; line?: number },
    problem: { code: string; message: string; mend: string },
    lastGoodKept: boolean,
  ): void {
    const place = `line:${position.file ?? ''}:${position.line ?? sourceId ?? this.#state.counts.quarantined}`;
    this.#state.counts.quarantined += 1;
    this.#state.quarantined.add(place);
    this.#quarantine.push({
      tenant_id: this.#state.tenantId,
      directory_id: this.#state.directoryId,
      kind: this.#state.kind,
      place,
      attribute: '',
      source_id: sourceId,
      file: position.file ?? null,
      line: position.line ?? null,
      ...problem,
      mapping: 'null',
      first_seen_at: this.#state.observedAt,
      tries: 1,
      last_good_kept: lastGoodKept ? 1 : 0,
    });
  }

  #payload(record: SourceRecordRow, sighting: Sighting): void {
    this.#state.fields.note(sighting.observation.raw);
    this.#payloads.push({
      tenant_id: record.tenant_id,
      record_id: record.id,
      no: record.payload_no,
      raw: JSON.stringify(sighting.observation.raw),
      begin: this.#begin,
      run_id: this.#state.runId,
      trigger: this.#state.trigger,
      tier: this.#state.tier,
      observed_at: this.#state.observedAt,
      file: sighting.observation.position?.file ?? null,
      line: sighting.observation.position?.line ?? null,
    });
  }

  async #flush(): Promise<void> {
    const { tenantId, directoryId, kind, rowsWritten } = this.#state;
    await insertRows(this.#sql, SOURCE_RECORD, this.#inserts);
    await updateRows(this.#sql, SOURCE_RECORD, CHANGING, this.#updates);
    await insertRows(this.#sql, PAYLOAD, this.#payloads);
    await forgetWholeRecords(this.#sql, tenantId, directoryId, kind, this.#recovered);
    await putQuarantine(this.#sql, this.#quarantine);
    rowsWritten.records += this.#inserts.length + this.#updates.length;
    rowsWritten.payloads += this.#payloads.length;
    for (const list of [this.#inserts, this.#updates, this.#payloads, this.#quarantine, this.#recovered])
      list.length = 0;
  }
}

/** The record without what the read brought: who was gone is gone again. */
function asBefore(record: SourceRecordRow, payloadNo: number): SourceRecordRow {
  const wasGone = record.gone_begin === null && record.gone_at !== null;
  return { ...record, payload_no: payloadNo, ...(wasGone ? { gone_begin: record.begin } : {}) };
}

function placeOf(payload: PayloadRow): { file?: string; line?: number } {
  return {
    ...(payload.file === null ? {} : { file: payload.file }),
    ...(payload.line === null ? {} : { line: payload.line }),
  };
}

const CHANGING = ['hash', 'begin', 'payload_no', 'gone_begin', 'gone_reason', 'gone_at', 'dirty'] as const;
