/** Why a row cannot be read. */
export type RowFault = 'quote' | 'size';

/** One row of a file: a span of its text in UTF-8, and the physical line on which it begins. */
export interface ScannedRow {
  /** Offset of the first byte. */
  start: number;
  /** Offset behind the line break. */
  end: number;
  line: number;
  fault?: RowFault;
}

/** Receives a row; a true answer stops the scan behind it. */
export type RowSink = (row: ScannedRow) => boolean | undefined;

/** More bytes than this in one row are no row. */
export const MAX_ROW_BYTES = 1024 * 1024;

const CELL_START = 0;
const PLAIN = 1;
const QUOTED = 2;
const QUOTE_IN_QUOTED = 3;
const SPOILT = 4;
const AFTER_CR = 5;
type State = 0 | 1 | 2 | 3 | 4 | 5;

const OTHER = 0;
const DELIMITER = 1;
const QUOTE = 2;
const CR = 3;
const LF = 4;

/**
 * Finds where rows begin and end, before anything parses them.
 *
 * csv-parse alone cannot go on after a row with a stray quote (it swallows the rows behind it) or a row that is too
 * large (it drops the rest of the chunk). So the scanner takes such rows out; it knows the same grammar, and a spoilt row
 * ends with its physical line.
 */
export class RowScanner {
  /** The physical line that the next byte belongs to, counted from 1; CR LF, LF and CR each end one. */
  line: number;
  /** Offset of the next byte. */
  offset: number;
  #openLine = 0;
  #suspectLine: number | undefined;
  #quotes = 0;
  #state: State = CELL_START;
  #rowStart: number;
  #rowLine: number;
  #isBlank = true;
  #isFaulty = false;
  #wasCr = false;
  readonly #classes = new Uint8Array(256);

  /** `delimiters`: every character of it ends a cell. */
  constructor(delimiters: string, quote: string, at: { offset: number; line: number } = { offset: 0, line: 1 }) {
    for (const delimiter of delimiters) this.#classes[delimiter.charCodeAt(0)] = DELIMITER;
    if (quote !== '') this.#classes[quote.charCodeAt(0)] = QUOTE;
    this.#classes[13] = CR;
    this.#classes[10] = LF;
    this.offset = at.offset;
    this.line = at.line;
    this.#rowStart = at.offset;
    this.#rowLine = at.line;
  }

  /**
   * The line of a quote that was never closed, asked at the end of the file: a cell still open, or, in a file with an odd
   * number of quotes, one that ran over line breaks until the quote of another cell met it.
   */
  get unclosedLine(): number | undefined {
    if (this.#state === QUOTED) return this.#openLine;
    return this.#quotes % 2 === 1 ? this.#suspectLine : undefined;
  }

  /** Where the row under way began; equal to `offset` between rows. */
  get rowStart(): number {
    return this.#rowStart;
  }

  /** Scans a chunk and returns how many bytes of it were used: all, unless `sink` stopped it. */
  scan(chunk: Buffer, sink: RowSink): number {
    const base = this.offset;
    let i = 0;
    while (i < chunk.length) {
      const kind = this.#classOf(chunk[i]);
      // Behind a lone CR the byte belongs to the next row.
      const isNextRow = this.#state === AFTER_CR && kind !== LF;
      if (!isNextRow) i++;
      if (isNextRow || this.#step(kind)) {
        if (this.#endRow(base + i, sink)) break;
      } else if (this.#state === PLAIN || this.#state === QUOTED) {
        i = this.#skip(chunk, i);
      }
    }
    this.offset = base + i;
    return i;
  }

  /** Ends the last row, which may lack its line break. A cell that is open then was never closed. */
  finish(sink: RowSink): void {
    if (this.#state === CELL_START && this.#isBlank) return;
    this.#endRow(this.offset, sink);
  }

  #classOf(byte = 0): number {
    return this.#classes[byte] ?? OTHER;
  }

  /** Passes over bytes that change nothing. */
  #skip(chunk: Buffer, from: number): number {
    let i = from;
    while (i < chunk.length && this.#classOf(chunk[i]) === OTHER) {
      i++;
      this.#wasCr = false;
    }
    return i;
  }

  /** One byte; true when it ends the row. */
  #step(kind: number): boolean {
    if (kind === QUOTE) this.#quotes++;
    if (this.#state === QUOTED) {
      this.#stepQuoted(kind);
      return false;
    }
    if (kind === LF) return true;
    if (kind === CR) {
      this.#state = AFTER_CR;
      return false;
    }
    this.#isBlank = false;
    this.#stepInLine(kind);
    return false;
  }

  #stepQuoted(kind: number): void {
    if (kind === QUOTE) this.#state = QUOTE_IN_QUOTED;
    else if (kind === CR || (kind === LF && !this.#wasCr)) this.line++;
    this.#wasCr = kind === CR;
  }

  #stepInLine(kind: number): void {
    if (this.#state === QUOTE_IN_QUOTED) {
      this.#stepBehindQuote(kind);
    } else if (this.#state !== SPOILT) {
      if (kind === DELIMITER) this.#state = CELL_START;
      else if (kind !== QUOTE) this.#state = PLAIN;
      else if (this.#state === CELL_START) this.#open();
      else this.#spoil();
    }
  }

  #stepBehindQuote(kind: number): void {
    if (kind === QUOTE) this.#state = QUOTED;
    else if (kind === DELIMITER) this.#state = CELL_START;
    else {
      if (this.line !== this.#openLine) this.#suspectLine ??= this.#openLine;
      this.#spoil();
    }
  }

  #open(): void {
    this.#state = QUOTED;
    this.#wasCr = false;
    this.#openLine = this.line;
  }

  #spoil(): void {
    this.#isFaulty = true;
    this.#state = SPOILT;
  }

  #endRow(end: number, sink: RowSink): boolean {
    const row: ScannedRow = { start: this.#rowStart, end, line: this.#rowLine };
    if (this.#isFaulty) row.fault = 'quote';
    else if (end - row.start > MAX_ROW_BYTES) row.fault = 'size';
    const isBlank = this.#isBlank;
    this.line++;
    this.#state = CELL_START;
    this.#rowStart = end;
    this.#rowLine = this.line;
    this.#isBlank = true;
    this.#isFaulty = false;
    return !isBlank && sink(row) === true;
  }
}
