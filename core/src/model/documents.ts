import type { ErrorPlace } from '@rollcall/connector-kit';
import type { AttributeName, InactiveReason } from './claims.js';
import type { Json, JsonObject } from './json.js';

/** The `error` of a document (contract.md, Output). */
export interface ErrorBody {
  code: string;
  message: string;
  where: ErrorPlace;
  mend: string;
  [extra: string]: unknown;
}

export interface Counts {
  users: {
    created: number;
    activated: number;
    updated: number;
    deactivated: number;
    reactivated: number;
    merged: number;
  };
  groups: { created: number; updated: number; removed: number };
  memberships: { added: number; removed: number };
}

export interface RecordCounts {
  read: number;
  new: number;
  changed: number;
  same: number;
  stale: number;
  absent: number;
  quarantined: number;
}

export interface HeldDocument {
  reviewId: string | null;
  guard: string;
  count: number;
  limit: number;
}

export interface DoubtDocument {
  doubt: 'empty' | 'shrunk' | 'scopeChanged' | 'columnVanished' | 'cut';
  before: number;
  now: number;
  attributes: AttributeName[];
}

export type RunOutcome =
  'finished' | 'held' | 'partial' | 'failed' | 'stopped' | 'interrupted' | 'superseded' | 'busy' | 'skipped';

/** One run, as in `rollcall.sync/1`. */
export interface RunDocument {
  runId: string | null;
  tenant: string;
  directory: string | null;
  trigger: string;
  tier: string;
  clock: 'wall' | 'given';
  outcome: RunOutcome;
  shadow?: true;
  complete: boolean;
  startedAt: string;
  endedAt: string | null;
  source: { file: string; sha256: string; alreadyAccepted: boolean }[];
  records: RecordCounts;
  changes: Counts;
  conflicts: { opened: number; closed: number };
  drift: { records: number };
  held: HeldDocument[];
  doubts: DoubtDocument[];
  pending: number;
  rowsWritten: { records: number; payloads: number; users: number; changes: number; events: number };
  events: { first: number; last: number } | null;
  warnings: { code: string; message: string }[];
  error: ErrorBody | null;
}

/** One run as it is stored: `running` until it ends. */
export type StoredRunDocument = Omit<RunDocument, 'outcome'> & { outcome: RunOutcome | 'running' };

export interface DueDocument {
  users: number;
  runId: string | null;
  held: HeldDocument[];
  events: { first: number; last: number } | null;
  changes: Counts;
}

export interface SyncDocument {
  format: 'rollcall.sync/1';
  exitCode: number;
  due: DueDocument;
  runs: RunDocument[];
  warnings: { code: string; message: string }[];
}

export interface Who {
  sourceId: string;
  name: string;
}

export interface ImpactDocument {
  kind: string;
  /** Null for somebody who does not exist yet. */
  user: string | null;
  who: Who;
  attributes: {
    attribute: AttributeName;
    from: Json;
    to: Json;
    reason: InactiveReason | null;
    directory: string | null;
  }[];
  /** True: a guard would hold it; `apply FILE` approves it. */
  held?: true;
  /** What the row rests on: `apply FILE` applies it only while this is the same. */
  inputs: string;
}

/** One directory's part of a plan; `directory` null: what is due by date. */
export interface PlanRunDocument extends RunDocument {
  wouldHold: HeldDocument[];
  impact: ImpactDocument[];
}

export interface PlanDocument {
  format: 'rollcall.plan/1';
  exitCode: number;
  due: DueDocument & { wouldHold: HeldDocument[]; impact: ImpactDocument[] };
  runs: PlanRunDocument[];
  warnings: { code: string; message: string }[];
}

export interface LinkDocument {
  how: string;
  rule: string | null;
  at: string;
}

export interface RecordDocument {
  directory: string;
  kind: string;
  sourceId: string;
  present: boolean;
  claimsActive: boolean | null;
  link: LinkDocument;
}

/** A user as in `rollcall.user/1`. */
export interface UserDocument {
  id: string;
  tenant: string;
  active: boolean;
  inactive: { reason: string; detail: string | null; at: string; effectiveAt: string | null; changeId: string } | null;
  version: number;
  mergedInto: string | null;
  attributes: JsonObject;
  unknown: AttributeName[];
  groups: { id: string; displayName: string; directory: string }[];
  openConflicts: string[];
  records: RecordDocument[];
}

export interface GroupDocument {
  id: string;
  tenant: string;
  displayName: string;
  directory: string;
  removed: boolean;
  version: number;
  members: number;
}

/** Who is in which group. */
export interface MembershipDocument {
  group: { id: string; displayName: string; directory: string };
  user: string;
  who: Who;
  since: string;
  /** Sequence of the event that opened it. */
  sequence: number;
}

export interface ConflictDocument {
  id: string;
  status: 'open' | 'closed';
  user: string;
  who: Who;
  attribute: AttributeName;
  value: Json;
  openedAt: string;
  updatedAt: string;
  closedAt: string | null;
  claims: { directory: string; sourceId: string; value: Json; wins: boolean }[];
  rule: { version: number; path: string };
}

export interface ReviewDocument {
  id: string;
  /** `undone`: approved, and taken back. */
  status: 'open' | 'approved' | 'rejected' | 'closed' | 'undone';
  kind: string;
  guard: string | null;
  doubt: string | null;
  directory: string | null;
  runId: string | null;
  openedAt: string;
  counts: Record<string, number>;
  sample: { user: string | null; who: Who }[];
  detail: JsonObject;
  planHash: string;
  decidedBy: string | null;
  decidedAt: string | null;
  reason: string | null;
  /** Of an undone one: who took the approval back, when and why; `decidedBy`, `decidedAt`, `reason` stay the approval's. */
  undoneBy?: string;
  undoneAt?: string;
  undoReason?: string;
}

export interface EventDocument {
  id: string;
  sequence: number;
  tenant: string;
  type: string;
  occurredAt: string;
  subject: { kind: string; id: string };
  changeId: string | null;
  changed: AttributeName[];
  data: Json;
}

/** Something that someone should see: nothing waits for it. */
export interface FindingDocument {
  id: string;
  name: string;
  /** What it is about: of `schemaDrift` the `directory/kind/field`. */
  subject: string;
  detail: JsonObject;
  firstAt: string;
  lastAt: string;
  /** How many reads showed it. */
  count: number;
  closedAt: string | null;
}

export interface QuarantineDocument {
  directory: string;
  kind: string;
  sourceId: string | null;
  record: { file: string | null; line: number | null };
  code: string;
  attribute: AttributeName | null;
  message: string;
  mend: string;
  mapping: { name: string; version: string; file: string; line: number } | null;
  firstSeenAt: string;
  tries: number;
  lastGoodKept: boolean;
}

export interface HistoryDocument {
  changeId: string | null;
  version: number;
  at: string;
  kind: string;
  attribute: AttributeName;
  from: Json;
  to: Json;
  cause: JsonObject;
}

/** A page of a list. `next` is the cursor of the following page. */
export interface Listing<Item> {
  items: Item[];
  next: string | number | null;
}

/** How current a tier of a directory is: what an event `directory.stale` or `directory.fresh` carries. */
export interface DirectoryFreshness {
  directory: string;
  tier: string;
  schedule: string;
  /** Begin of the latest whole read; null: there was none. */
  freshAt: string | null;
  /** Failed runs in a row. */
  failures: number;
  code: string | null;
}

/** A tier in `rollcall.schedule/1`. */
export interface TierDocument extends DirectoryFreshness {
  tenant: string;
  /** Null: nothing is due. */
  nextAt: string | null;
  isRunning: boolean;
  lastStartedAt: string | null;
  lastEndedAt: string | null;
  lastOutcome: string | null;
  /** Since when the answer is too old; null: it is not. */
  staleSince: string | null;
  /** Requests that its runs sent to the source since midnight UTC; counted where the directory has a budget. */
  requestsToday: number;
}
