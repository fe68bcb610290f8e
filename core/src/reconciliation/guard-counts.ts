import type { GuardName } from '../model/rules.js';
import type { Who } from '../model/documents.js';
import { sameValue } from '../model/compare.js';
import type { Json } from '../model/json.js';
import type { InactiveReason } from '../model/claims.js';
import { newlyUnknown } from './draw.js';
import type { Effects, UserEffect } from './effects.js';
import type { WorkRecord, WorkSet } from './work-set.js';
import { whoOfEffect } from './event-drafts.js';

/** One thing that a guard counts and would hold. */
export interface Guarded {
  /** A record id or a user id. */
  subject: string;
  /** What is pinned: an attribute, `group:<id>`, `creation`, `merge`, or empty for a record's absence. */
  attribute: string;
  pinned: { value?: Json; reason?: InactiveReason | null; detail?: string | null };
  candidate: Json;
  sample: { user: string | null; who: Who };
}

/** What one guard counted; `attributeChanges` and `privilegedRemovals` count per attribute and group. */
export interface GuardCount {
  guard: GuardName;
  /** Empty, or the attribute or group that it counts for. */
  part: string;
  items: Guarded[];
  /** Size that percentages are of, where it is not that of the directory. */
  base: number | null;
}

/** Which guards count in a run. */
export interface GuardScope {
  /** The directory's name; null: a run of the tenant, where every change counts. */
  directory: string | null;
  /** False in a directory's first complete read: creations and changed attributes are what it is for. */
  grown: boolean;
  /** False where people come one by one, as a source hires them. */
  creations: boolean;
  privilegedGroups: ReadonlySet<string>;
}

/** Counts over the drawn effects of a whole run, batch by batch. Only counters and what would be held are kept. */
export class GuardCounter {
  readonly counts = new Map<string, GuardCount>();
  examined = 0;
  unknown = 0;
  /** One of those records, to say what is wrong with it. */
  firstUnknown: WorkRecord | null = null;
  readonly #scope: GuardScope;
  readonly #seen = new Set<string>();

  constructor(scope: GuardScope) {
    this.#scope = scope;
  }

  /** Another one that counts alike, from nothing. */
  anew(): GuardCounter {
    return new GuardCounter(this.#scope);
  }

  /** How many there are of each guard and part. */
  get sizes(): Map<string, number> {
    return new Map([...this.counts].map(([place, count]) => [place, count.items.length]));
  }

  count(effects: Effects): void {
    const absent = this.#countAbsences(effects);
    for (const user of effects.users) if (user.changes.length > 0) this.#countUser(user, absent);
    this.#countRemovals(effects);
    this.countMapped(effects.set);
  }

  /** Records whose attributes cannot be mapped any more. */
  countMapped(set: WorkSet): void {
    for (const record of set.records.values()) {
      if (!record.seed) continue;
      this.examined += 1;
      if (!record.mapped || newlyUnknown(record).length === 0) continue;
      this.unknown += 1;
      this.firstUnknown ??= record;
    }
  }

  /** Users who leave by not being there. */
  #countAbsences(effects: Effects): Set<string> {
    const owner = new Map(
      effects.users.flatMap((user) => user.records.map((record) => [record.row.id, user] as const)),
    );
    const leaving = new Set(effects.memberships.filter((entry) => entry.closes !== null).map((entry) => entry.userId));
    const users = new Set<string>();
    for (const record of effects.set.records.values()) {
      const user = owner.get(record.row.id);
      if (!isLeaving(record) || user === undefined || (user.changes.length === 0 && !leaving.has(user.after.id)))
        continue;
      users.add(user.after.id);
      this.#add('absences', '', {
        subject: record.row.id,
        attribute: '',
        pinned: {},
        candidate: null,
        sample: sampleOf(user),
      });
    }
    return users;
  }

  #countUser(user: UserEffect, absent: ReadonlySet<string>): void {
    if (user.kind === 'user.deactivated' && !absent.has(user.after.id)) this.#add('deactivations', '', activeOf(user));
    if (user.kind === 'user.reactivated') this.#add('reactivations', '', activeOf(user));
    if (user.kind === 'user.merged') this.#add('merges', '', mergeOf(user));
    if (!this.#scope.grown) return;
    if (user.kind === 'user.created' && this.#scope.creations) this.#add('creations', '', creationOf(user));
    this.#countAttributes(user);
  }

  /** A first value never counts, and `active` has guards of its own. */
  #countAttributes(user: UserEffect): void {
    for (const change of user.changes) {
      const isFirst = change.from === null || change.attribute === 'active' || user.before === null;
      if (isFirst || change.kind !== 'value' || sameValue(change.from, change.to)) continue;
      this.#add('attributeChanges', change.attribute, {
        subject: user.after.id,
        attribute: change.attribute,
        pinned: { value: change.from, reason: null, detail: null },
        candidate: change.to,
        sample: sampleOf(user),
      });
    }
  }

  #countRemovals(effects: Effects): void {
    const users = new Map(effects.users.map((user) => [user.after.id, user]));
    for (const membership of effects.memberships) {
      const user = users.get(membership.userId);
      if (membership.closes === null || user === undefined || !this.#scope.privilegedGroups.has(membership.group.id))
        continue;
      this.#add('privilegedRemovals', membership.group.id, {
        subject: membership.userId,
        attribute: `group:${membership.group.id}`,
        pinned: {},
        candidate: null,
        sample: sampleOf(user),
      });
    }
  }

  #add(guard: GuardName, part: string, item: Guarded): void {
    const key = `${guard}/${part}/${item.subject}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const place = `${guard}/${part}`;
    const count = this.counts.get(place) ?? { guard, part, items: [], base: null };
    count.items.push(item);
    this.counts.set(place, count);
  }
}

function sampleOf(user: UserEffect): { user: string; who: Who } {
  return { user: user.after.id, who: whoOfEffect(user) };
}

function mergeOf(user: UserEffect): Guarded {
  return {
    subject: user.after.id,
    attribute: 'merge',
    pinned: {},
    candidate: user.after.mergedInto,
    sample: sampleOf(user),
  };
}

function creationOf(user: UserEffect): Guarded {
  return {
    subject: user.after.broughtBy,
    attribute: 'creation',
    pinned: {},
    candidate: null,
    sample: { ...sampleOf(user), user: null },
  };
}

function activeOf(user: UserEffect): Guarded {
  return {
    subject: user.after.id,
    attribute: 'active',
    pinned: {
      value: user.before?.active ?? false,
      reason: user.before?.inactive?.reason ?? null,
      detail: user.before?.inactive?.detail ?? null,
    },
    candidate: user.after.active,
    sample: sampleOf(user),
  };
}

/** A record whose absence is news of this pass: one that was gone before has had its consequences. */
function isLeaving(record: WorkRecord): boolean {
  const isAbsent = record.row.gone_begin !== null && record.row.gone_reason === 'absent';
  return record.seed && !record.held && isAbsent && record.row.dirty !== null;
}
