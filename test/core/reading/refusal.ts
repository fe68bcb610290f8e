import { isRollcallError, type RollcallError } from '@rollcall/connector-kit';

/** The Rollcall error that a promise ends with. */
export async function refusalOf(promise: Promise<unknown>): Promise<RollcallError> {
  try {
    await promise;
  } catch (error) {
    if (isRollcallError(error)) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}
