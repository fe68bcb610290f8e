import type { AttributeName } from '../model/claims.js';
import type { Json } from '../model/json.js';
import type { Provenance, UserState } from '../population/tables.js';
import { parseChanges } from './stored-changes.js';
import type { AttributeChange, Cause, ChangeRow } from './tables.js';

/** The change that made a value what it is. */
export interface SetBy {
  changeId: string;
  at: string;
  /** The date that caused it; null: none did. */
  effectiveAt: string | null;
}

/** What a user's changes add up to. */
export interface FoldedUser {
  state: Omit<UserState, 'id' | 'broughtBy'>;
  /** By attribute, also of those that have no value any more. */
  setBy: ReadonlyMap<AttributeName, SetBy>;
  /** The mapping that made the claims of a record when it last changed the user, by `directory:source id`. */
  mappedBy: ReadonlyMap<string, { version: string; at: string }>;
}

/** Folds a user's changes, oldest first. Null: there are none. */
export function foldChanges(rows: readonly ChangeRow[]): FoldedUser | null {
  const [first] = rows;
  if (first === undefined) return null;
  const fold = new Fold(first.at);
  for (const row of rows) fold.add(row);
  return fold.result();
}

class Fold {
  readonly #createdAt: string;
  readonly #attributes: Record<AttributeName, Json> = {};
  readonly #provenance: Record<AttributeName, Provenance> = {};
  readonly #unknown = new Set<AttributeName>();
  readonly #setBy = new Map<AttributeName, SetBy>();
  readonly #mappedBy = new Map<string, { version: string; at: string }>();
  #inactive: UserState['inactive'] = null;
  #firstActiveAt: string | null = null;
  #mergedInto: string | null = null;
  #version = 0;

  constructor(createdAt: string) {
    this.#createdAt = createdAt;
  }

  add(row: ChangeRow): void {
    const cause = JSON.parse(row.cause) as Cause;
    this.#version = row.version;
    for (const change of parseChanges(row.attributes)) this.#addChange(row, change);
    // Nobody asks a merged user for anything any more, so nothing of it is unknown.
    if (row.kind === 'user.merged') this.#unknown.clear();
    const { directory, sourceId, mappingVersion: version } = cause;
    if (directory !== null && sourceId !== null && version !== null) {
      this.#mappedBy.set(`${directory}:${sourceId}`, { version, at: row.at });
    }
  }

  #addChange(row: ChangeRow, change: AttributeChange): void {
    const { attribute, to, provenance } = change;
    if (to === null) Reflect.deleteProperty(this.#attributes, attribute);
    else this.#attributes[attribute] = to;
    if (provenance === null) Reflect.deleteProperty(this.#provenance, attribute);
    else this.#provenance[attribute] = provenance;
    if (change.unknown) this.#unknown.add(attribute);
    else this.#unknown.delete(attribute);
    if (change.kind === 'value')
      this.#setBy.set(attribute, { changeId: row.id, at: row.at, effectiveAt: change.effectiveAt });
    if (attribute === 'active') this.#addActivity(row, change);
  }

  /** The same reason again under another cause is the same inactivity. */
  #addActivity(row: ChangeRow, { to, reason, detail, effectiveAt }: AttributeChange): void {
    this.#mergedInto = reason === 'merged' ? detail : null;
    if (to === true) {
      this.#firstActiveAt ??= row.at;
      this.#inactive = null;
      return;
    }
    const stood = this.#inactive;
    const shown = reason === 'merged' ? null : detail;
    if (stood !== null && stood.reason === reason && stood.detail === shown) return;
    this.#inactive = { reason: reason ?? 'no_source', detail: shown, at: row.at, effectiveAt, changeId: row.id };
  }

  result(): FoldedUser {
    const state = {
      attributes: this.#attributes,
      provenance: this.#provenance,
      unknown: [...this.#unknown].sort(),
      active: this.#attributes.active === true,
      inactive: this.#inactive,
      firstActiveAt: this.#firstActiveAt,
      version: this.#version,
      mergedInto: this.#mergedInto,
      createdAt: this.#createdAt,
    };
    return { state, setBy: this.#setBy, mappedBy: this.#mappedBy };
  }
}
