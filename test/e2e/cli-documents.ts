import type {
  ConflictDocument,
  ErrorBody,
  EventDocument,
  HistoryDocument,
  Listing,
  PlanDocument,
  QuarantineDocument,
  ReviewDocument,
  RunDocument,
  SyncDocument,
  UserDocument,
} from '@rollcall/core';
import { NEXT_DAY, type TestProject } from './support.js';

export interface ErrorAnswer {
  format: string;
  exitCode: number;
  error: ErrorBody;
  errors?: ErrorBody[];
}

export interface UserAnswer {
  format: string;
  user: UserDocument;
}

export interface ExplainAnswer {
  format: string;
  user: string;
  at: string;
  attributes: Record<string, ExplainedAttribute>;
}

export interface ExplainedAttribute {
  value: unknown;
  state: string;
  reason: string | null;
  since: string;
  changeId: string;
  winner: Record<string, unknown> & {
    mapping: { name: string; version: string; file: string; line: number; expression: string };
  };
  rule: { version: number; path: string; strategy: string };
  override: unknown;
  hold: unknown;
  conflictId: string | null;
  others: (Record<string, unknown> & { directory: string | null })[];
}

export interface Lists {
  conflicts: Listing<ConflictDocument>;
  events: Listing<EventDocument>;
  history: Listing<HistoryDocument> & { user: string };
  quarantine: Listing<QuarantineDocument>;
  reviews: Listing<ReviewDocument>;
  users: Listing<UserDocument>;
}

/** `sync --json` of the next day. */
export function syncNextDay(project: TestProject, exitCode: number): Promise<SyncDocument> {
  return project.json<SyncDocument>(['sync'], exitCode, { now: NEXT_DAY });
}

/** The run of a directory in a document. */
export function runOf(document: SyncDocument | PlanDocument, directory: string): RunDocument {
  const run = document.runs.find((each) => each.directory === directory);
  if (run === undefined) throw new Error(`There is no run of ${directory}.`);
  return run;
}

/** `users show` as of now, the wall clock being the next day. */
export async function userOf(project: TestProject, who: string): Promise<UserDocument> {
  const { user } = await project.json<UserAnswer>(['users', 'show', who], 0, { now: NEXT_DAY });
  return user;
}

/** The events after a sequence number. */
export async function eventsAfter(project: TestProject, sequence: number): Promise<EventDocument[]> {
  const { items } = await project.json<Lists['events']>(['events', 'list', '--after', String(sequence)], 0, {
    now: NEXT_DAY,
  });
  return items;
}

/** All that can be read of everybody: to show that nobody changed. */
export async function everybody(project: TestProject): Promise<UserDocument[]> {
  const { items } = await project.json<Lists['users']>(['users', 'list'], 0, { now: NEXT_DAY });
  return items;
}

/** The number of events so far. */
export async function lastSequence(project: TestProject): Promise<number> {
  const { items } = await project.json<Lists['events']>(['events', 'list', '--limit', '1000'], 0, { now: NEXT_DAY });
  return items.at(-1)?.sequence ?? 0;
}

/** The counts of a run in which nobody changes. */
export const NO_CHANGES = {
  users: { created: 0, activated: 0, updated: 0, deactivated: 0, reactivated: 0, merged: 0 },
  groups: { created: 0, updated: 0, removed: 0 },
  memberships: { added: 0, removed: 0 },
};
