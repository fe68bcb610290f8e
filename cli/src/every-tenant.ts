import type { TenantDoor } from '@rollcall/core';
import type { Interruption } from './interruption.js';
import { onlyTenant, type OpenProject } from './project.js';
import type { TenantAnswer } from './several-tenants.js';

/** Asks each tenant in turn. One tenant's failure ends the command only where it is the only tenant. */
export async function everyTenant<Document>(
  project: OpenProject,
  interruption: Interruption,
  ask: (door: TenantDoor) => Promise<Document>,
): Promise<TenantAnswer<Document>[]> {
  const { rollcall, tenants } = project;
  if (tenants.length < 2) {
    const tenant = onlyTenant(tenants);
    return [{ tenant, document: await ask(await rollcall.tenant(tenant)) }];
  }
  const answers: TenantAnswer<Document>[] = [];
  for (const tenant of tenants) {
    if (interruption.signal.aborted) break;
    answers.push(await answerOf(tenant, async () => ask(await rollcall.tenant(tenant))));
  }
  return answers;
}

async function answerOf<Document>(tenant: string, ask: () => Promise<Document>): Promise<TenantAnswer<Document>> {
  try {
    return { tenant, document: await ask() };
  } catch (error) {
    const { errorDocument } = await import('./failure.js');
    const { exitCode, error: body } = errorDocument(error, null);
    return { tenant, failure: { exitCode, error: { ...body, where: { tenant, ...body.where } } } };
  }
}

/** The exit code of a document, told apart by the signal that ended it. */
export function stoppedBy(exitCode: number, interruption: Interruption): number {
  return exitCode === 130 ? (interruption.exitCode ?? exitCode) : exitCode;
}
