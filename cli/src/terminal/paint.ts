const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type Style = keyof typeof CODES;

/** Puts a text in a style, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

const inColour: Paint = (style, text) => {
  const [open, close] = CODES[style];
  return text === '' ? '' : `\u001b[${open}m${text}\u001b[${close}m`;
};

const plain: Paint = (_style, text) => text;

/** What decides about colour. */
export interface ColourQuestion {
  isTerminal: boolean;
  noColor: boolean;
  env: Readonly<Record<string, string | undefined>>;
}

/** Colour on a terminal alone, and not with `--no-color`, `NO_COLOR` or a dumb terminal. */
export function wantsColour({ isTerminal, noColor, env }: ColourQuestion): boolean {
  return isTerminal && !noColor && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}

export function paintFor(question: ColourQuestion): Paint {
  return wantsColour(question) ? inColour : plain;
}
