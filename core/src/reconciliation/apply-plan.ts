import type { AppliedPlan } from '../api.js';
import type { ImpactDocument, PlanDocument } from '../model/documents.js';
import { SOURCE_RECORD } from '../sources/tables.js';
import { selectRows } from '../store/table.js';
import { applyTo } from './apply-consequences.js';
import { BATCH, listedUsers, type NextSeeds } from './consequence-pass.js';
import type { Effects, UserEffect } from './effects.js';
import type { Job } from './engine.js';
import { worstExit } from './exit-code.js';
import { impactOf, userImpact } from './impact.js';
import { planTenant } from './plan.js';
import { runDirectory } from './run-directory.js';
import { RunReport } from './run-report.js';
import { nothingDue, tenantPass } from './sync.js';
import type { TenantContext } from './tenant-context.js';
import type { Directory } from '../tenancy/directories.js';

/** What may be applied in one place. */
interface Place {
  records: Set<string>;
  users: Set<string>;
}

/** What is pending now, by the hash of a planned row. */
interface Pending {
  /** By directory id; empty: due by date. */
  places: Map<string, Place>;
  known: Set<string>;
}

/**
 * Applies exactly those rows of a plan whose inputs are unchanged. It is the approval of what the plan showed under
 * `wouldHold`; rows that rest on something else by now are refused.
 */
export async function applyPlan(job: Job, context: TenantContext, plan: PlanDocument): Promise<AppliedPlan> {
  const planned = [...plan.due.impact, ...plan.runs.flatMap((run) => run.impact)];
  const asked = new Set(planned.map((row) => row.inputs));
  const pending = await findPending(job, context, plan, asked);
  const due = await applyDue(job, context, pending);
  const runs = [];
  for (const directory of context.directories) {
    const place = pending.places.get(directory.id);
    if (place === undefined || place.records.size === 0) continue;
    const next = (): NextSeeds => listedRecords(context, [...place.records]);
    runs.push(
      await runDirectory(job, context, directory, {
        full: false,
        read: false,
        draw: (run) => applyTo(run, next, true),
      }),
    );
  }
  const refused = planned.filter((row) => !pending.known.has(row.inputs)).map(refusal);
  const codes = runs.map((run) => (run.document.outcome === 'finished' ? 0 : run.exitCode));
  return {
    format: 'rollcall.sync/1',
    exitCode: worstExit([...codes, refused.length > 0 ? 3 : 0]),
    due,
    runs: runs.map((run) => run.document),
    warnings: [],
    refused,
  };
}

/** Rehearses what is pending and keeps whose rows the plan named. */
async function findPending(
  job: Job,
  context: TenantContext,
  plan: PlanDocument,
  asked: ReadonlySet<string>,
): Promise<Pending> {
  const pending: Pending = { places: new Map(), known: new Set() };
  const directories = plan.runs.flatMap((run) => (run.directory === null ? [] : [run.directory]));
  await planTenant(job, context, {
    directories: directories.filter((name) => context.byName.has(name)),
    readNothing: true,
    approved: true,
    watch: (effects, directory) => {
      collect(pending, effects, directory, asked);
    },
  });
  return pending;
}

function placeOf(pending: Pending, key: string): Place {
  const place = pending.places.get(key) ?? { records: new Set(), users: new Set() };
  pending.places.set(key, place);
  return place;
}

function collect(pending: Pending, effects: Effects, directory: Directory | null, asked: ReadonlySet<string>): void {
  const place = placeOf(pending, directory?.id ?? '');
  for (const row of impactOf(effects)) pending.known.add(row.inputs);
  const members = new Set(effects.memberships.map((membership) => membership.userId));
  for (const user of effects.users) {
    const isAsked = user.kind === 'user.provenance' ? members.has(user.after.id) : asked.has(userImpact(user).inputs);
    if (isAsked) take(place, user);
  }
}

function take(place: Place, user: UserEffect): void {
  place.users.add(user.after.id);
  for (const record of user.records) if (record.seed) place.records.add(record.row.id);
}

async function applyDue(job: Job, context: TenantContext, pending: Pending): Promise<AppliedPlan['due']> {
  const users = [...(pending.places.get('')?.users ?? [])];
  if (users.length === 0) return nothingDue();
  const report = new RunReport(job.engine, {
    tenant: context.tenantId,
    directory: null,
    trigger: 'clock',
    tier: 'due',
    shadow: false,
  });
  const run = await tenantPass(job, context, report, {
    directory: null,
    directoryId: null,
    next: () => listedUsers(users),
    first: false,
    approved: true,
  });
  return { users: users.length, runId: run.runId, held: run.held, events: run.events, changes: run.changes };
}

/** Takes the marked ones among the records. */
export function listedRecords(context: TenantContext, recordIds: readonly string[]): NextSeeds {
  let at = 0;
  return async (sql) => {
    const ids = recordIds.slice(at, at + BATCH);
    at += ids.length;
    if (ids.length === 0) return null;
    const rows = await selectRows(
      sql,
      SOURCE_RECORD,
      { tenant_id: context.tenantId },
      ['id'],
      ids.map((id) => [id]),
    );
    return { records: rows, users: [] };
  };
}

function refusal(row: ImpactDocument): AppliedPlan['refused'][number] {
  return {
    user: row.user,
    who: row.who,
    reason: 'What this row rests on has changed since it was planned; plan again.',
  };
}
