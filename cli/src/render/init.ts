import type { Screen } from '../terminal/screen.js';
import { lines, nextStep, paragraphs } from './words.js';

/** `rollcall init` for people. `place` is the way to the project from here; empty for this folder. */
export function initText({ written }: { written: readonly string[] }, place: string, screen: Screen): string {
  const { paint, safe } = screen;
  const files = lines(...written.map((file) => `  ${paint('green', 'wrote')} ${safe(file)}`));
  const project = place === '' ? [] : ['--project', safe(place)];
  return paragraphs(
    written.length === 0 ? 'Everything is there already.' : files,
    nextStep(screen, 'Store the configuration, then read the directories', 'apply', '--yes', ...project),
  );
}
