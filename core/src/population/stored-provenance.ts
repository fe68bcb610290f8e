import type { AttributeName } from '../model/claims.js';
import type { Provenance } from './tables.js';

/**
 * Provenance as it is stored: most attributes of a person come from the same record by the same rule, so all but the
 * first of them name that one instead of repeating it.
 */
export type StoredProvenance = Readonly<Record<AttributeName, Provenance | AttributeName>>;

/** Tells which of several provenances are the same. */
export class ProvenanceFolder {
  readonly #first = new Map<string, AttributeName>();

  /** The provenance, or the name of the earlier attribute that has the same. */
  fold(attribute: AttributeName, provenance: Provenance): Provenance | AttributeName {
    const { winner, rulePath, strategy } = provenance;
    const key = `${winner.by}\n${winner.recordId}\n${winner.overrideId}\n${winner.directory}\n${strategy}\n${rulePath}`;
    const known = this.#first.get(key);
    if (known !== undefined) return known;
    this.#first.set(key, attribute);
    return provenance;
  }
}

/** The text of `user.provenance`. */
export function provenanceText(provenance: Readonly<Record<AttributeName, Provenance>>): string {
  const folder = new ProvenanceFolder();
  const stored: Record<AttributeName, Provenance | AttributeName> = {};
  for (const [attribute, one] of Object.entries(provenance)) stored[attribute] = folder.fold(attribute, one);
  return JSON.stringify(stored);
}

/** Reads what `provenanceText` wrote. */
export function parseProvenance(text: string): Record<AttributeName, Provenance> {
  const stored = JSON.parse(text) as StoredProvenance;
  const provenance: Record<AttributeName, Provenance> = {};
  for (const [attribute, one] of Object.entries(stored)) {
    const meant = typeof one === 'string' ? stored[one] : one;
    if (meant === undefined || typeof meant === 'string')
      throw new Error(`The stored provenance of ${attribute} names what is not there.`);
    provenance[attribute] = meant;
  }
  return provenance;
}
