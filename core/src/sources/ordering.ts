import type { SourceRecordRow } from './tables.js';

/** The latest whole read of a kind: the begins of its first and of its last page. */
export interface WholeRead {
  watermark: number;
  seal: number;
}

/**
 * How what a read says of a record stands to what is known of it. `newer`: it counts. `stale`: something that began later
 * is known. `unsure`: it began while a whole read ran, whose page of this record may have been earlier or later; where
 * both differ nobody knows which is true, and the record is read by itself.
 */
export type Standing = 'newer' | 'stale' | 'unsure';

/** Orders evidence by when its read began (design, P3 and P4); never by arrival, never by anybody's clock. */
export function standingOf(
  record: Pick<SourceRecordRow, 'begin' | 'gone_begin'> | undefined,
  begin: number,
  last: WholeRead | null,
): Standing {
  if (record !== undefined && record.begin > begin) return 'stale';
  // A whole read writes no row of what it finds unchanged: what it saw began at its watermark at the earliest.
  if (last !== null && begin < last.watermark) return 'stale';
  if (last !== null && begin <= last.seal) return 'unsure';
  return record?.gone_begin != null && record.gone_begin >= begin ? 'stale' : 'newer';
}
