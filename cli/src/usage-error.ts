/** The codes of a wrong command line or environment. */
export type UsageCode = `RC_USAGE_${string}`;

/** A command line or an environment variable that cannot be meant: exit 64, and what to type instead. */
export class UsageError extends Error {
  readonly exitCode = 64;

  constructor(
    readonly code: UsageCode,
    message: string,
    readonly mend: string,
  ) {
    super(message);
    this.name = 'UsageError';
  }
}

/** True for a `UsageError`, also when another error wraps its prototype. */
export function isUsageError(error: unknown): error is UsageError {
  return error instanceof UsageError;
}
