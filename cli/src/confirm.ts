import { createInterface } from 'node:readline/promises';
import type { Output } from './output.js';

/** Asks a person on the terminal; everything but `y` and `yes` is a no. */
export async function confirmed(question: string, output: Output, signal: AbortSignal): Promise<boolean> {
  const { stdin, stderr } = output.streams;
  const terminal = createInterface({ input: stdin, output: stderr as NodeJS.WritableStream, terminal: false });
  try {
    const typed = await terminal.question(`${question} [y/N] `, { signal });
    return /^\s*y(es)?\s*$/i.test(typed);
  } catch (error) {
    throw signal.aborted ? new DOMException('Nobody answered.', { name: 'AbortError', cause: signal.reason }) : error;
  } finally {
    terminal.close();
  }
}
