import { spawnSync } from 'node:child_process';
import { SetupFailed } from '../setup.mjs';

/** Runs a program to its end; its last lines stand in the error when it ends otherwise than expected. */
export function run(command, args, { expect = 0, ...options }) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 64e6,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  });
  if (error) throw new SetupFailed(`${command} could not be started: ${error.message}`);
  if (status === expect) return stdout;
  const tail = `${stdout}${stderr}`.trimEnd().split('\n').slice(-20).join('\n');
  throw new SetupFailed(`${tail}\n${command} ${args.join(' ')} ended with ${status} instead of ${expect}.`);
}

/** Fails with both values where they differ. */
export function mustEqual(what, found, wanted) {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (a !== b) throw new SetupFailed(`${what}: ${a} instead of ${b}`);
}
