import type { Claims } from '../model/claims.js';
import type { ClaimsRow } from '../sources/tables.js';
import type { WorkRecord } from './work-set.js';

type StoredClaims = Pick<WorkRecord, 'claims' | 'storedClaims' | 'stored' | 'mappingVersion' | 'claimsPayloadNo'>;

/** What a record claims so far. */
export function storedClaims(row: ClaimsRow | undefined): StoredClaims {
  if (row === undefined)
    return { claims: {}, storedClaims: null, stored: null, mappingVersion: null, claimsPayloadNo: 0 };
  const claims = JSON.parse(row.claims) as Claims;
  const { payload_no: payloadNo, mapping_version: mappingVersion } = row;
  return {
    claims,
    storedClaims: claims,
    stored: { payloadNo, mappingVersion },
    mappingVersion,
    claimsPayloadNo: payloadNo,
  };
}
