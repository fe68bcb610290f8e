import { partition } from '../correlation/partition.js';
import type { PartitionRecord, PartitionResult, Target } from '../correlation/partition-types.js';
import type { AttributeChange, Cause } from '../history/tables.js';
import { groupBy } from '../model/group-by.js';
import { isInactiveReason } from '../model/claims.js';
import { sameValue } from '../model/compare.js';
import type { Json } from '../model/json.js';
import type { Resolution, ResolutionInput, ResolvedAttribute } from '../model/resolution.js';
import type { GuardHoldRow, OverrideRow, Provenance, UserState } from '../population/tables.js';
import { resolve } from '../resolution/resolve.js';
import type { LinkEffect, UserChangeKind, UserEffect } from './effects.js';
import { resolvedReferences, type References } from './references.js';
import type { TenantContext } from './tenant-context.js';
import { claimedRecord, isPresent, type WorkRecord, type WorkSet } from './work-set.js';

/** What a pass says about itself in every cause. */
export interface PassCause {
  runId: string;
  trigger: string;
  /** Name of the run's directory; null for runs of the tenant. */
  directory: string | null;
  override: string | null;
  review: string | null;
}

export interface DrawOptions {
  /** ISO instant of the pass. */
  now: string;
  cause: PassCause;
  references: References;
}

/** Decides which record belongs to whom. */
export function drawPartition(context: TenantContext, set: WorkSet): PartitionResult {
  const creators = new Set(context.rules.lifecycle.create);
  const asPartition = (record: WorkRecord): PartitionRecord => ({
    recordId: record.row.id,
    directory: record.directory.name,
    present: isPresent(record),
    canCreate:
      creators.has(record.directory.name) &&
      record.directory.mode === 'live' &&
      !record.holds.some((hold) => hold.attribute === 'creation'),
    link:
      record.link === null
        ? null
        : { userId: record.link.user_id, how: record.link.how as 'created', rule: record.link.rule },
    keys: record.keys,
  });
  // A record that could never be believed (in quarantine since its first sight) is nobody yet.
  const believed = [...set.records.values()].filter((record) => record.row.payload_no > 0 || record.link !== null);
  return partition({
    records: believed.map(asPartition),
    bystanders: [...set.bystanders.values()].map(asPartition),
    rules: context.rules.correlation,
    decisions: [...set.decisions, ...heldMerges(set)],
    users: [...set.users.values()].map((user) => ({ userId: user.id, createdAt: user.createdAt })),
    keyCounts: set.keyCounts,
  });
}

/** A merge that a guard holds: until it is decided the two sides stay apart. */
function heldMerges(set: WorkSet): WorkSet['decisions'] {
  const recordsOf = groupBy(set.records.values(), (record) => record.link?.user_id ?? null);
  const decisions: WorkSet['decisions'] = [];
  for (const [loser, holds] of set.holds) {
    for (const hold of holds.filter((candidate) => candidate.attribute === 'merge')) {
      const survivor = JSON.parse(hold.candidate) as string | null;
      const a = recordsOf.get(loser)?.[0];
      const b = survivor === null ? undefined : recordsOf.get(survivor)?.[0];
      if (a !== undefined && b !== undefined)
        decisions.push({ id: `hold-${hold.review_id}-${loser}`, kind: 'apart', a: a.row.id, b: b.row.id });
    }
  }
  return decisions;
}

/** Links and users after the partition. New users get their ids here. */
export function drawUsers(
  context: TenantContext,
  set: WorkSet,
  result: PartitionResult,
  options: DrawOptions,
): { users: UserEffect[]; links: LinkEffect[]; due: Map<string, string | null>; endedHolds: GuardHoldRow[] } {
  const freshIds = new Map<string, string>();
  const userOf = (target: Target): string | null => {
    if (target.to.kind === 'unlinked') return null;
    if (target.to.kind === 'user') return target.to.userId;
    const known = freshIds.get(target.to.label) ?? context.ids.next('usr');
    freshIds.set(target.to.label, known);
    return known;
  };
  const targets = result.targets.map((target) => ({
    target,
    userId: userOf(target),
    record: set.records.get(target.recordId),
  }));
  const links: LinkEffect[] = [];
  const owned: { userId: string; record: WorkRecord }[] = [];
  for (const { target, userId, record } of targets) {
    if (record === undefined) continue;
    if (target.changed) links.push({ record, userId, how: target.how ?? 'unlinked', rule: target.rule });
    if (userId !== null) owned.push({ userId, record });
  }
  const recordsByUser = groupBy(owned, (entry) => entry.userId);
  const broughtBy = new Map([...freshIds].map(([label, userId]) => [userId, label]));
  const due = new Map<string, string | null>();
  const users: UserEffect[] = [];
  const endedHolds: GuardHoldRow[] = [];
  const merged = new Set(result.merges.flatMap((merge) => merge.losers));
  const abandoned = [...set.users.values()].filter(
    (user) => user.mergedInto === null && !merged.has(user.id) && !recordsByUser.has(user.id),
  );
  for (const userId of [...recordsByUser.keys(), ...abandoned.map((user) => user.id)]) {
    const records = (recordsByUser.get(userId) ?? []).map((entry) => entry.record);
    const drawing = new UserDrawing(context, set, options, userId, records, broughtBy.get(userId) ?? null);
    const effect = drawing.draw();
    if (drawing.dueAt !== (set.due.get(userId) ?? null)) due.set(userId, drawing.dueAt);
    if (effect !== null) users.push(effect);
    endedHolds.push(...drawing.ended);
  }
  for (const merge of result.merges) {
    for (const loser of merge.losers) {
      const effect = drawMerged(context, set, options, loser, merge.survivor);
      if (effect !== null) users.push(effect);
      if (set.due.has(loser)) due.set(loser, null);
    }
  }
  return { users, links, due, endedHolds };
}

/** Resolves one user and says what changed. */
class UserDrawing {
  readonly #context: TenantContext;
  readonly #set: WorkSet;
  readonly #options: DrawOptions;
  readonly #userId: string;
  readonly #records: readonly WorkRecord[];
  readonly #broughtBy: string | null;
  dueAt: string | null = null;
  /** Holds of the user that are over: what they pin and what would be agree again. */
  ended: GuardHoldRow[] = [];

  constructor(
    context: TenantContext,
    set: WorkSet,
    options: DrawOptions,
    userId: string,
    records: readonly WorkRecord[],
    broughtBy: string | null,
  ) {
    this.#context = context;
    this.#set = set;
    this.#options = options;
    this.#userId = userId;
    this.#records = records;
    this.#broughtBy = broughtBy;
  }

  draw(): UserEffect | null {
    const before = this.#set.users.get(this.#userId) ?? null;
    const input = resolutionInput(this.#context, this.#set, this.#options, this.#userId, this.#records);
    const resolution = this.#resolve(input);
    this.dueAt = earliest(resolution.dueAt, nextExpiry(this.#set.overrides.get(this.#userId), this.#options.now));
    const changes = attributeChanges(before, resolution);
    const changeId = this.#context.ids.next('chg');
    const after = this.#after(before, resolution, changes, changeId);
    if (
      before !== null &&
      changes.length === 0 &&
      sameList(before.unknown, after.unknown) &&
      after.mergedInto === before.mergedInto
    )
      return {
        before,
        after: before,
        kind: 'user.provenance',
        changeId,
        changes: [],
        cause: this.#cause(),
        resolution,
        records: [...this.#records],
      };
    return {
      before,
      after,
      kind: changeKind(before, after, changes),
      changeId,
      changes,
      cause: this.#cause(),
      resolution,
      records: [...this.#records],
    };
  }

  /** A hold ends by itself when the candidate has come back to what it pins. */
  #resolve(input: ResolutionInput): Resolution {
    if (Object.keys(input.holds).length === 0) return resolve(input, this.#context.catalogue);
    const free = resolve({ ...input, holds: {} }, this.#context.catalogue);
    const over = Object.entries(input.holds).filter(([name, hold]) =>
      sameValue(free.attributes[name]?.value ?? null, hold.value ?? null),
    );
    const names = new Set(over.map(([name]) => name));
    this.ended = (this.#set.holds.get(this.#userId) ?? []).filter((row) => names.has(row.attribute));
    const standing = Object.fromEntries(Object.entries(input.holds).filter(([name]) => !names.has(name)));
    return Object.keys(standing).length === 0 ? free : resolve({ ...input, holds: standing }, this.#context.catalogue);
  }

  #after(
    before: UserState | null,
    resolution: Resolution,
    changes: readonly AttributeChange[],
    changeId: string,
  ): UserState {
    const attributes: Record<string, Json> = {};
    const provenance: Record<string, Provenance> = {};
    for (const [name, resolved] of Object.entries(resolution.attributes)) {
      if (resolved.value !== null) attributes[name] = resolved.value;
      provenance[name] = provenanceOf(resolved, before?.provenance[name]);
    }
    const active = resolution.attributes.active;
    const isActive = active?.value === true;
    const { now } = this.#options;
    return {
      id: this.#userId,
      attributes,
      provenance,
      unknown: [...resolution.unknown].sort(),
      active: isActive,
      inactive: isActive || active === undefined ? null : inactivity(before, active, now, changeId, changes),
      firstActiveAt: before?.firstActiveAt ?? (isActive ? now : null),
      version: (before?.version ?? 0) + 1,
      mergedInto: null,
      broughtBy: before?.broughtBy ?? this.#broughtBy ?? this.#records[0]?.row.id ?? '',
      createdAt: before?.createdAt ?? now,
    };
  }

  /** The record of the run's directory that led to it: a seed first. */
  #cause(): Cause {
    const { cause } = this.#options;
    const own = this.#records.filter((record) => record.directory.name === cause.directory);
    const led = own.find((record) => record.seed) ?? own[0];
    return {
      ...cause,
      sourceId: led?.row.source_id ?? null,
      mappingVersion: led?.mappingVersion ?? null,
      rulesVersion: this.#context.rulesVersion,
    };
  }
}

/** Everything that decides about one user, as pure data. */
export function resolutionInput(
  context: TenantContext,
  set: WorkSet,
  options: DrawOptions,
  userId: string,
  records: readonly WorkRecord[],
): ResolutionInput {
  const overrides = (set.overrides.get(userId) ?? []).filter(
    (row) => row.pin === 0 && (row.until === null || row.until > options.now),
  );
  const pins = (set.overrides.get(userId) ?? []).filter((row) => row.pin === 1);
  const holds: Record<string, ResolutionInput['holds'][string]> = {};
  for (const row of [
    ...pins.map((pin) => ({ attribute: pin.attribute, pinned: pin.value ?? 'null' })),
    ...(set.holds.get(userId) ?? []),
  ]) {
    if (!context.catalogue.has(row.attribute)) continue;
    const pinned = JSON.parse(row.pinned) as { value?: Json; reason: string | null; detail: string | null };
    holds[row.attribute] = {
      value: pinned.value,
      reason: isInactiveReason(pinned.reason) ? pinned.reason : null,
      detail: pinned.detail,
    };
  }
  return {
    records: records.map((record) =>
      claimedRecord(record, resolvedReferences(record, options.references, context.catalogue)),
    ),
    rules: context.rules,
    directories: directoryModes(context),
    overrides: overrides.map((row) => ({
      overrideId: row.id,
      attribute: row.attribute,
      value: JSON.parse(row.value ?? 'null') as Json,
    })),
    holds,
    now: options.now,
    timeZone: context.timeZone,
  };
}

function directoryModes(context: TenantContext): ResolutionInput['directories'] {
  const modes: Record<string, { mode: 'live' | 'retired'; retiredVote?: 'keep' | 'deny' }> = {};
  for (const directory of context.directories) {
    if (directory.mode === 'live') modes[directory.name] = { mode: 'live' };
    else if (directory.mode === 'retired') modes[directory.name] = { mode: 'retired', retiredVote: 'keep' };
  }
  return modes;
}

/** While a guard holds an attribute, what stood beside the value stays, too. */
function provenanceOf(resolved: ResolvedAttribute, before: Provenance | undefined): Provenance {
  if (resolved.winner.by === 'hold' && before !== undefined) return before;
  return { winner: resolved.winner, rulePath: resolved.rule.path, strategy: resolved.rule.strategy };
}

function attributeChanges(before: UserState | null, resolution: Resolution): AttributeChange[] {
  const names = new Set([...Object.keys(before?.attributes ?? {}), ...Object.keys(resolution.attributes)]);
  const unknown = new Set(resolution.unknown);
  const changes: AttributeChange[] = [];
  for (const attribute of [...names].sort()) {
    const resolved = resolution.attributes[attribute];
    const from = before?.attributes[attribute] ?? null;
    const to = resolved?.value ?? null;
    const kind = kindOfChange(before, attribute, from, to, resolved, unknown.has(attribute));
    if (kind === null) continue;
    changes.push({
      attribute,
      from,
      to,
      kind,
      provenance: resolved === undefined ? null : provenanceOf(resolved, before?.provenance[attribute]),
      reason: resolved?.reason ?? null,
      detail: resolved?.detail ?? null,
      effectiveAt: resolved?.effectiveAt ?? null,
      unknown: unknown.has(attribute),
    });
  }
  return changes;
}

function kindOfChange(
  before: UserState | null,
  attribute: string,
  from: Json,
  to: Json,
  resolved: ResolvedAttribute | undefined,
  isUnknown: boolean,
): 'value' | 'provenance' | null {
  if (!sameValue(from, to)) return 'value';
  if (before === null) return attribute === 'active' ? 'value' : null;
  if (before.unknown.includes(attribute) !== isUnknown) return 'provenance';
  if (resolved === undefined || resolved.winner.by === 'hold') return null;
  const stood = before.provenance[attribute];
  const now = provenanceOf(resolved, stood);
  if (stood === undefined || !sameValue(asJson(stood), asJson(now)))
    return to === null && from === null ? null : 'provenance';
  const reasonChanged =
    attribute === 'active' &&
    !before.active &&
    (before.inactive?.reason !== resolved.reason || before.inactive?.detail !== resolved.detail);
  return reasonChanged ? 'provenance' : null;
}

const asJson = (value: Provenance): Json => JSON.parse(JSON.stringify(value)) as Json;

function inactivity(
  before: UserState | null,
  active: ResolvedAttribute,
  now: string,
  changeId: string,
  changes: readonly AttributeChange[],
): UserState['inactive'] {
  const stood = before?.inactive ?? null;
  if (stood !== null && !changes.some((change) => change.attribute === 'active')) return stood;
  // While a guard holds the attribute, the reason it had stands.
  if (stood !== null && stood.reason === active.reason && stood.detail === active.detail) return stood;
  return {
    reason: active.reason ?? 'no_source',
    detail: active.detail,
    at: now,
    effectiveAt: active.effectiveAt,
    changeId,
  };
}

/** Reasons out of which somebody becomes active for the first time; every other return is a reactivation. */
const NEVER_BEGUN: ReadonlySet<string> = new Set(['pre_hire', 'no_record', 'no_source']);

function changeKind(before: UserState | null, after: UserState, changes: readonly AttributeChange[]): UserChangeKind {
  if (before === null) return 'user.created';
  if (before.active && !after.active) return 'user.deactivated';
  if (!before.active && after.active) {
    const isFirst = before.firstActiveAt === null && NEVER_BEGUN.has(before.inactive?.reason ?? '');
    return isFirst ? 'user.activated' : 'user.reactivated';
  }
  return changes.some((change) => change.kind === 'value') ? 'user.updated' : 'user.provenance';
}

function drawMerged(
  context: TenantContext,
  set: WorkSet,
  options: DrawOptions,
  loser: string,
  survivor: string,
): UserEffect | null {
  const before = set.users.get(loser);
  if (before === undefined || before.mergedInto !== null) return null;
  const changeId = context.ids.next('chg');
  const change: AttributeChange = {
    attribute: 'active',
    from: before.active,
    to: false,
    kind: before.active ? 'value' : 'provenance',
    provenance: before.provenance.active ?? null,
    reason: 'merged',
    detail: survivor,
    effectiveAt: null,
    unknown: false,
  };
  const after: UserState = {
    ...before,
    attributes: { ...before.attributes, active: false },
    unknown: [],
    active: false,
    inactive: { reason: 'merged', detail: null, at: options.now, effectiveAt: null, changeId },
    version: before.version + 1,
    mergedInto: survivor,
  };
  const cause: Cause = { ...options.cause, sourceId: null, mappingVersion: null, rulesVersion: context.rulesVersion };
  return { before, after, kind: 'user.merged', changeId, changes: [change], cause, resolution: null, records: [] };
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, n) => item === b[n]);
}

function earliest(a: string | null, b: string | null): string | null {
  const known = [a, b].flatMap((instant) => (instant === null ? [] : [new Date(instant).toISOString()])).sort();
  return known[0] ?? null;
}

function nextExpiry(overrides: readonly OverrideRow[] | undefined, now: string): string | null {
  const next = (overrides ?? []).flatMap((row) => (row.until !== null && row.until > now ? [row.until] : [])).sort();
  return next[0] ?? null;
}
