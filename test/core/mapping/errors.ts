import { isRollcallError, type RollcallError } from '@rollcall/connector-kit';

/** The single errors that a task throws; none where it throws nothing. */
export function errorsOf(task: () => unknown): readonly RollcallError[] {
  try {
    task();
  } catch (error) {
    return listed(error);
  }
  return [];
}

/** Like `errorsOf`, of a promise. */
export async function rejectionsOf(task: Promise<unknown>): Promise<readonly RollcallError[]> {
  try {
    await task;
  } catch (error) {
    return listed(error);
  }
  return [];
}

function listed(error: unknown): readonly RollcallError[] {
  if (!isRollcallError(error)) throw error;
  return error.errors.length > 0 ? error.errors : [error];
}

/** Code and place of an error, as `CODE line:column`. */
export function brief({ code, where }: RollcallError): string {
  return `${code} ${String(where.line)}:${String(where.column)}`;
}
