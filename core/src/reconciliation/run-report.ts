import type { SourceInfo } from '@rollcall/connector-kit';
import type {
  Counts,
  DoubtDocument,
  ErrorBody,
  HeldDocument,
  RecordCounts,
  RunDocument,
  RunOutcome,
} from '../model/documents.js';
import { shownInstant, storedInstant } from '../model/instants.js';
import { joinRanges, type EventRange } from './append-drafts.js';
import type { BatchTally } from './commit-effects.js';
import type { Engine } from './engine.js';

/** Counts of nothing. */
export function noCounts(): Counts {
  return {
    users: { created: 0, activated: 0, updated: 0, deactivated: 0, reactivated: 0, merged: 0 },
    groups: { created: 0, updated: 0, removed: 0 },
    memberships: { added: 0, removed: 0 },
  };
}

/** Adds `more` to `counts`. */
export function addCounts(counts: Counts, more: Counts): void {
  for (const part of ['users', 'groups', 'memberships'] as const) {
    const into = counts[part] as Record<string, number>;
    for (const [name, value] of Object.entries<number>(more[part])) into[name] = (into[name] ?? 0) + value;
  }
}

/** Collects what a run does, in the shape of its document. */
export class RunReport {
  readonly runId: string;
  readonly trigger: string;
  readonly document: RunDocument;
  /** What went through, by guard and part; counts in the next 24 hours. */
  guardCounts: ReadonlyMap<string, number> & Map<string, number> = new Map();
  readonly #engine: Engine;

  constructor(
    engine: Engine,
    parts: { tenant: string; directory: string | null; trigger: string; tier: string; shadow: boolean },
  ) {
    this.#engine = engine;
    this.runId = engine.ids.next('run');
    this.trigger = parts.trigger;
    this.document = {
      runId: this.runId,
      tenant: parts.tenant,
      directory: parts.directory,
      trigger: parts.trigger,
      tier: parts.tier,
      clock: engine.givenClock ? 'given' : 'wall',
      outcome: 'finished',
      ...(parts.shadow ? { shadow: true as const } : {}),
      complete: false,
      startedAt: shownInstant(this.now()),
      endedAt: null,
      source: [],
      records: { read: 0, new: 0, changed: 0, same: 0, stale: 0, absent: 0, quarantined: 0 },
      changes: noCounts(),
      conflicts: { opened: 0, closed: 0 },
      drift: { records: 0 },
      held: [],
      doubts: [],
      pending: 0,
      rowsWritten: { records: 0, payloads: 0, users: 0, changes: 0, events: 0 },
      events: null,
      warnings: [],
      error: null,
    };
  }

  /** The instant, in the form of the store. */
  now(): string {
    return storedInstant(this.#engine.clock.now());
  }

  noteSource(source: SourceInfo): void {
    this.document.source.push({ file: source.file, sha256: source.sha256, alreadyAccepted: source.alreadyAccepted });
  }

  noteRead(totals: { records: RecordCounts; rows: { records: number; payloads: number } }): void {
    this.document.records = totals.records;
    this.document.rowsWritten.records = totals.rows.records;
    this.document.rowsWritten.payloads = totals.rows.payloads;
  }

  /** A run is complete when every kind that it read was. */
  noteComplete(complete: boolean): void {
    this.document.complete = this.#kinds++ === 0 ? complete : this.document.complete && complete;
  }
  #kinds = 0;

  noteDoubts(doubts: readonly DoubtDocument[]): void {
    this.document.doubts.push(...doubts);
  }

  noteHeld(held: readonly HeldDocument[]): void {
    this.document.held.push(...held);
  }

  noteEvents(range: EventRange | null): void {
    this.document.events = joinRanges(this.document.events, range);
    if (range !== null) this.document.rowsWritten.events += range.last - range.first + 1;
  }

  noteBatch(tally: BatchTally): void {
    addCounts(this.document.changes, tally.changes);
    this.document.conflicts.opened += tally.conflicts.opened;
    this.document.conflicts.closed += tally.conflicts.closed;
    this.document.rowsWritten.users += tally.rows.users;
    this.document.rowsWritten.changes += tally.rows.changes;
    this.noteEvents(tally.events);
  }

  noteWarnings(warnings: readonly { code: string; message: string }[]): void {
    for (const warning of warnings) {
      if (!this.document.warnings.some((known) => known.message === warning.message))
        this.document.warnings.push({ ...warning });
    }
  }

  /** Ends the report. What was a success so far becomes `partial` or `held` where something waits for a person. */
  end(outcome: RunOutcome, error: ErrorBody | null = null): RunDocument {
    this.document.error = error;
    this.document.outcome = outcome === 'finished' ? this.#waitingOutcome() : outcome;
    this.document.endedAt = shownInstant(this.now());
    return this.document;
  }

  #waitingOutcome(): RunOutcome {
    if (this.document.doubts.length > 0) return 'partial';
    return this.document.held.length > 0 ? 'held' : 'finished';
  }
}
