import type { Evaluator } from '../mapping/evaluator.js';
import type { MappedRecord } from '../mapping/map-batch.js';
import { parseMapping, type CompiledMapping } from '../mapping/mapping-file.js';
import { isRollcallError } from '@rollcall/connector-kit';
import type { Catalogue } from '../model/catalogue.js';
import type { AttributeName, Claim, Claims, UnknownCause } from '../model/claims.js';
import type { JsonObject } from '../model/json.js';
import type { MappingVersionRow } from '../rules/tables.js';
import type { PayloadRow } from '../sources/tables.js';

/** What it takes to read a stored mapping text again; handed in, because history knows no engine. */
export interface MappingSource {
  evaluator: Evaluator;
  /** That of the tenant, its custom attributes included. */
  catalogue: Catalogue;
  /** sha256 of a text, in hexadecimal. */
  hash: (text: string) => string;
}

/** Stored mapping texts, each compiled once. */
export class StoredMappings {
  readonly catalogue: Catalogue;
  readonly #source: MappingSource;
  readonly #compiled = new Map<string, CompiledMapping | null>();

  constructor(source: MappingSource) {
    this.catalogue = source.catalogue;
    this.#source = source;
  }

  /** Null where the text no longer passes: an attribute it names may have left the tenant's configuration since. */
  compiled(row: MappingVersionRow): CompiledMapping | null {
    const known = this.#compiled.get(row.version);
    if (known !== undefined) return known;
    const compiled = this.#compile(row);
    this.#compiled.set(row.version, compiled);
    return compiled;
  }

  #compile(row: MappingVersionRow): CompiledMapping | null {
    const { evaluator, catalogue, hash } = this.#source;
    try {
      return parseMapping(row.text, { file: row.file, evaluator, catalogue, hash });
    } catch (error) {
      if (isRollcallError(error)) return null;
      throw error;
    }
  }
}

/** So far back a last good value is looked for. */
const MAX_OLDER = 20;

/**
 * What a record claimed by a payload of then: mapped again, and where an expression fails, the last good value of an older
 * payload under the same mapping.
 *
 * @param payloads - newest first.
 */
export async function claimsOfPayloads(
  payloads: readonly PayloadRow[],
  mapping: CompiledMapping,
  catalogue: Catalogue,
): Promise<Claims> {
  const mapped = await mapPayloads(payloads.slice(0, 1), mapping, catalogue);
  const isWhole = mapped.every(({ claims }) => [...claims.values()].every((claim) => !('error' in claim)));
  if (!isWhole) mapped.push(...(await mapPayloads(payloads.slice(1, MAX_OLDER), mapping, catalogue)));
  const claims: Record<AttributeName, Claim> = {};
  for (const [attribute, claim] of mapped[0]?.claims ?? []) {
    claims[attribute] = 'error' in claim ? lastGood(attribute, claim.error, mapped, payloads) : { value: claim.value };
  }
  return claims;
}

async function mapPayloads(
  payloads: readonly PayloadRow[],
  mapping: CompiledMapping,
  catalogue: Catalogue,
): Promise<MappedRecord[]> {
  // Loaded where payloads are mapped again; an answer as of now needs neither it nor the validator behind it.
  const { mapBatch } = await import('../mapping/map-batch.js');
  const records = payloads.map(({ raw }) => ({ raw: JSON.parse(raw) as JsonObject }));
  return mapBatch(records, mapping, { catalogue, vanished: new Set() });
}

function lastGood(
  attribute: AttributeName,
  cause: UnknownCause,
  mapped: readonly MappedRecord[],
  payloads: readonly PayloadRow[],
): Claim {
  let since = '';
  for (const [n, { claims }] of mapped.entries()) {
    const claim = claims.get(attribute);
    if (claim === undefined) break;
    if (!('error' in claim)) return { value: claim.value, unknown: { since, cause } };
    since = payloads[n]?.observed_at ?? since;
  }
  return { unknown: { since, cause } };
}
