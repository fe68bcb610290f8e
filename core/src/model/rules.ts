import type { AttributeName } from './claims.js';
import type { Json } from './json.js';

/** A tenant's rules after parsing: defaults filled in, names checked. */
export interface Rules {
  /** Directory names, first speaks first; serves attributes without a rule of their own. Exhaustive. */
  priority: readonly string[];
  attributes: Readonly<Record<AttributeName, AttributeRule>>;
  correlation: readonly CorrelationRule[];
  lifecycle: LifecycleRules;
  guards: GuardRules;
}

export interface AttributeRule {
  /** Exhaustive and ordered. */
  from: readonly string[];
  /** Sets only: whole set of the highest (`priority`) or `union`. */
  strategy: 'priority' | 'union' | 'vote';
  onConflict: 'log' | 'ignore';
  /** Demotes a claim below fresher ones; milliseconds; refused on active, employment.* and match keys. */
  maxAgeMs: number | null;
  /** `active` only: directories without whose record the answer is `no_record`. */
  require: readonly string[];
}

export interface CorrelationRule {
  name: string;
  /** A catalogue attribute, or `emails.primary`. */
  on: string;
  certainty: 'sure' | 'probable';
  /** True: a key shared by several present records of one directory still is a key. */
  sameDirectory: boolean;
}

export interface LifecycleRules {
  /** Directories whose records may bring a user into being. */
  create: readonly string[];
  preHireDays: number;
  onLeave: 'abstain' | 'deny';
}

/** A guard trips when count AND percent are both reached. */
export interface GuardLimit {
  count: number;
  percent: number;
}

export const GUARD_NAMES = [
  'absences',
  'deactivations',
  'reactivations',
  'creations',
  'merges',
  'privilegedRemovals',
  'attributeChanges',
  'quarantine',
] as const;
export type GuardName = (typeof GUARD_NAMES)[number];

export type GuardRules = Readonly<Record<GuardName, GuardLimit>> & { readonly neverHold: boolean };

/** An override as resolution sees it: a claim of a person that outranks all. */
export interface OverrideClaim {
  overrideId: string;
  attribute: AttributeName;
  value: Json;
}
