import type { Paint, Style } from './paint.js';
import { cutTo, padTo, widthOf } from './width.js';

/** One column of a table. */
export interface Column<Row> {
  title: string;
  cell: (row: Row) => string;
  style?: (row: Row) => Style | undefined;
  /** True: never cut, such as an id that somebody copies. */
  isWhole?: boolean;
}

const GAP = 2;
const LEAST = 6;

/** Lays rows out in columns that fit `width` cells: the widest columns give way first. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], width: number, paint: Paint): string {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const natural = columns.map((column, at) =>
    Math.max(widthOf(column.title), ...cells.map((line) => widthOf(line[at] ?? ''))),
  );
  const widths = shrinkTo(natural, width - GAP * (columns.length - 1), columns);
  const line = (texts: readonly string[], style: (at: number) => Style | undefined): string =>
    texts
      .map((text, at) => {
        const cellWidth = widths[at] ?? 0;
        const shown = cutTo(text, cellWidth);
        const padded = at === texts.length - 1 ? shown : padTo(shown, cellWidth);
        const chosen = style(at);
        return chosen === undefined ? padded : paint(chosen, padded);
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  const head = line(
    columns.map((column) => column.title),
    () => 'bold',
  );
  const body = rows.map((row, at) => line(cells[at] ?? [], (column) => columns[column]?.style?.(row)));
  return [head, ...body].join('\n');
}

function shrinkTo(natural: readonly number[], room: number, columns: readonly { isWhole?: boolean }[]): number[] {
  const widths = [...natural];
  for (let over = sum(widths) - room; over > 0 && over < Infinity; over = sum(widths) - room) {
    const soft = widths.filter((width, at) => columns[at]?.isWhole !== true && width > LEAST);
    if (soft.length === 0) break;
    const widest = Math.max(...soft);
    const next = Math.max(LEAST, ...soft.filter((width) => width < widest));
    const sharing = widths.flatMap((width, at) => (width === widest && columns[at]?.isWhole !== true ? [at] : []));
    const step = Math.max(1, Math.min(widest - next, Math.ceil(over / sharing.length)));
    for (const at of sharing) widths[at] = widest - step;
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
