import type { Departure, Observation } from '@rollcall/connector-kit';
import { deleteRows, insertRows, selectRows, updateRows, type Sql } from '../store/table.js';
import { takeRecordNumbers } from '../tenancy/directories.js';
import { findRecords } from './known-records.js';
import type { ObserveTools } from './observe.js';
import { standingOf, type Standing } from './ordering.js';
import { forgetWholeRecords, putQuarantine } from './quarantine.js';
import type { ReadState } from './read-state.js';
import type { Sighting, SortedPage } from './sort-page.js';
import { CLAIMS, PAYLOAD, SOURCE_RECORD, type PayloadRow, type QuarantineRow, type SourceRecordRow } from './tables.js';

/** A record of which a page brought news. */
export interface AppliedRecord {
  sourceId: string;
  what: 'new' | 'changed' | 'absent';
}

/** What became of a page's records. */
export interface PageOutcome {
  /** News that count. */
  applied: AppliedRecord[];
  /** Differ from what is known and prove no order: to be read by themselves. */
  unsure: string[];
}

/** What one page writes, in one transaction. */
export class PageWriting {
  readonly outcome: PageOutcome = { applied: [], unsure: [] };
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
    const strangers: Departure[] = [];
    for (const departure of new Map(departures.map((entry) => [entry.sourceId, entry])).values()) {
      const record = known.get(departure.sourceId);
      const standing = this.#standing(record);
      if (record === undefined) strangers.push(...(standing === 'newer' ? [departure] : []));
      else if (standing !== 'newer')
        this.#passOver(record.gone_begin === null ? standing : 'stale', departure.sourceId);
      else if (record.gone_begin === null) this.#leave(record, departure);
      else this.#updates.push({ ...record, begin: this.#begin, gone_begin: this.#begin });
    }
    await this.#bury(strangers);
    await this.#flush();
  }

  #leave(record: SourceRecordRow, departure: Departure): void {
    this.#state.counts.absent += 1;
    this.outcome.applied.push({ sourceId: record.source_id, what: 'absent' });
    this.#updates.push({ ...record, ...this.#goneNow(departure), begin: this.#begin, dirty: this.#state.runId });
  }

  /** Who is said to be gone and was never seen is remembered: what began earlier and comes later must not bring a ghost. */
  async #bury(departures: readonly Departure[]): Promise<void> {
    let no = departures.length === 0 ? 0 : await this.#reserve(departures.length);
    for (const departure of departures)
      Object.assign(this.#blank(departure.sourceId, no++), this.#goneNow(departure), { drawn_gone: 1 });
  }

  #goneNow({ reason }: Departure): Pick<SourceRecordRow, 'gone_begin' | 'gone_reason' | 'gone_at'> {
    const at = this.#state.observedAt;
    return { gone_begin: this.#begin, gone_reason: reason ?? 'removed_at_source', gone_at: at };
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

  /** How this page stands to what is known of a record; undefined: of one that was never seen. */
  #standing(record: SourceRecordRow | undefined): Standing {
    const { whole, last } = this.#state;
    if (!whole) return standingOf(record, this.#begin, last);
    // Whole reads come one after the other: each began after the one before had ended.
    if (record !== undefined) return standingOf(record, this.#begin, null);
    return last !== null && this.#begin < last.watermark ? 'stale' : 'newer';
  }

  #passOver(standing: Standing, sourceId: string): void {
    this.#state.counts.stale += 1;
    if (standing === 'unsure') this.outcome.unsure.push(sourceId);
  }

  #insert(sighting: Sighting, no: number): void {
    const standing = this.#standing(undefined);
    if (standing === 'unsure') {
      this.#passOver(standing, sighting.sourceId);
      return;
    }
    const record = this.#blank(sighting.sourceId, no);
    record.hash = sighting.hash;
    record.payload_no = 1;
    record.dirty = this.#state.runId;
    this.#payload(record, sighting);
    this.#state.seen.note(no, this.#state.pageNo);
    if (standing === 'stale') {
      // A complete read that began later did not contain it: it is kept as gone, so that no ghost appears.
      record.gone_begin = this.#state.last?.watermark ?? this.#begin;
      record.gone_reason = 'absent';
      record.gone_at = this.#state.observedAt;
      record.dirty = null;
      record.drawn_gone = 1;
    } else this.outcome.applied.push({ sourceId: sighting.sourceId, what: 'new' });
    this.#state.counts.new += 1;
  }

  #meet(record: SourceRecordRow, sighting: Sighting): void {
    this.#state.seen.note(record.no, this.#state.pageNo);
    const standing = this.#standing(record);
    if (standing === 'stale') this.#passOver(standing, record.source_id);
    else if (record.hash === sighting.hash && record.gone_begin === null) {
      this.#state.counts.same += 1;
      this.#updates.push({ ...record, begin: this.#begin });
    } else if (standing === 'unsure') this.#passOver(standing, record.source_id);
    else this.#change(record, sighting);
  }

  #isDoubled(record: SourceRecordRow, sighting: Sighting): boolean {
    // A stream of changes may bring a record again and again: the latest counts.
    return this.#state.whole && this.#state.seen.pageOf(record.no) !== 0 && record.hash !== sighting.hash;
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
    this.outcome.applied.push({ sourceId: record.source_id, what: record.gone_begin === null ? 'changed' : 'new' });
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
