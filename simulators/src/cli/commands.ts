import { setTimeout as delay } from 'node:timers/promises';
import { Refused } from '../http/scim-client.js';
import type { Report, SimulatorOptions, SimulatorState } from '../simulator-options.js';
import { compare, createSimulator, isShutOut, type Simulator } from '../simulator.js';
import type { Arguments } from './arguments.js';
import { CliError } from './cli-error.js';
import { expectedFrom, stateFrom, tokenFrom, writeDocument } from './files.js';
import type { Outcome } from './outcome.js';
import { checkReachable } from './reach.js';

/** What the steps of one command left behind. */
type Done = Omit<Outcome, 'format' | 'exitCode' | 'command' | 'dialect'>;

const nothing: Done = { connectionTest: null, assignment: null, changes: null, daysDone: 0, differences: null };

/** @throws {CliError} with 69 when the server cannot be reached or does not let the provider in, 64, 78. */
export async function execute(given: Arguments): Promise<Outcome> {
  const { command, dialect } = given;
  try {
    const done = await doneBy(given);
    return { format: 'rollcall.simulate/1', exitCode: exitCodeOf(done), command, dialect, ...done };
  } catch (error) {
    if (error instanceof Refused) throw new CliError(error.message, 69);
    throw error;
  }
}

function exitCodeOf({ assignment, changes, differences }: Done): 0 | 1 {
  const problems = [assignment, changes].flatMap((report) => report?.problems ?? []);
  return problems.length + (differences?.length ?? 0) > 0 ? 1 : 0;
}

async function doneBy(given: Arguments): Promise<Done> {
  const state = given.stateFile === undefined ? undefined : stateFrom(given.stateFile);
  if (given.command === 'compare' && state === undefined) return comparedWithFile(given);
  checkOrder(given, state);
  const simulator = simulatorFor(given, state);
  try {
    await checkReachable(given.url);
    const done = await steps[given.command](simulator);
    if (given.stateFile !== undefined && given.command !== 'test')
      writeDocument(given.stateFile, simulator.savedState());
    if (given.expectedFile !== undefined) writeDocument(given.expectedFile, simulator.expected());
    return { ...nothing, ...done, daysDone: simulator.daysDone };
  } finally {
    simulator.close();
  }
}

/** Everybody is assigned once, and before anything changes. */
function checkOrder({ command, stateFile }: Arguments, state: SimulatorState | undefined): void {
  if ((command === 'assign' || command === 'run') && state !== undefined)
    throw new CliError(`Everybody is assigned already: ${stateFile ?? ''} says so. Remove it to begin anew.`, 64);
  if ((command === 'day' || command === 'week') && state === undefined)
    throw new CliError(`${command} goes on from an assignment: --state names the file that assign wrote.`, 64);
}

async function comparedWithFile(given: Arguments): Promise<Done> {
  if (given.expectedFile === undefined)
    throw new CliError('compare needs what the provider believes: --state FILE or --expected FILE.', 64);
  const expected = expectedFrom(given.expectedFile);
  if (expected.dialect !== given.dialect)
    throw new CliError(`${given.expectedFile} is of ${expected.dialect}, not of ${given.dialect}.`, 64);
  await checkReachable(given.url);
  const differences = await compare(expected, {
    baseUrl: given.url,
    token: tokenFrom(given.token),
    wait: waiting(given),
  });
  return { ...nothing, differences };
}

const steps: Record<Arguments['command'], (simulator: Simulator) => Promise<Partial<Done>>> = {
  test: async (simulator) => ({ connectionTest: await tested(simulator) }),
  assign: async (simulator) => ({ assignment: admitted(await simulator.assign()) }),
  day: async (simulator) => ({ changes: admitted(await simulator.runDay()) }),
  week: async (simulator) => ({ changes: admitted(await simulator.runWeek()) }),
  compare: async (simulator) => ({ differences: await simulator.compare() }),
  run: async (simulator) => ({
    connectionTest: await tested(simulator),
    assignment: admitted(await simulator.assign()),
    changes: admitted(await simulator.runWeek()),
    differences: await simulator.compare(),
  }),
};

async function tested(simulator: Simulator): Promise<'passed'> {
  await simulator.testConnection();
  return 'passed';
}

/** A provider that is shut out has done nothing that is worth a report. */
function admitted(report: Report): Report {
  const refusal = report.problems.find(({ status }) => isShutOut(status));
  if (report.isStopped && refusal !== undefined) throw new CliError(refusal.message, 69);
  return report;
}

function simulatorFor(given: Arguments, state: SimulatorState | undefined): Simulator {
  const sizes = state === undefined ? given.sizes : { ...sizesIn(state), ...given.sizes };
  const options: SimulatorOptions = {
    baseUrl: given.url,
    token: tokenFrom(given.token),
    ...sizes,
    settings: given.settings,
    faults: given.faults,
    wait: waiting(given),
    ...(given.concurrency === undefined ? {} : { concurrency: given.concurrency }),
    ...(given.timeoutMs === undefined ? {} : { timeoutMs: given.timeoutMs }),
    ...(state === undefined ? {} : { state }),
  };
  try {
    return createSimulator(given.dialect, options);
  } catch (error) {
    if (error instanceof RangeError) throw new CliError(error.message, 64);
    throw error;
  }
}

function sizesIn({ seed, people, groups, days, domain }: SimulatorState): Arguments['sizes'] {
  return { seed, people, groups, days, domain };
}

function waiting({ maxWaitMs }: Arguments): (milliseconds: number) => Promise<void> {
  return (milliseconds) => delay(Math.min(milliseconds, maxWaitMs ?? milliseconds));
}
