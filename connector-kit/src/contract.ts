import type { Json, JsonObject } from './json.js';

/** The two kinds of objects that a directory shows. */
export type RecordKind = 'user' | 'group';

/** A JSON Schema (draft 2020-12) as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The place of a record in what was read, for people: a file with its line, or a page. */
export interface SourcePosition {
  file?: string;
  line?: number;
}

/** What one read said about one present object. */
export interface Observation {
  /**
   * The identifier that the source promises never to change.
   * Left out by sources that have no notion of it (files): the mapping's `sourceId` expression then reads it from `raw`.
   */
  sourceId?: string;
  /** The object as the source shows it, volatile keys included; they are stripped before hashing. */
  raw: JsonObject;
  /**
   * Fingerprint of the object where the connector has a cheaper one than sha256 of the JSON text, such as
   * sha256 over header and line bytes. Equal fingerprints must mean equal objects. At most 64 characters.
   */
  hash?: string;
  position?: SourcePosition;
}

/** An object that the source says is gone. */
export interface Departure {
  sourceId: string;
  /** `removed_at_source`, or another reason of the closed list when the source names one. */
  reason?: string;
}

/** A row that could not be read. It is data, not an exception. */
export interface MalformedRecord {
  /** Present when the id could be read all the same: the record then counts as present. */
  sourceId?: string;
  position: SourcePosition;
  /** Such as `RC_ROW_COLUMN_COUNT`. */
  code: `RC_${string}`;
  reason: string;
  mend: string;
}

/** A statement that a member belongs to a group, both named by source id. */
export interface EdgeObservation {
  groupSourceId: string;
  memberKind: 'user' | 'group' | 'everyone' | 'external';
  memberSourceId: string;
  gone?: boolean;
}

/** A claim that a scope of a kind was read whole, with what proves it (`end of file`, `no next link`, …). */
export interface Completeness {
  kind: RecordKind;
  /** `*`, or `group:<source id>` for the members of one group. */
  scope: string;
  proof: string;
}

/** What was read, for the run's report. */
export interface SourceInfo {
  file: string;
  sha256: string;
  /** True for the very file that the last accepted read read: nothing of it is observed again. */
  alreadyAccepted: boolean;
}

/** One step of a read. */
export interface Page {
  kind: RecordKind;
  /** The earliest mark of any request whose answer went into this page. */
  begin: number;
  observations: readonly Observation[];
  departures?: readonly Departure[];
  edges?: readonly EdgeObservation[];
  malformed?: readonly MalformedRecord[];
  /** The fields that a record of this read can have, where the source declares them (a file's header). On the first page of a kind. */
  columns?: readonly string[];
  /** On the first page of a kind. */
  source?: SourceInfo;
  /** On the last page of a kind. */
  complete?: readonly Completeness[];
  /** A text that names what was asked for (filter, base, columns): another one than last time means another scope. */
  scopeKey?: string;
  /** What the connector wants handed back as `accepted` next time, stored when and only when the read is accepted. On the last page of a kind. */
  accepted?: Json;
  /** Notes for people, such as an encoding that had to be guessed. */
  warnings?: readonly { code: `RC_${string}`; message: string }[];
  /**
   * The place in the stream of changes from which `readDelta` goes on. On the last page of a kind of a full read: the place
   * as it was before the read's first request, so that nothing falls between the two.
   */
  cursor?: Json;
}

/** A page of a delta read: its cursor is stored in the very transaction that keeps its evidence. */
export interface DeltaPage extends Page {
  cursor: Json;
}

/** A request that a source sent to tell of changes, as it came: signatures are made over the raw bytes. */
export interface InboundRequest {
  method: 'GET' | 'POST';
  /** By lower-case name; several of one name are joined by `, `. */
  headers: Readonly<Record<string, string | undefined>>;
  /** What stands behind the question mark, undecoded; empty where there is none. */
  query: string;
  body: Uint8Array;
}

/** A hint that something changed. It carries no truth: what it names is fetched. */
export interface Notification {
  /** The source's own id of this notification, the same when it is sent again; at most 255 characters. */
  receipt: string;
  /** Whom it is about, where it says so; without an id the stream of changes is read. */
  subject?: { kind: RecordKind; sourceId: string };
}

/** What came of an inbound request. */
export interface Reception {
  notifications: readonly Notification[];
  /** What the source expects as an answer, such as the echo of a challenge; an empty one with 202 when left out. */
  answer?: { contentType: string; body: string };
}

/** What the engine asks for. */
export interface ReadRequest {
  kinds: readonly RecordKind[];
  /**
   * Takes a begin mark: a number that grows with each call, committed by the engine before it returns. Call it before
   * each request is sent; a page's `begin` is the earliest mark of anything that went into it.
   */
  mark(): Promise<number>;
  /** Per kind what the last accepted read left in `accepted`; null on the first read. */
  accepted: Readonly<Partial<Record<RecordKind, Json>>>;
  /** True: read even what was accepted already. */
  force: boolean;
  signal: AbortSignal;
  /** Tells people how far the read is. */
  progress?(done: number, total?: number): void;
}

/** One step of a connection check. */
export interface CheckStep {
  name: string;
  ok: boolean;
  /** What was found, or what is wrong. */
  message: string;
  code?: `RC_${string}`;
  /** What to do when it is wrong. */
  mend?: string;
}

/** The answer of `check`: steps in order, the first failed one ends it, and a sample of what is readable. */
export interface CheckReport {
  steps: readonly CheckStep[];
  /** Up to ten raw records a kind. */
  sample: readonly { kind: RecordKind; raw: JsonObject }[];
}

/** A connector at work for one directory. */
export interface Connector {
  /** Step by step: reach, authenticate, each permission, sample. Throws nothing that a step can say. */
  check(signal: AbortSignal): Promise<CheckReport>;
  /** Reads everything of the kinds asked for. */
  readFull(request: ReadRequest): AsyncIterable<Page>;
  /**
   * Reads what changed since `cursor`, of the one kind in `request.kinds`: the objects as they are now, and those that are
   * gone as departures. Ends when the stream is read up to now; at least one page.
   *
   * @throws CursorExpired when the source does not know the cursor any more.
   */
  readDelta?(cursor: Json, request: ReadRequest): AsyncIterable<DeltaPage>;
  /** Reads one object by its source id: a page that holds it, or its departure when the source says that it is not there. */
  readOne?(kind: RecordKind, sourceId: string, request: ReadRequest): Promise<Page>;
  /**
   * Verifies what a source sent, by its signature over the raw bytes and by its time, and says what it names.
   *
   * @throws NotificationRefused when the signature is wrong or the time too far from now. Whatever else it throws is
   *   answered alike.
   */
  receive?(request: InboundRequest): Promise<Reception>;
  /** Called once after a run was committed with what `accepted` the run stored: archive a file, acknowledge a cursor. Must be repeatable. */
  committed?(accepted: Readonly<Partial<Record<RecordKind, Json>>>, signal: AbortSignal): Promise<void>;
  /** Releases connections. */
  close?(): Promise<void>;
}

/** What a connector can do; the engine plans by it. */
export interface Capabilities {
  kinds: readonly RecordKind[];
  full: boolean;
  delta: boolean;
  one: boolean;
  notifications: boolean;
  /** True for a source that writes to us by itself (SCIM): nothing is fetched from it, and `full` is false. */
  push?: boolean;
  /** True where a full read recognises what was accepted last and then costs next to nothing (a file by its hash). */
  recognisesAccepted?: boolean;
  /** Keys of the raw object that change without meaning anything (`etag`, `lastLoginTime`): stripped before hashing. */
  volatile?: readonly string[];
}
