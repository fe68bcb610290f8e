import type { Counts, DueDocument, ErrorBody, PlanDocument, SyncDocument } from '@rollcall/core';

/** The exit code of several: the first that occurs in the contract's order, a wrong command line before all. */
export async function firstExitCode(codes: readonly number[]): Promise<number> {
  const { worstExit } = await import('@rollcall/core/errors');
  return codes.includes(64) ? 64 : worstExit(codes);
}

/** What one tenant of several answered: its document, or the error that ended it before any run. */
export type TenantAnswer<Document> =
  { tenant: string; document: Document } | { tenant: string; failure: { exitCode: number; error: ErrorBody } };

/** What is added where a document is of several tenants. */
export interface Joined {
  tenants: { tenant: string; exitCode: number; due: DueDocument | null; error: ErrorBody | null }[];
}

/** The runs of all tenants in one document; each tenant's `due` stands under `tenants`, their sum under `due`. */
export async function joinSyncs(answers: readonly TenantAnswer<SyncDocument>[]): Promise<SyncDocument & Joined> {
  return {
    format: 'rollcall.sync/1',
    ...(await joined(answers)),
    due: sumOfDue(documentsOf(answers).map(({ due }) => due)),
  };
}

/** The plans of all tenants in one document. */
export async function joinPlans(answers: readonly TenantAnswer<PlanDocument>[]): Promise<PlanDocument & Joined> {
  const dues = documentsOf(answers).map(({ due }) => due);
  const due = {
    ...sumOfDue(dues),
    wouldHold: dues.flatMap(({ wouldHold }) => wouldHold),
    impact: dues.flatMap(({ impact }) => impact),
  };
  return { format: 'rollcall.plan/1', ...(await joined(answers)), due };
}

function documentsOf<Document>(answers: readonly TenantAnswer<Document>[]): Document[] {
  return answers.flatMap((answer) => ('document' in answer ? [answer.document] : []));
}

async function joined<Document extends SyncDocument | PlanDocument>(
  answers: readonly TenantAnswer<Document>[],
): Promise<Joined & { exitCode: number; runs: Document['runs'][number][]; warnings: Document['warnings'] }> {
  const documents = documentsOf(answers);
  const tenants = answers.map((answer) =>
    'document' in answer
      ? { tenant: answer.tenant, exitCode: answer.document.exitCode, due: answer.document.due, error: null }
      : { tenant: answer.tenant, exitCode: answer.failure.exitCode, due: null, error: answer.failure.error },
  );
  return {
    exitCode: await firstExitCode(tenants.map(({ exitCode }) => exitCode)),
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
