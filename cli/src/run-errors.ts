import type { RunDocument } from '@rollcall/core';
import type { Output } from './output.js';

/** With `--json` the document has the errors of runs; people who watch find them on stderr, like those of commands. */
export async function tellRunErrors(output: Output, runs: readonly Pick<RunDocument, 'error'>[]): Promise<void> {
  const errors = runs.flatMap(({ error }) => error ?? []);
  if (!output.flags.json || errors.length === 0) return;
  const { oneErrorText } = await import('./render/errors.js');
  const screen = await output.screen('stderr');
  for (const error of errors) output.warn(oneErrorText(error, screen));
}
