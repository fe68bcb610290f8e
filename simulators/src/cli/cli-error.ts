/** Ends the command with a sentence for people and an exit code. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    message: string,
    readonly exitCode: 64 | 69 | 78,
  ) {
    super(message);
  }
}
