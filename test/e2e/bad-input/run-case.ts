import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import type { RunningSshd } from '../../support/sshd.js';
import { syncedProject, type RunOptions, type TestProject } from '../support.js';
import { ARRANGEMENTS, type Arranged, type Arrangement, type Place } from './arrangements.js';
import { expectGoldens, type Answer } from './goldens.js';
import type { BadInput } from './read-case.js';
import { differences, readState, stateHash } from './state.js';

/** Runs a case: its commands, both goldens, and the state before and after. */
export async function runCase(each: BadInput, sshd: () => RunningSshd): Promise<void> {
  const project = await syncedProject();
  await putInput(each, project);
  const place: Place = {
    project,
    now: each.now,
    sshd,
    succeed: (run, options) => succeed(project, run, { now: each.now, ...options }),
  };
  const arrangement: Arrangement = each.arrange === null ? {} : ARRANGEMENTS[each.arrange];
  await arrangement.before?.(place);
  for (const run of each.prepare) await place.succeed(run);
  const before = await readState(project);
  const arranged = (await arrangement.arrange?.(place)) ?? {};
  const answers: Answer[] = [];
  try {
    for (const { run } of each.commands) answers.push({ run, ended: await execute(each, project, run, arranged) });
  } finally {
    await arranged.undo?.();
  }
  const exits = answers.map(({ ended }) => ended.exitCode);
  const shown = answers.map(({ ended }) => ended.stdout + ended.stderr).join('');
  expect(exits, shown).to.deep.equal(each.commands.map(({ exit }) => exit));
  await expectGoldens(each.folder, answers, project.root);
  const after = await readState(project);
  expect(differences(before, after), 'changes of the state').to.deep.equal(each.changes);
  if (each.changes.length === 0) expect(stateHash(after), 'state hash').to.equal(stateHash(before));
}

async function putInput({ folder, edit, remove }: BadInput, project: TestProject): Promise<void> {
  const input = path.join(folder, 'input');
  if (existsSync(input)) await cp(input, project.root, { recursive: true });
  for (const { file, from, to } of edit) await project.edit(file, (text) => text.replace(from, () => to));
  for (const name of remove) await rm(project.file(name), { recursive: true });
}

function argumentsOf(run: string): string[] {
  return [...run.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

async function succeed(project: TestProject, run: string, options: RunOptions): Promise<void> {
  const { exitCode, stdout, stderr } = await project.run(argumentsOf(run), options);
  expect(exitCode, `${run}\n${stdout}${stderr}`).to.equal(0);
}

function execute(
  { now }: BadInput,
  project: TestProject,
  run: string,
  arranged: Arranged,
): ReturnType<TestProject['run']> {
  const args = [...argumentsOf(run), '--json'];
  return arranged.execute?.(args) ?? project.run(args, { now, ...arranged.options });
}
