import type { AttributeName } from '../model/claims.js';
import { shownInstant } from '../model/instants.js';
import type { Json, JsonObject } from '../model/json.js';
import type { Vote } from '../model/resolution.js';
import type { OverrideRow } from '../population/tables.js';
import type { StoredMappings } from './as-of-claims.js';
import type { SpokenRecord } from './as-of-records.js';
import { pinnedOf, type HoldRow } from './explain-grounds.js';

/** What a record says of an attribute, with all that it comes from. */
export function recordClaim(
  record: SpokenRecord,
  attribute: AttributeName,
  value: Json | undefined,
  mappings: StoredMappings,
): JsonObject {
  const unknown = record.claims[attribute]?.unknown;
  return {
    directory: record.directory.name,
    kind: record.row.kind,
    sourceId: record.row.source_id,
    value: value ?? null,
    ...payloadPart(record),
    mapping: mappingPart(record, attribute, mappings),
    ...(record.gone === null ? {} : { gone: { reason: record.gone.reason, at: shownInstant(record.gone.at) } }),
    ...(unknown === undefined
      ? {}
      : { unknown: { since: shownInstant(unknown.since), code: unknown.cause.code, message: unknown.cause.message } }),
  };
}

function payloadPart({ payload }: SpokenRecord): JsonObject {
  if (payload === null) return { runId: null, trigger: null, tier: null, observedAt: null, raw: null, record: null };
  return {
    runId: payload.run_id,
    trigger: payload.trigger,
    tier: payload.tier,
    observedAt: shownInstant(payload.observed_at),
    raw: JSON.parse(payload.raw) as JsonObject,
    record: { file: payload.file, line: payload.line },
  };
}

function mappingPart({ mapping }: SpokenRecord, attribute: AttributeName, mappings: StoredMappings): Json {
  if (mapping === null) return null;
  const expression = mappings.compiled(mapping)?.attributes.get(attribute);
  return {
    name: mapping.name,
    version: mapping.version,
    file: mapping.file,
    line: expression?.line ?? null,
    expression: expression?.text ?? null,
  };
}

/** A directory of `require` that has no record of the user. */
export function missingRecordClaim(directory: string): JsonObject {
  return { directory, kind: 'user', sourceId: null, value: null };
}

/** What employment says of `active`. */
export function employmentClaim(vote: Vote | undefined): JsonObject {
  return {
    directory: null,
    kind: 'employment',
    value: vote?.value ?? null,
    vote: vote?.vote ?? 'deny',
    ...(vote?.reason == null ? {} : { reason: vote.reason }),
  };
}

/** That two users turned out to be one; the survivor answers for the person. */
export function mergeClaim(mergedInto: string): JsonObject {
  return { directory: null, kind: 'merge', value: false, mergedInto };
}

/** What a person decided. */
export function overrideClaim(override: OverrideRow): JsonObject {
  return {
    directory: null,
    kind: 'override',
    overrideId: override.id,
    value: JSON.parse(override.value) as Json,
    reason: override.reason,
    setBy: override.set_by,
    setAt: shownInstant(override.set_at),
    until: shownInstant(override.until),
  };
}

/** A guard that keeps a value as it was until somebody decides; what was rejected is kept as a standing pin. */
export function guardHold(hold: HoldRow, at: string): JsonObject {
  const { review_id: reviewId, guard } = hold;
  const value = pinnedOf(hold.pinned).value ?? null;
  const rejectedAt = hold.status === 'rejected' ? hold.decided_at : null;
  if (rejectedAt === null || rejectedAt > at) {
    return { kind: 'guard', reviewId, guard, since: shownInstant(hold.opened_at), value };
  }
  const { reason, decided_by: setBy } = hold;
  return { kind: 'pin', reviewId, guard, reason, setBy, since: shownInstant(rejectedAt), value };
}
