import { parse } from 'csv-parse/sync';
import { doubledHeader, forbiddenHeader, namelessHeader, neverClosed, unreadableHeader } from './file-errors.js';
import { MAX_ROW_BYTES, RowScanner, type ScannedRow } from './row-scanner.js';
import type { CsvForm } from './settings.js';

/** Those that are tried when the settings name none, in the order in which a tie is decided. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** The delimiter that stands most often outside quotes; a header of one column has none, and a comma does no harm. */
export function detectDelimiter(header: string, quote: string): string {
  const bare = quote === '' ? header : withoutQuoted(header, quote);
  let best: string = DELIMITERS[0];
  for (const delimiter of DELIMITERS) if (count(bare, delimiter) > count(bare, best)) best = delimiter;
  return best;
}

function withoutQuoted(header: string, quote: string): string {
  return header
    .split(quote)
    .filter((_, index) => index % 2 === 0)
    .join('');
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** The header of a file and where its rows begin. */
export interface Header {
  names: readonly string[];
  delimiter: string;
  /** The line on which the header stands. */
  line: number;
  /** The header has one column, and this other delimiter stands in it. */
  unused?: string;
  body: { offset: number; line: number };
}

/**
 * Finds the header in the beginning of a file: the first line that is not blank, behind a line such as `sep=;`.
 *
 * @returns undefined while the beginning does not hold the whole line; at the end of the file: while there is none.
 */
export function findHeader(start: Buffer, form: CsvForm, file: string, isWhole: boolean): Header | undefined {
  const scanner = new RowScanner(form.delimiter ?? DELIMITERS.join(''), form.quote);
  let delimiter = form.delimiter;
  let found: ScannedRow | undefined;
  const take = (row: ScannedRow): boolean => {
    const sep = row.line === 1 ? delimiterOfSepLine(start.toString('utf8', row.start, row.end)) : undefined;
    if (sep === undefined) found = row;
    else delimiter ??= sep;
    return found !== undefined;
  };
  scanner.scan(start, take);
  if (isWhole && found === undefined) {
    if (scanner.unclosedLine !== undefined) throw neverClosed(file, scanner.unclosedLine);
    scanner.finish(take);
  }
  if (found !== undefined)
    return toHeader(found, scanner.line, start, { ...form, ...(delimiter && { delimiter }) }, file);
  if (start.length > MAX_ROW_BYTES) throw unreadableHeader(file, 1, 'it is longer than a megabyte');
  return undefined;
}

function toHeader(row: ScannedRow, bodyLine: number, start: Buffer, form: CsvForm, file: string): Header {
  if (row.fault !== undefined) throw unreadableHeader(file, row.line, 'a quote stands where none may stand');
  const text = start.toString('utf8', row.start, row.end);
  const likely = detectDelimiter(text, form.quote);
  const delimiter = form.delimiter ?? likely;
  const names = readNames(text, { delimiter, quote: form.quote }, file, row.line);
  const header: Header = { names, delimiter, line: row.line, body: { offset: row.end, line: bodyLine } };
  if (names.length === 1 && likely !== delimiter && text.includes(likely)) header.unused = likely;
  return header;
}

/** What a first line such as `sep=;` says, as spreadsheets write it. */
function delimiterOfSepLine(line: string): string | undefined {
  return /^"?sep=([\t -~])"?[\r\n]*$/i.exec(line)?.[1];
}

/** Splits a header line and refuses names that would lose or hide a column. Blanks around names are taken off. */
function readNames(text: string, form: CellForm, file: string, line: number): string[] {
  const [cells = []] = parse(text, parserOptions(form));
  const names = cells.map((name) => name.trim().normalize('NFC'));
  const columns = new Map<string, number[]>();
  names.forEach((name, index) => {
    if (name === '') throw namelessHeader(file, line, index + 1);
    if (FORBIDDEN.has(name)) throw forbiddenHeader(file, line, index + 1, name);
    columns.set(name, [...(columns.get(name) ?? []), index + 1]);
  });
  for (const [name, places] of columns) if (places.length > 1) throw doubledHeader(file, line, name, places);
  return names;
}

interface CellForm {
  delimiter: string;
  quote: string;
}

/** How csv-parse reads cells: text as it stands, nothing converted, nothing dropped. Rows are counted by who calls it. */
export function parserOptions(form: CellForm) {
  const quote = form.quote === '' ? null : form.quote;
  return {
    delimiter: form.delimiter,
    quote,
    escape: quote,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: MAX_ROW_BYTES,
    skip_empty_lines: true,
    relax_column_count: true,
  };
}
