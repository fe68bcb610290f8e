import { groupBy } from '../model/group-by.js';
import {
  BY_SCIM,
  DECISION,
  LINK,
  MATCH_KEY,
  type DecisionRow,
  type LinkRow,
  type MatchKeyRow,
} from '../correlation/tables.js';
import { CONFLICT, GUARD_HOLD, OVERRIDE, USER, type GuardHoldRow } from '../population/tables.js';
import { userState } from '../population/user-state.js';
import { CLAIMS, SOURCE_RECORD, type ClaimsRow, type SourceRecordRow } from '../sources/tables.js';
import { selectRows, type Sql } from '../store/table.js';
import { claimRecords, type Vanished } from './claim-records.js';
import { findCleared, reuseMarks } from './identity-reuse.js';
import { lookAround, type Filled } from './look-around.js';
import { overridesOfMerged } from './overrides-of-merged.js';
import { DUE } from './tables.js';
import { storedClaims } from './stored-claims.js';
import { takesPart, type TenantContext } from './tenant-context.js';
import type { WorkRecord, WorkSet } from './work-set.js';

/** A key held by more records than this is no key; its holders are counted, not gathered. */
const MAX_HOLDERS = 10;
/** How far a component is followed. Beyond, what is left out stays as it is. */
const MAX_ROUNDS = 12;

/** What a pass starts from: records whose mark it takes, and users to be resolved again without news. */
export interface Seeds {
  records: readonly SourceRecordRow[];
  /** Looked at as they were drawn last: their mark stays, for it is not this pass's. */
  pending?: readonly SourceRecordRow[];
  users: readonly string[];
  now: string;
  /** Map the seeds again even where payload and mapping are the same. */
  remap?: boolean;
  vanished: Vanished;
}

/** Gathers the closed set around the seeds: whoever shares a sure key, a user or a decision with one of them. */
export async function gather(sql: Sql, context: TenantContext, seeds: Seeds): Promise<WorkSet> {
  const gathering = new Gathering(sql, context, seeds, await lookAround(sql, context.tenantId));
  await gathering.addRecords(seeds.records, true);
  await gathering.claimSeeds();
  await gathering.addRecords(seeds.pending ?? [], false);
  await gathering.addUsers(seeds.users);
  await gathering.close();
  await gathering.addBystanders();
  await gathering.addDecided();
  return gathering.set;
}

class Gathering {
  readonly set: WorkSet = {
    records: new Map(),
    groupRecords: [],
    bystanders: new Map(),
    keyCounts: [],
    decisions: [],
    users: new Map(),
    overrides: new Map(),
    mergeSteps: new Map(),
    holds: new Map(),
    conflicts: new Map(),
    due: new Map(),
  };
  readonly #sql: Sql;
  readonly #context: TenantContext;
  readonly #seeds: Seeds;
  readonly #scope: { tenant_id: string };
  readonly #askedKeys = new Set<string>();
  readonly #askedUsers = new Set<string>();
  readonly #filled: Filled;
  #frontier: WorkRecord[] = [];

  constructor(sql: Sql, context: TenantContext, seeds: Seeds, filled: Filled) {
    this.#filled = filled;
    this.#sql = sql;
    this.#context = context;
    this.#seeds = seeds;
    this.#scope = { tenant_id: context.tenantId };
  }

  async addRecords(rows: readonly SourceRecordRow[], seed: boolean, into = this.set.records): Promise<void> {
    const fresh = rows.filter(
      (row) => !this.set.records.has(row.id) && takesPart(this.#context.byId.get(row.directory_id)),
    );
    const ids = fresh.map((row) => [row.id] as const);
    const claims = new Map(
      (await selectRows(this.#sql, CLAIMS, this.#scope, ['record_id'], ids)).map((row) => [row.record_id, row]),
    );
    const links = new Map(
      (await selectRows(this.#sql, LINK, this.#scope, ['record_id'], ids)).map((row) => [row.record_id, row]),
    );
    const held = groupBy(await this.#holdsOf(ids), (hold) => hold.subject);
    for (const row of fresh) {
      const stored = claims.get(row.id);
      const record = this.#workRecord(row, stored, links.get(row.id) ?? null, seed, held.get(row.id) ?? []);
      if (record === null) continue;
      if (row.kind === 'group') {
        if (seed) this.set.groupRecords.push(record);
        continue;
      }
      into.set(row.id, record);
      if (into === this.set.records) this.#frontier.push(record);
    }
  }

  async #holdsOf(subjects: readonly (readonly [string])[]): Promise<GuardHoldRow[]> {
    if (!this.#filled.holds) return [];
    const holds = await selectRows(this.#sql, GUARD_HOLD, this.#scope, ['subject'], subjects);
    return holds.filter((hold) => hold.ended_at === null);
  }

  #workRecord(
    row: SourceRecordRow,
    stored: ClaimsRow | undefined,
    link: LinkRow | null,
    seed: boolean,
    holds: GuardHoldRow[],
  ): WorkRecord | null {
    const directory = this.#context.byId.get(row.directory_id);
    // Who was never drawn and waits for the run of its directory is nobody yet.
    const isUnborn = !seed && row.dirty !== null && stored === undefined && link === null;
    if (directory === undefined || isUnborn) return null;
    const claimed = storedClaims(stored);
    const reuse = holds.find((hold) => hold.attribute === 'reused');
    const drawn = asDrawn(reuse === undefined ? row : asBeforeReuse(row, reuse), seed);
    return {
      row: drawn,
      directory,
      ...claimed,
      keys: claimed.storedClaims === null ? {} : this.#context.keysOf(claimed.storedClaims),
      link,
      seed,
      mapped: false,
      position: null,
      held: drawn.gone_begin !== null && holds.some((hold) => hold.attribute === ''),
      holds,
      reused: [],
    };
  }

  async claimSeeds(): Promise<void> {
    const seeds = [...this.set.records.values()].filter((record) => record.seed);
    await claimRecords(this.#sql, this.#context, [...seeds, ...this.set.groupRecords], this.#seeds);
    await this.#suspectReuse(
      seeds.filter((record) => record.mapped && record.storedClaims !== null && record.link !== null),
    );
    for (const record of seeds) if (record.mapped) record.keys = this.#context.keysOf(record.claims);
  }

  /** An id that seems to have a new owner: what it claims waits for a person, and who had it stays as they are. */
  async #suspectReuse(records: readonly WorkRecord[]): Promise<void> {
    const suspects = records.flatMap((record) => {
      const marks = reuseMarks(record.storedClaims ?? {}, record.claims, {
        goneAt: record.row.gone_at,
        pushed: record.directory.pushed,
        now: this.#seeds.now,
      });
      return marks.length > 0 ? [{ record, marks }] : [];
    });
    const cleared = await findCleared(
      this.#sql,
      this.#context.tenantId,
      suspects.map((suspect) => suspect.record),
    );
    for (const { record, marks } of suspects) {
      if (cleared.has(`${record.row.id}/${record.row.payload_no}`)) continue;
      record.reused = marks;
      record.claims = record.storedClaims ?? {};
      record.claimsPayloadNo = record.stored?.payloadNo ?? 0;
      record.mappingVersion = record.stored?.mappingVersion ?? null;
      record.mapped = false;
      if (record.row.gone_at !== null && record.row.gone_begin === null)
        record.row = { ...record.row, gone_begin: record.row.begin };
    }
  }

  async addUsers(userIds: readonly string[]): Promise<void> {
    const fresh = userIds.filter((id) => !this.#askedUsers.has(id));
    for (const id of fresh) this.#askedUsers.add(id);
    const links = await selectRows(
      this.#sql,
      LINK,
      this.#scope,
      ['user_id'],
      fresh.map((id) => [id]),
    );
    await this.#addByIds(links.map((link) => link.record_id));
  }

  async #addByIds(recordIds: readonly string[], into = this.set.records): Promise<void> {
    const fresh = [...new Set(recordIds)].filter((id) => !this.set.records.has(id));
    const rows = await selectRows(
      this.#sql,
      SOURCE_RECORD,
      this.#scope,
      ['id'],
      fresh.map((id) => [id]),
    );
    await this.addRecords(rows, false, into);
  }

  /** Follows users, sure keys and decisions until nothing is added. */
  async close(): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS && this.#frontier.length > 0; round++) {
      const frontier = this.#frontier;
      this.#frontier = [];
      await this.addUsers(frontier.flatMap((record) => (record.link === null ? [] : [record.link.user_id])));
      await this.#followKeys(frontier);
      await this.#followDecisions(frontier);
    }
  }

  async #followKeys(frontier: readonly WorkRecord[]): Promise<void> {
    const sure = this.#context.rules.correlation.filter((rule) => rule.certainty === 'sure').map((rule) => rule.name);
    const keys = this.#newKeys(frontier, new Set(sure));
    const holders = await selectRows(this.#sql, MATCH_KEY, this.#scope, ['rule', 'key'], keys);
    await this.#addByIds(this.#uncommon(holders));
  }

  /** Keys as they are now and as they were stored: whoever lost a partner has to be looked at, too. */
  #newKeys(records: readonly WorkRecord[], rules: ReadonlySet<string>): (readonly [string, string])[] {
    const found: (readonly [string, string])[] = [];
    for (const record of records) {
      const before = record.mapped && record.storedClaims !== null ? this.#context.keysOf(record.storedClaims) : {};
      for (const [rule, key] of [...Object.entries(record.keys), ...Object.entries(before)]) {
        const id = `${rule}\n${key ?? ''}`;
        if (key === null || !rules.has(rule) || this.#askedKeys.has(id)) continue;
        this.#askedKeys.add(id);
        found.push([rule, key]);
      }
    }
    return found;
  }

  #uncommon(holders: readonly MatchKeyRow[]): string[] {
    const byKey = groupBy(holders, (holder) => `${holder.rule}\n${holder.key}`);
    const ids: string[] = [];
    for (const group of byKey.values()) {
      const first = group[0];
      if (group.length <= MAX_HOLDERS) ids.push(...group.map((holder) => holder.record_id));
      else if (first !== undefined)
        this.set.keyCounts.push({ rule: first.rule, key: first.key, records: group.length });
    }
    return ids;
  }

  async #followDecisions(frontier: readonly WorkRecord[]): Promise<void> {
    if (!this.#filled.decisions) return;
    const ids = frontier.map((record) => [record.row.id] as const);
    const rows: DecisionRow[] = [
      ...(await selectRows(this.#sql, DECISION, this.#scope, ['record_a'], ids)),
      ...(await selectRows(this.#sql, DECISION, this.#scope, ['record_b'], ids)),
    ];
    const known = new Set(this.set.decisions.map((decision) => decision.id));
    for (const row of rows) {
      if (known.has(row.id)) continue;
      known.add(row.id);
      this.set.decisions.push({
        id: row.id,
        kind: row.kind as 'together' | 'apart',
        a: row.record_a,
        b: row.record_b,
        by: row.decided_by === BY_SCIM ? 'scim' : 'person',
      });
    }
    await this.#addByIds(rows.flatMap((row) => [row.record_a, row.record_b]));
  }

  /** Whoever shares a probable key: only a review may come of it. */
  async addBystanders(): Promise<void> {
    const probable = new Set(
      this.#context.rules.correlation.filter((rule) => rule.certainty === 'probable').map((rule) => rule.name),
    );
    if (probable.size === 0) return;
    const keys = this.#newKeys([...this.set.records.values()], probable);
    const holders = await selectRows(this.#sql, MATCH_KEY, this.#scope, ['rule', 'key'], keys);
    await this.#addByIds(this.#uncommon(holders), this.set.bystanders);
  }

  /** The users of the set with what people, guards and dates have decided about them. */
  async addDecided(): Promise<void> {
    const ids = [
      ...new Set([
        ...this.#askedUsers,
        ...[...this.set.records.values()].flatMap((record) => (record.link === null ? [] : [record.link.user_id])),
      ]),
    ].map((id) => [id] as const);
    for (const row of await selectRows(this.#sql, USER, this.#scope, ['id'], ids))
      this.set.users.set(row.id, userState(row));
    if (this.#filled.overrides) await this.#addOverrides(ids);
    for (const row of await this.#holdsOf(ids)) collect(this.set.holds, row.subject, row);
    if (this.#filled.conflicts) {
      const open = await selectRows(this.#sql, CONFLICT, { ...this.#scope, status: 'open' }, ['user_id'], ids);
      for (const row of open) collect(this.set.conflicts, row.user_id, row);
    }
    if (this.#filled.due)
      for (const row of await selectRows(this.#sql, DUE, this.#scope, ['user_id'], ids))
        this.set.due.set(row.user_id, row.at);
  }

  /** Also those of people who were merged into one of the set: whose they are is known when the partition is. */
  async #addOverrides(ids: readonly (readonly [string])[]): Promise<void> {
    const own = await selectRows(this.#sql, OVERRIDE, this.#scope, ['user_id'], ids);
    for (const row of own) if (row.ended_at === null) collect(this.set.overrides, row.user_id, row);
    const merged = await overridesOfMerged(this.#sql, this.#context.tenantId, new Set(ids.map(([id]) => id)));
    this.set.mergeSteps = merged.steps;
    const known = new Set(own.map((row) => row.id));
    for (const row of merged.rows) if (!known.has(row.id)) collect(this.set.overrides, row.user_id, row);
  }
}

function collect<Row>(into: Map<string, Row[]>, key: string, row: Row): void {
  into.set(key, [...(into.get(key) ?? []), row]);
}

/** While it is undecided whose id it is, a record that came back counts as gone for the person who had it. */
function asBeforeReuse(row: SourceRecordRow, hold: GuardHoldRow): SourceRecordRow {
  const { gone } = JSON.parse(hold.pinned) as { gone?: boolean };
  return gone === true && row.gone_begin === null
    ? { ...row, gone_begin: row.begin, gone_reason: row.gone_reason ?? 'absent' }
    : row;
}

/** Evidence that is pending belongs to the run of its directory: whoever else looks at the record sees it as it was drawn. */
function asDrawn(row: SourceRecordRow, seed: boolean): SourceRecordRow {
  if (seed || row.dirty === null) return row;
  return { ...row, gone_begin: row.drawn_gone === 1 ? (row.gone_begin ?? row.begin) : null };
}
