import type { PlanDocument, AppliedPlan } from '@rollcall/core';
import { access, constants, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { answer } from './base-command.js';
import { confirmed } from './confirm.js';
import { everyTenant, stoppedBy } from './every-tenant.js';
import type { Interruption } from './interruption.js';
import { readTyped } from './mapping-files.js';
import type { Output } from './output.js';
import type { OpenProject } from './project.js';
import { planText } from './render/plan.js';
import { refusedText } from './render/refused.js';
import { firstExitCode, joinSyncs, type Joined } from './several-tenants.js';
import { UsageError } from './usage-error.js';

/** Keeps a plan for `rollcall apply FILE`. */
export async function writePlan(file: string, plan: PlanDocument): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(plan, null, 2)}\n`, { mode: 0o600 });
  } catch (cause) {
    throw unwritable(file, cause);
  }
}

/**
 * Before everything is read: whether a plan can be kept there.
 *
 * @throws {UsageError} `RC_USAGE_OUT_REFUSED` where the folder is missing, or the file cannot be written.
 */
export async function refuseUnwritable(file: string): Promise<void> {
  try {
    const known = await stat(file).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    });
    if (known?.isDirectory() === true) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    await access(known === null ? path.dirname(path.resolve(file)) : file, constants.W_OK);
  } catch (cause) {
    throw unwritable(file, cause);
  }
}

function unwritable(file: string, cause: unknown): UsageError {
  const { code = 'unknown reason' } = cause as NodeJS.ErrnoException;
  return new UsageError(
    'RC_USAGE_OUT_REFUSED',
    `The plan cannot be written to ${file} (${code}).`,
    'Name a file in a folder that is there and in which you may write: --out plan.json',
  );
}

/** Reads what `writePlan` wrote. */
export async function readPlan(file: string): Promise<PlanDocument> {
  const text = await readTyped(file);
  const plan = parsed(text);
  if (isPlan(plan)) return plan;
  const { RollcallError } = await import('@rollcall/core/errors');
  throw new RollcallError('RC_PLAN_INVALID', 1, 'stop', {
    what: 'The file is not a plan.',
    where: { file },
    mend: 'Write one with: rollcall plan --out FILE',
  });
}

/** As far as it matters here: the file may have been edited. */
function isPlan(value: unknown): value is PlanDocument {
  const { format, due, runs } = (value ?? {}) as { format?: unknown; due?: unknown; runs?: unknown };
  const parts: unknown[] = Array.isArray(runs) ? [due, ...(runs as unknown[])] : [null];
  return (
    format === 'rollcall.plan/1' && parts.every((part) => Array.isArray((part as { impact?: unknown } | null)?.impact))
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** `rollcall apply FILE`: makes happen what the plan showed, as far as its inputs are unchanged. */
export async function applyPlanFile(
  file: string,
  project: OpenProject,
  output: Output,
  interruption: Interruption,
  isConfirmed: boolean,
): Promise<number> {
  const plan = await readPlan(file);
  if (!isConfirmed) {
    output.warn(planText(plan, await output.screen('stderr'), { id: 'apply', rest: [file, '--yes'] }));
    if (!(await confirmed('Apply this?', output, interruption.signal))) {
      return answer(
        output,
        { format: 'rollcall.apply/1', exitCode: 0, applied: false, runs: [], refused: [] },
        () => 'Nobody was changed.',
      );
    }
  }
  const planned = new Set(plan.runs.map(({ tenant }) => tenant));
  const tenants = project.tenants.filter((tenant) => planned.has(tenant) || planned.size === 0);
  const answers = await everyTenant({ ...project, tenants }, interruption, (door) =>
    door.applyPlan(partOf(plan, door.tenant), { signal: interruption.signal, progress: output.progress }),
  );
  const [only] = answers;
  const document =
    only !== undefined && answers.length === 1 && 'document' in only ? only.document : await joinSyncs(answers);
  const refused = answers.flatMap((each) => ('document' in each ? each.document.refused : []));
  const exitCode = stoppedBy(await firstExitCode([document.exitCode, refused.length > 0 ? 3 : 0]), interruption);
  return answer<Omit<AppliedPlan, 'format'> & { format: string }>(
    output,
    { ...document, format: 'rollcall.apply/1', exitCode, refused },
    refusedText,
  );
}

/** One tenant's part of a plan: its runs, and what was due for it alone. */
function partOf(plan: PlanDocument & Partial<Joined>, tenant: string): PlanDocument {
  const own = plan.tenants?.find((entry) => entry.tenant === tenant)?.due as PlanDocument['due'] | null | undefined;
  return { ...plan, due: own ?? plan.due, runs: plan.runs.filter((run) => run.tenant === tenant) };
}
