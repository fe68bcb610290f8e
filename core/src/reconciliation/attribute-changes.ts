import type { AttributeChange } from '../history/tables.js';
import { sameValue } from '../model/compare.js';
import type { Json } from '../model/json.js';
import type { Resolution, ResolvedAttribute } from '../model/resolution.js';
import type { Provenance, UserState } from '../population/tables.js';
import type { UserChangeKind } from './effects.js';

/** What changed of a user's attributes: values, and where values come from; sorted by name. */
export function attributeChanges(before: UserState | null, resolution: Resolution): AttributeChange[] {
  const names = new Set([...Object.keys(before?.attributes ?? {}), ...Object.keys(resolution.attributes)]);
  const unknown = new Set(resolution.unknown);
  return [...names].sort().flatMap((attribute) => {
    const resolved = resolution.attributes[attribute];
    return changeOf({
      before,
      attribute,
      from: before?.attributes[attribute] ?? null,
      to: resolved?.value ?? null,
      resolved,
      isUnknown: unknown.has(attribute),
    });
  });
}

/** One attribute, as it was and as it is. */
interface Compared {
  before: UserState | null;
  attribute: string;
  from: Json;
  to: Json;
  resolved: ResolvedAttribute | undefined;
  isUnknown: boolean;
}

function changeOf(compared: Compared): AttributeChange[] {
  const { before, attribute, from, to, resolved, isUnknown } = compared;
  const kind = kindOfChange(compared);
  if (kind === null) return [];
  const grounds = groundsOf(resolved, before?.provenance[attribute]);
  return [{ attribute, from, to, kind, ...grounds, unknown: isUnknown }];
}

type Grounds = Pick<AttributeChange, 'provenance' | 'reason' | 'detail' | 'effectiveAt'>;

const NO_GROUNDS: Grounds = { provenance: null, reason: null, detail: null, effectiveAt: null };

function groundsOf(resolved: ResolvedAttribute | undefined, stood: Provenance | undefined): Grounds {
  if (resolved === undefined) return NO_GROUNDS;
  const { reason, detail, effectiveAt } = resolved;
  return { provenance: provenanceOf(resolved, stood), reason, detail, effectiveAt };
}

/** While a guard holds an attribute, what stood beside the value stays, too. */
export function provenanceOf(resolved: ResolvedAttribute, stood: Provenance | undefined): Provenance {
  if (resolved.winner.by === 'hold' && stood !== undefined) return stood;
  return { winner: resolved.winner, rulePath: resolved.rule.path, strategy: resolved.rule.strategy };
}

function kindOfChange(compared: Compared): 'value' | 'provenance' | null {
  const { before, attribute, resolved } = compared;
  if (!sameValue(compared.from, compared.to)) return 'value';
  if (before === null) return attribute === 'active' ? 'value' : null;
  if (before.unknown.includes(attribute) !== compared.isUnknown) return 'provenance';
  if (resolved === undefined || resolved.winner.by === 'hold') return null;
  return hasOtherGrounds(before, resolved, compared) ? 'provenance' : null;
}

/** Another directory, record, rule path, vote or reason under the same value. */
function hasOtherGrounds(before: UserState, resolved: ResolvedAttribute, { attribute, from, to }: Compared): boolean {
  const stood = before.provenance[attribute];
  if (stood === undefined || !sameProvenance(stood, provenanceOf(resolved, stood))) return to !== null || from !== null;
  return attribute === 'active' && isOtherInactivity(before, resolved);
}

const WINNER = ['by', 'directory', 'recordId', 'overrideId'] as const;

function sameProvenance(a: Provenance, b: Provenance): boolean {
  if (a.rulePath !== b.rulePath || a.strategy !== b.strategy) return false;
  return WINNER.every((part) => a.winner[part] === b.winner[part]);
}

function isOtherInactivity({ active, inactive }: UserState, resolved: ResolvedAttribute): boolean {
  return !active && (inactive?.reason !== resolved.reason || inactive.detail !== resolved.detail);
}

/** The user event that a change amounts to. */
export function changeKind(
  before: UserState | null,
  after: UserState,
  changes: readonly AttributeChange[],
): UserChangeKind {
  if (before === null) return 'user.created';
  if (before.active !== after.active) return after.active ? activation(before) : 'user.deactivated';
  return changes.some((change) => change.kind === 'value') ? 'user.updated' : 'user.provenance';
}

/** Reasons out of which somebody becomes active for the first time; every other return is a reactivation. */
const NEVER_BEGUN: ReadonlySet<string> = new Set(['pre_hire', 'no_record', 'no_source']);

function activation(before: UserState): UserChangeKind {
  const isFirst = before.firstActiveAt === null && NEVER_BEGUN.has(before.inactive?.reason ?? '');
  return isFirst ? 'user.activated' : 'user.reactivated';
}
