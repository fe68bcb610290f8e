import { argumentsOf } from './arguments.js';
import { CliError } from './cli-error.js';
import { execute } from './commands.js';
import { helpText } from './help.js';
import { linesOf } from './outcome.js';

/**
 * Runs one command.
 *
 * @returns the exit code: 0 done, 1 problems or differences, 64 usage, 69 unreachable or refused, 78 an unreadable
 * token or file.
 */
export async function main(args: readonly string[]): Promise<number> {
  const isJson = args.includes('--json');
  try {
    const given = argumentsOf(args);
    if (given === 'help') {
      process.stdout.write(helpText());
      return 0;
    }
    const outcome = await execute(given);
    process.stdout.write(isJson ? `${JSON.stringify(outcome)}\n` : `${linesOf(outcome).join('\n')}\n`);
    return outcome.exitCode;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const { exitCode, message } = error;
    if (isJson)
      process.stdout.write(`${JSON.stringify({ format: 'rollcall.simulate/1', exitCode, error: { message } })}\n`);
    else process.stderr.write(`${message}\n`);
    return exitCode;
  }
}
