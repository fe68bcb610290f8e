import { isRollcallError } from '@rollcall/core';

/** Code and exit code of the error with which a promise is refused. */
export async function codeOf(refused: Promise<unknown>): Promise<readonly [string, number]> {
  try {
    await refused;
  } catch (error) {
    if (isRollcallError(error)) return [error.code, error.exitCode];
    throw error;
  }
  throw new Error('It was not refused.');
}
