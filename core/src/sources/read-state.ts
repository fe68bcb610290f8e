import type { RecordKind } from '@rollcall/connector-kit';
import type { RecordCounts } from '../model/documents.js';
import { FieldStats } from './field-stats.js';
import type { WholeRead } from './ordering.js';
import { Seen } from './seen.js';

/** Reads the source id out of a raw record, by the mapping. */
export interface SourceIdReading {
  readonly sync: ((raw: never) => string | undefined) | null;
}

/** Everything that one read of one kind keeps between its pages. */
export interface ReadState {
  readonly tenantId: string;
  readonly directoryId: string;
  readonly kind: RecordKind;
  readonly runId: string;
  readonly trigger: string;
  readonly tier: string;
  /** ISO instant that payloads of this read carry. */
  readonly observedAt: string;
  /** True for a read that can prove itself whole: only it may skip the write of an unchanged row. */
  readonly whole: boolean;
  readonly volatile: ReadonlySet<string>;
  readonly seen: Seen;
  /** What the fields of its new and changed records look like. */
  readonly fields: FieldStats;
  readonly counts: RecordCounts;
  readonly rowsWritten: { records: number; payloads: number };
  /** Places put into quarantine by this read. */
  readonly quarantined: Set<string>;
  /** The last complete read of the kind; null: none. */
  last: WholeRead | null;
  pageNo: number;
  firstBegin: number;
  lastBegin: number;
  /** Rows whose id cannot be read: while there is one, the read proves no absence. */
  withoutId: number;
}

/** A read that starts. */
export function startRead(parts: {
  tenantId: string;
  directoryId: string;
  kind: RecordKind;
  runId: string;
  trigger: string;
  tier: string;
  observedAt: string;
  whole: boolean;
  volatile: readonly string[];
  last: WholeRead | null;
  /** Fields whose values may be kept. */
  valuedFields?: ReadonlySet<string>;
}): ReadState {
  const { valuedFields, ...rest } = parts;
  return {
    ...rest,
    fields: new FieldStats(valuedFields),
    volatile: new Set(parts.volatile),
    seen: new Seen(),
    counts: { read: 0, new: 0, changed: 0, same: 0, stale: 0, absent: 0, quarantined: 0 },
    rowsWritten: { records: 0, payloads: 0 },
    quarantined: new Set(),
    pageNo: 0,
    firstBegin: 0,
    lastBegin: 0,
    withoutId: 0,
  };
}
