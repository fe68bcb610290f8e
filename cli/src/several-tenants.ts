import type { Counts, DueDocument, ErrorBody, PlanDocument, SyncDocument } from '@rollcall/core';

/** The order in which exit codes speak for several runs (contract.md); 64 comes before all of them. */
const PRECEDENCE = [64, 78, 1, 69, 75, 130, 143, 3, 4, 2, 0];

/** The exit code of several: the first that occurs in the contract's order. */
export function firstExitCode(codes: readonly number[]): number {
  return PRECEDENCE.find((code) => codes.includes(code)) ?? codes[0] ?? 0;
}

/** What one tenant of several answered: its document, or the error that ended it before any run. */
export type TenantAnswer<Document> =
  { tenant: string; document: Document } | { tenant: string; failure: { exitCode: number; error: ErrorBody } };

interface Joined {
  tenants: { tenant: string; exitCode: number; due: DueDocument | null; error: ErrorBody | null }[];
}

/** The runs of all tenants in one document; each tenant's `due` stands under `tenants`, their sum under `due`. */
export function joinSyncs(answers: readonly TenantAnswer<SyncDocument>[]): SyncDocument & Joined {
  return { format: 'rollcall.sync/1', ...joined(answers), due: sumOfDue(documentsOf(answers).map(({ due }) => due)) };
}

/** The plans of all tenants in one document. */
export function joinPlans(answers: readonly TenantAnswer<PlanDocument>[]): PlanDocument & Joined {
  const dues = documentsOf(answers).map(({ due }) => due);
  const due = {
    ...sumOfDue(dues),
    wouldHold: dues.flatMap(({ wouldHold }) => wouldHold),
    impact: dues.flatMap(({ impact }) => impact),
  };
  return { format: 'rollcall.plan/1', ...joined(answers), due };
}

function documentsOf<Document>(answers: readonly TenantAnswer<Document>[]): Document[] {
  return answers.flatMap((answer) => ('document' in answer ? [answer.document] : []));
}

function joined<Document extends SyncDocument | PlanDocument>(
  answers: readonly TenantAnswer<Document>[],
): Joined & { exitCode: number; runs: Document['runs'][number][]; warnings: Document['warnings'] } {
  const documents = documentsOf(answers);
  const tenants = answers.map((answer) =>
    'document' in answer
      ? { tenant: answer.tenant, exitCode: answer.document.exitCode, due: answer.document.due, error: null }
      : { tenant: answer.tenant, exitCode: answer.failure.exitCode, due: null, error: answer.failure.error },
  );
  return {
    exitCode: firstExitCode(tenants.map(({ exitCode }) => exitCode)),
    tenants,
    runs: documents.flatMap((document): Document['runs'][number][] => document.runs),
    warnings: documents.flatMap(({ warnings }) => warnings),
  };
}

function sumOfDue(dues: readonly DueDocument[]): DueDocument {
  const [only] = dues;
  if (only !== undefined && dues.length === 1) return only;
  return {
    users: dues.reduce((sum, { users }) => sum + users, 0),
    runId: null,
    held: dues.flatMap(({ held }) => held),
    events: null,
    changes: dues.map(({ changes }) => changes).reduce(sumOfCounts, NO_CHANGES),
  };
}

const NO_CHANGES: Counts = {
  users: { created: 0, activated: 0, updated: 0, deactivated: 0, reactivated: 0, merged: 0 },
  groups: { created: 0, updated: 0, removed: 0 },
  memberships: { added: 0, removed: 0 },
};

function sumOfCounts(a: Counts, b: Counts): Counts {
  return {
    users: sums(a.users, b.users),
    groups: sums(a.groups, b.groups),
    memberships: sums(a.memberships, b.memberships),
  };
}

function sums<Numbers extends Record<string, number>>(a: Numbers, b: Numbers): Numbers {
  return Object.fromEntries(Object.entries(a).map(([name, number]) => [name, number + (b[name] ?? 0)])) as Numbers;
}

/** Whether a plan shows any change. */
export function hasChanges(plan: Pick<PlanDocument, 'due' | 'runs'>): boolean {
  const anyOf = (counts: Counts): boolean =>
    Object.values(counts).some((group: Record<string, number>) => Object.values(group).some((number) => number > 0));
  return [plan.due, ...plan.runs].some((part) => part.impact.length > 0 || anyOf(part.changes));
}

/** The exit code of a plan: 2 for changes is told only with `--detailed-exitcode`. */
export function planExitCode(plan: Pick<PlanDocument, 'due' | 'runs' | 'exitCode'>, isDetailed: boolean): number {
  const others = plan.exitCode === 2 ? 0 : plan.exitCode;
  return firstExitCode([others, isDetailed && hasChanges(plan) ? 2 : 0]);
}
