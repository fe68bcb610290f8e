import type { AttributeName } from '../model/claims.js';
import { ProvenanceFolder } from '../population/stored-provenance.js';
import type { Provenance } from '../population/tables.js';
import type { AttributeChange } from './tables.js';

/** One change as it is stored: what is null or false is left out, a provenance seen before is named by its attribute. */
type StoredChange = Pick<AttributeChange, 'attribute' | 'kind'> &
  Partial<Omit<AttributeChange, 'provenance'>> & { provenance?: Provenance | AttributeName };

/** The text of `change.attributes`: a history is written once and kept for ever, so it is kept small. */
export function changesText(changes: readonly AttributeChange[]): string {
  const folder = new ProvenanceFolder();
  return JSON.stringify(changes.map((change) => stored(change, folder)));
}

function stored(change: AttributeChange, folder: ProvenanceFolder): StoredChange {
  const { attribute, kind, provenance } = change;
  return {
    attribute,
    kind,
    from: change.from ?? undefined,
    to: change.to ?? undefined,
    provenance: provenance === null ? undefined : folder.fold(attribute, provenance),
    reason: change.reason ?? undefined,
    detail: change.detail ?? undefined,
    effectiveAt: change.effectiveAt ?? undefined,
    unknown: change.unknown || undefined,
  } as StoredChange;
}

/** Reads what `changesText` wrote. */
export function parseChanges(text: string): AttributeChange[] {
  const stored = JSON.parse(text) as StoredChange[];
  const seen = new Map<AttributeName, Provenance>();
  return stored.map((change) => {
    const { attribute } = change;
    const provenance = typeof change.provenance === 'string' ? seen.get(change.provenance) : change.provenance;
    if (provenance !== undefined) seen.set(attribute, provenance);
    return {
      attribute,
      from: change.from ?? null,
      to: change.to ?? null,
      kind: change.kind,
      provenance: provenance ?? null,
      reason: change.reason ?? null,
      detail: change.detail ?? null,
      effectiveAt: change.effectiveAt ?? null,
      unknown: change.unknown ?? false,
    };
  });
}
