import { createHash, hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { Parser } from 'csv-parse';
import type { JsonObject, MalformedRecord, Observation } from '@rollcall/connector-kit';
import { createDecoder } from './encoding.js';
import type { OpenFile } from './file-place.js';
import { parserOptions } from './header.js';
import type { Inspection } from './inspect.js';
import { MAX_ROW_BYTES, RowScanner, type RowFault, type ScannedRow } from './row-scanner.js';

/** So many rows are worked on before others get their turn. */
const SLICE_ROWS = 250;

/** What one slice of a file held. */
export interface Slice {
  observations: Observation[];
  malformed: MalformedRecord[];
  /** Bytes of text read so far. */
  done: number;
}

/** Reads the rows of a file that passed inspection, slice by slice; memory does not grow with the file. */
export async function* readRows(file: OpenFile, form: Inspection, signal: AbortSignal): AsyncGenerator<Slice> {
  const decoder = createDecoder(form.encoding);
  const rows = new RowReader(file.name, form);
  let skip = form.body.offset;
  let done = 0;
  for await (const chunk of file.chunks(signal)) {
    const text = decoder.decode(chunk);
    const body = text.subarray(Math.min(skip, text.length));
    skip -= text.length - body.length;
    done += chunk.length;
    await rows.take(body);
    yield rows.slice(done);
  }
  await rows.take(decoder.end());
  await rows.end();
  yield rows.slice(done);
}

/** Joins what the scanner knows (where a row stands, whether it is whole) and what csv-parse makes of it (its cells). */
class RowReader {
  readonly #file: string;
  readonly #header: readonly string[];
  readonly #fingerprint: string;
  readonly #scanner: RowScanner;
  readonly #parser: Parser;
  #observations: Observation[] = [];
  #malformed: MalformedRecord[] = [];
  /** Lines of the rows that the parser has and has not answered yet. */
  #lines: number[] = [];
  #nextLine = 0;
  /** Text from the beginning of the row under way. */
  #pending: Buffer = Buffer.alloc(0);
  #pendingFrom: number;

  constructor(file: string, form: Inspection) {
    this.#file = file;
    this.#header = form.header;
    this.#fingerprint = createHash('sha256').update(JSON.stringify(form.header)).digest('base64');
    this.#scanner = new RowScanner(form.delimiter, form.quote, form.body);
    this.#pendingFrom = form.body.offset;
    this.#parser = new CellParser(form, (cells) => {
      this.#takeCells(cells);
    });
  }

  slice(done: number): Slice {
    const slice = { observations: this.#observations, malformed: this.#malformed, done };
    this.#observations = [];
    this.#malformed = [];
    return slice;
  }

  async take(text: Buffer): Promise<void> {
    if (text.length === 0) return;
    const found: ScannedRow[] = [];
    this.#scanner.scan(text, (row) => void found.push(row));
    this.#pending = this.#pending.length === 0 ? text : Buffer.concat([this.#pending, text]);
    await this.#feed(found);
    this.#dropUpTo(this.#scanner.rowStart);
    // A row this long is reported when it ends; its text is of no use.
    if (this.#pending.length > MAX_ROW_BYTES) this.#dropUpTo(this.#scanner.offset);
  }

  async end(): Promise<void> {
    const found: ScannedRow[] = [];
    this.#scanner.finish((row) => void found.push(row));
    await this.#feed(found);
    await new Promise<void>((resolve, reject) => {
      this.#parser.on('error', reject).on('end', resolve).resume().end();
    });
    if (this.#nextLine !== this.#lines.length) throw new Error('csv-parse and the scanner disagree on where rows end');
  }

  /** Hands whole rows to the parser, neighbours in one piece, and reports the spoilt ones. */
  async #feed(rows: readonly ScannedRow[]): Promise<void> {
    for (let from = 0; from < rows.length; from += SLICE_ROWS) {
      if (from > 0) await setImmediate();
      await this.#feedSlice(rows.slice(from, from + SLICE_ROWS));
    }
  }

  async #feedSlice(rows: readonly ScannedRow[]): Promise<void> {
    let start = 0;
    let end = 0;
    for (const row of rows) {
      if (row.fault !== undefined) this.#malformed.push(malformedRow(this.#file, row.line, row.fault));
      else {
        this.#lines.push(row.line);
        if (row.start !== end) {
          await this.#write(start, end);
          start = row.start;
        }
        end = row.end;
      }
    }
    await this.#write(start, end);
  }

  #write(start: number, end: number): Promise<void> {
    if (start === end) return Promise.resolve();
    const text = this.#pending.subarray(start - this.#pendingFrom, end - this.#pendingFrom);
    return new Promise((resolve, reject) => {
      this.#parser.write(text, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  #dropUpTo(offset: number): void {
    if (offset <= this.#pendingFrom) return;
    this.#pending = this.#pending.subarray(offset - this.#pendingFrom);
    this.#pendingFrom = offset;
  }

  #takeCells(cells: string[]): void {
    const line = this.#lines[this.#nextLine++] ?? 0;
    if (this.#nextLine > 4096) {
      this.#lines = this.#lines.slice(this.#nextLine);
      this.#nextLine = 0;
    }
    if (cells.length !== this.#header.length) {
      this.#malformed.push(wrongCellCount(this.#file, line, cells.length, this.#header.length));
      return;
    }
    const raw: JsonObject = {};
    for (let i = 0; i < cells.length; i++) raw[this.#header[i] ?? ''] = cells[i] ?? '';
    // No cell holds a zero byte, so the joined text is of one row alone. 128 bits are plenty to tell rows apart.
    const print = hash('sha256', `${this.#fingerprint}\0${cells.join('\0')}`, 'hex').slice(0, 32);
    this.#observations.push({ raw, hash: print, position: { file: this.#file, line } });
  }
}

/** csv-parse, handing over each row at once: the way through the stream's own queue costs more than the parsing. */
class CellParser extends Parser {
  readonly #take: (cells: string[]) => void;

  constructor(form: Inspection, take: (cells: string[]) => void) {
    super(parserOptions(form));
    this.#take = take;
  }

  override push(cells: string[] | null): boolean {
    if (cells === null) return super.push(null);
    this.#take(cells);
    return true;
  }
}

const FAULTS: Record<RowFault, { code: `RC_${string}`; reason: string; mend: string }> = {
  quote: {
    code: 'RC_ROW_QUOTE',
    reason: 'A quote stands inside a cell where none may stand.',
    mend: 'Put the cell in quotes and write the quote in it twice; or set csv.quote to "" if quotes mean nothing.',
  },
  size: {
    code: 'RC_ROW_TOO_LARGE',
    reason: 'The row is longer than a megabyte.',
    mend: 'Look for a quote that is not closed, or take the long column out of the export.',
  },
};

function malformedRow(file: string, line: number, fault: RowFault): MalformedRecord {
  return { position: { file, line }, ...FAULTS[fault] };
}

function wrongCellCount(file: string, line: number, found: number, expected: number): MalformedRecord {
  return {
    position: { file, line },
    code: 'RC_ROW_COLUMN_COUNT',
    reason: `The row has ${found} cells, the header has ${expected}.`,
    mend: 'Put cells that hold the delimiter in quotes, or take the line out if it is no record.',
  };
}
