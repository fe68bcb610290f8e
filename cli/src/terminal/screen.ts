import type { Paint } from './paint.js';

/** What a text for people needs to know of where it is shown. */
export interface Screen {
  /** Cells in a line; Infinity where the text goes to a file or another program. */
  readonly width: number;
  readonly paint: Paint;
  /** Makes a foreign text fit for one line: control characters spelled out. */
  readonly safe: (text: string) => string;
  /** False where nobody wants to be told what to do next. */
  readonly hints: boolean;
}
