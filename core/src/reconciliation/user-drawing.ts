import type { AttributeChange, Cause } from '../history/tables.js';
import { sameValue } from '../model/compare.js';
import type { Json } from '../model/json.js';
import type { Resolution, ResolutionInput, ResolvedAttribute } from '../model/resolution.js';
import type { GuardHoldRow, OverrideRow, Provenance, UserState } from '../population/tables.js';
import { resolve } from '../resolution/resolve.js';
import { attributeChanges, changeKind, provenanceOf } from './attribute-changes.js';
import type { UserEffect } from './effects.js';
import type { DrawOptions } from './pass-cause.js';
import { resolutionInput } from './resolution-input.js';
import type { TenantContext } from './tenant-context.js';
import type { WorkRecord, WorkSet } from './work-set.js';

/** A user with the records that the partition gave them. */
export interface Owner {
  userId: string;
  records: readonly WorkRecord[];
  /** The record that brings the user, where they are new. */
  broughtBy: string | null;
}

/** What drawing one user came to. */
export interface DrawnUser {
  effect: UserEffect;
  /** The next instant at which the user must be resolved again; null: none. */
  dueAt: string | null;
  /** Holds of the user that are over: what they pin and what would be agree again. */
  endedHolds: GuardHoldRow[];
}

/** Resolves one user and says what changed. */
export function drawUser(context: TenantContext, set: WorkSet, options: DrawOptions, owner: Owner): DrawnUser {
  const { userId, records } = owner;
  const before = set.users.get(userId) ?? null;
  const input = resolutionInput(context, set, options, userId, records);
  const { resolution, endedHolds } = resolveUnderHolds(context, input, set.holds.get(userId) ?? []);
  const changes = attributeChanges(before, resolution);
  const changeId = context.ids.next('chg');
  const after = stateAfter(before ?? newcomer(owner, options.now), resolution, changes, {
    now: options.now,
    changeId,
  });
  const isSame = before !== null && changes.length === 0 && stands(before, after);
  return {
    effect: {
      before,
      after: isSame ? before : after,
      kind: isSame ? 'user.provenance' : changeKind(before, after, changes),
      changeId,
      changes,
      cause: causeOf(context, options, records),
      resolution,
      records: [...records],
    },
    dueAt: earliest(resolution.dueAt, nextExpiry(set.overrides.get(userId), options.now)),
    endedHolds,
  };
}

/** A hold ends by itself when the candidate has come back to what it pins. */
function resolveUnderHolds(
  context: TenantContext,
  input: ResolutionInput,
  rows: readonly GuardHoldRow[],
): { resolution: Resolution; endedHolds: GuardHoldRow[] } {
  const free = resolve({ ...input, holds: {} }, context.catalogue);
  const holds = Object.entries(input.holds);
  if (holds.length === 0) return { resolution: free, endedHolds: [] };
  const standing = holds.filter(([name, hold]) => !sameValue(free.attributes[name]?.value ?? null, hold.value ?? null));
  const names = new Set(standing.map(([name]) => name));
  return {
    resolution:
      standing.length === 0 ? free : resolve({ ...input, holds: Object.fromEntries(standing) }, context.catalogue),
    endedHolds: rows.filter((row) => Object.hasOwn(input.holds, row.attribute) && !names.has(row.attribute)),
  };
}

/** A user before anything is known of them. */
function newcomer({ userId, records, broughtBy }: Owner, now: string): UserState {
  return {
    id: userId,
    attributes: {},
    provenance: {},
    unknown: [],
    active: false,
    inactive: null,
    firstActiveAt: null,
    version: 0,
    mergedInto: null,
    broughtBy: broughtBy ?? records[0]?.row.id ?? '',
    createdAt: now,
  };
}

function stateAfter(
  before: UserState,
  resolution: Resolution,
  changes: readonly AttributeChange[],
  pass: { now: string; changeId: string },
): UserState {
  const active = resolution.attributes.active;
  const isActive = active?.value === true;
  return {
    ...before,
    ...valuesOf(before, resolution),
    unknown: [...resolution.unknown].sort(),
    active: isActive,
    inactive: isActive || active === undefined ? null : inactivity(before, active, changes, pass),
    firstActiveAt: before.firstActiveAt ?? (isActive ? pass.now : null),
    version: before.version + 1,
    mergedInto: null,
  };
}

function valuesOf(before: UserState, resolution: Resolution): Pick<UserState, 'attributes' | 'provenance'> {
  const attributes: Record<string, Json> = {};
  const provenance: Record<string, Provenance> = {};
  for (const [name, resolved] of Object.entries(resolution.attributes)) {
    if (resolved.value !== null) attributes[name] = resolved.value;
    provenance[name] = provenanceOf(resolved, before.provenance[name]);
  }
  return { attributes, provenance };
}

function inactivity(
  before: UserState,
  active: ResolvedAttribute,
  changes: readonly AttributeChange[],
  pass: { now: string; changeId: string },
): UserState['inactive'] {
  const stood = before.inactive;
  if (stood !== null && !changes.some((change) => change.attribute === 'active')) return stood;
  // While a guard holds the attribute, the reason it had stands.
  if (stood?.reason === active.reason && stood.detail === active.detail) return stood;
  return {
    reason: active.reason ?? 'no_source',
    detail: active.detail,
    at: pass.now,
    effectiveAt: active.effectiveAt,
    changeId: pass.changeId,
  };
}

/** True where nothing but the version would differ. */
function stands(before: UserState, after: UserState): boolean {
  return sameList(before.unknown, after.unknown) && after.mergedInto === before.mergedInto;
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, n) => item === b[n]);
}

/** The record of the run's directory that led to it: a seed first. */
function causeOf(context: TenantContext, { cause }: DrawOptions, records: readonly WorkRecord[]): Cause {
  const own = records.filter((record) => record.directory.name === cause.directory);
  const led = own.find((record) => record.seed) ?? own[0];
  return {
    ...cause,
    sourceId: led?.row.source_id ?? null,
    mappingVersion: led?.mappingVersion ?? null,
    rulesVersion: context.rulesVersion,
  };
}

function earliest(a: string | null, b: string | null): string | null {
  const known = [a, b].flatMap((instant) => (instant === null ? [] : [new Date(instant).toISOString()])).sort();
  return known[0] ?? null;
}

function nextExpiry(overrides: readonly OverrideRow[] | undefined, now: string): string | null {
  const next = (overrides ?? []).flatMap((row) => (row.until > now ? [row.until] : [])).sort();
  return next[0] ?? null;
}
