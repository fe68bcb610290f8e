import type { CheckReport, Json, JsonObject, LogFields, RecordKind } from '@rollcall/connector-kit';
import type { ApiKeyDoor } from './api-key-door.js';
import type { ConsumerDoor } from './consumer-door.js';
import type { DirectoryTokensDoor } from './directory-tokens-door.js';
import type { NotificationDoor } from './notification-door.js';
import type { PushDoor } from './push-door.js';
import type { ProjectConfiguration } from './configuration/read-project.js';
import type { ConnectorListing } from './connectors/registry.js';
import type {
  ConflictDocument,
  EventDocument,
  FindingDocument,
  GroupDocument,
  HistoryDocument,
  Listing,
  MembershipDocument,
  PlanDocument,
  QuarantineDocument,
  ReviewDocument,
  RunDocument,
  StoredRunDocument,
  SyncDocument,
  TierDocument,
  UserDocument,
  Who,
} from './model/documents.js';
import type { ReadingDoor } from './reading-door.js';
import type { WebhookDoor } from './webhooks-api.js';
import type { Finding } from './rules/finding.js';

/** Which part of a list: at most `limit` items (default 100) after the cursor of the page before. */
export interface PageRequest {
  limit?: number;
  after?: string;
}

/** How far a long operation is; for progress on a terminal. */
export interface Progress {
  tenant: string;
  directory: string | null;
  /** What is being done: `read`, `consequences`, `plan`, `redo`. */
  phase: string;
  done: number;
  total?: number;
}

export interface OperationOptions {
  signal?: AbortSignal;
  progress?: (progress: Progress) => void;
  log?: (level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: LogFields) => void;
}

export interface SyncOptions extends OperationOptions {
  /** Names; all of the tenant when left out. */
  directories?: readonly string[];
  /** Read even what was accepted already. */
  full?: boolean;
}

export interface PlanOptions extends SyncOptions {
  /** Exit code 2 where there would be changes. */
  detailedExitCode?: boolean;
}

/** What `apply` did or would do. */
export interface ApplyDocument {
  format: 'rollcall.apply/1';
  exitCode: number;
  applied: boolean;
  tenants: {
    tenant: string;
    created: boolean;
    directories: { directory: string; change: 'added' | 'changed' | 'same' | 'retired'; what: string[] }[];
    mappings: {
      directory: string;
      kind: RecordKind;
      file: string;
      change: 'added' | 'changed' | 'same';
      version: string;
    }[];
    rules: { change: 'added' | 'changed' | 'same'; version: number };
    redo: { trigger: string; directory: string | null }[];
    warnings: Finding[];
  }[];
  /** Of the project as a whole, such as applied tenants whose files are gone; only where somebody looked. */
  warnings?: Finding[];
}

/** One directory as `directory list` shows it. */
export interface DirectoryDocument {
  id: string;
  tenant: string;
  directory: string;
  connector: string;
  mode: string;
  paused: boolean;
  records: { present: number; gone: number };
  lastRun: { runId: string; outcome: string; at: string } | null;
  /** When its source last pushed, to within a minute; null: never, or it is read. */
  lastPushAt: string | null;
  openReviews: number;
}

/** A value that a person set. */
export interface OverrideDocument {
  id: string;
  user: string;
  who: Who;
  attribute: string;
  value: Json;
  /** `override`: a person set it. `pin`: what a rejected review left standing. */
  kind: 'override' | 'pin';
  reason: string;
  by: string;
  setAt: string;
  /** Null on a pin: it ends when candidate and value agree again. */
  until: string | null;
  endedAt: string | null;
  /** What ended it: `expired`, `replaced`, or who cleared it; null while it stands. */
  endedReason: string | null;
  /** Of a pin: what is pinned. `absence`: a record that is gone counts as there, and the person stays as `value` says. */
  pins: 'value' | 'absence' | 'creation' | 'merge' | 'membership' | null;
}

/** What `apply FILE` did: the runs that applied the plan, and the rows whose inputs are no longer those of the plan. */
export type AppliedPlan = SyncDocument & { refused: { user: string | null; who: Who; reason: string }[] };

/** What a decision led to at once. */
export interface Decided<Item> {
  item: Item;
  runs: RunDocument[];
}

export type Decision = 'approve' | 'reject';

export interface RederiveOptions extends OperationOptions {
  directories?: readonly string[];
}

/** One tenant, open for work. Every method reads or writes that tenant alone. */
export interface TenantDoor {
  readonly tenant: string;
  sync(options?: SyncOptions): Promise<SyncDocument>;
  plan(options?: PlanOptions): Promise<PlanDocument>;
  /** Applies exactly those rows of a plan whose inputs are unchanged; it is the approval of what the plan would hold. */
  applyPlan(plan: PlanDocument, options?: OperationOptions): Promise<AppliedPlan>;
  /** Works off what `apply` asked to be done again; without that, everything of the directories. Fetches nothing. */
  rederive(options: RederiveOptions & { plan: true; detailedExitCode?: boolean }): Promise<PlanDocument>;
  rederive(options?: RederiveOptions & { plan?: false }): Promise<SyncDocument>;
  /** Plans a rules document (what stands under `rules:`) against everybody; saves nothing. */
  rulesPlan(
    text: string,
    file: string,
    options?: OperationOptions & { detailedExitCode?: boolean },
  ): Promise<PlanDocument>;
  reviewDecide(id: string, decision: Decision, reason: string, by: string): Promise<Decided<ReviewDocument>>;
  /** Takes an approved merge back: who was merged returns under the old id, and the two stay apart. */
  reviewUndo(id: string, reason: string, by: string): Promise<Decided<ReviewDocument>>;
  overrides: {
    set(
      who: string,
      attribute: string,
      value: Json,
      options: { reason: string; until: string; by: string },
    ): Promise<Decided<OverrideDocument>>;
    list(request?: PageRequest & { all?: boolean }): Promise<Listing<OverrideDocument>>;
    /** By `ovr-` id, or by person and attribute. */
    clear(target: { id: string } | { who: string; attribute: string }, by: string): Promise<Decided<OverrideDocument>>;
  };
  users: {
    list(request?: PageRequest & { active?: boolean; reason?: string }): Promise<Listing<UserDocument>>;
    /** @param at - ISO instant; the answer of that moment. */
    show(who: string, at?: string): Promise<UserDocument>;
  };
  groups: {
    list(request?: PageRequest): Promise<Listing<GroupDocument>>;
    /** By `grp-` id or display name; `request` pages through its members, `membersNext` is the cursor of the next page. */
    show(
      group: string,
      request?: PageRequest,
    ): Promise<GroupDocument & { membersPage: { id: string; name: string }[]; membersNext: string | null }>;
  };
  /** Who is in which group, by the ids of user and group; `at` is an ISO instant. */
  memberships(
    request?: PageRequest & { user?: string; group?: string; at?: string },
  ): Promise<Listing<MembershipDocument>>;
  runs: {
    /** The latest first; `directory` is a name. */
    list(request?: PageRequest & { directory?: string }): Promise<Listing<StoredRunDocument>>;
    show(id: string): Promise<StoredRunDocument>;
  };
  /** `rollcall.explain/1` without its `format`. */
  explain(
    who: string,
    request?: { attribute?: string; at?: string },
  ): Promise<{ user: string; at: string; attributes: JsonObject }>;
  history(
    who: string,
    request?: PageRequest & { attribute?: string },
  ): Promise<Listing<HistoryDocument> & { user: string }>;
  conflicts(request?: PageRequest & { all?: boolean }): Promise<Listing<ConflictDocument>>;
  reviews(request?: PageRequest & { all?: boolean }): Promise<Listing<ReviewDocument>>;
  quarantine(request?: PageRequest): Promise<Listing<QuarantineDocument>>;
  /** What someone should see and nobody has to decide, such as drift of a source's schema. */
  findings(request?: PageRequest & { all?: boolean }): Promise<Listing<FindingDocument>>;
  events(request?: { limit?: number; after?: number; type?: string }): Promise<Listing<EventDocument>>;
  /** The sequence of the last event; 0: there is none. */
  eventHead(): Promise<number>;
  directories: {
    list(): Promise<DirectoryDocument[]>;
    /** When each tier of each directory is due by itself, and how old its answer is. */
    schedule(): Promise<TierDocument[]>;
    check(name: string, signal?: AbortSignal): Promise<CheckReport>;
    pause(name: string): Promise<DirectoryDocument>;
    resume(name: string): Promise<DirectoryDocument>;
  } & DirectoryTokensDoor;
}

/** Reads by itself what is due. */
export interface SchedulerDoor {
  /** Works until it is stopped. */
  start(): void;
  /** Something may be due earlier than was thought. */
  wake(): void;
  /** Runs what is due now until nothing is; for hosts that keep the time themselves. */
  drain(): Promise<void>;
  /** Starts nothing more and waits for what runs to stop. */
  stop(): Promise<void>;
}

/** Directories that are read by themselves, each counted once. */
export interface FreshnessCounts {
  /** Every tier was read to its end not long ago, and no last run failed. */
  fresh: number;
  /** The last run of a tier failed, and every answer is still young enough. */
  failing: number;
  /** A tier's answer is older than three intervals, or a source that pushes or tells of changes is silent. */
  stale: number;
}

/** Rollcall at work. */
export interface Rollcall extends AsyncDisposable {
  /** Stores configuration, mappings and rules; nothing takes effect without it. */
  apply(configuration: ProjectConfiguration, options?: { plan?: boolean }): Promise<ApplyDocument>;
  /** Names of the applied tenants. */
  tenants(): Promise<string[]>;
  /** @throws RC_NOT_APPLIED (78) when the tenant was never applied. */
  tenant(name: string): Promise<TenantDoor>;
  /**
   * The same for questions alone: cheap enough to be asked for at every request of a service.
   *
   * @throws RC_NOT_APPLIED (78) when the tenant was never applied.
   */
  reading(name: string): Promise<ReadingDoor>;
  /** The keys of the service. */
  apiKeys: ApiKeyDoor;
  /** What programs read that know people of several tenants by their ids alone. */
  consumers: ConsumerDoor;
  /** Where sources that push come in. */
  pushes: PushDoor;
  /** Who is told of events over HTTP, and what tells them. */
  webhooks: WebhookDoor;
  /** Where sources tell of changes. */
  notifications: NotificationDoor;
  /** The sequence of the last event of each of these tenants: cheap enough to be asked often by those who wait for events. */
  eventHeads(tenants: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /**
   * What keeps every applied tenant current by itself: each directory is read when its schedule says so, dates are looked
   * at when they come. Several processes may run one over the same database. Nothing happens before `start`.
   */
  scheduler(options?: { slots?: number }): SchedulerDoor;
  /** How current the directories are that are read by themselves, all tenants together: for gauges. */
  freshness(): Promise<FreshnessCounts>;
  connectors: { list(): ConnectorListing[]; check(): Promise<Finding[]> };
  database: {
    status(): Promise<{ client: string; version: number; known: number; pending: readonly string[] }>;
    migrate(): Promise<string[]>;
  };
  /** Looks for what is wrong with store, configuration and connectors. */
  doctor(configuration?: ProjectConfiguration): Promise<Finding[]>;
  close(): Promise<void>;
}

export type { Json };
