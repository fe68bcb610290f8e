import { createHash } from 'node:crypto';
import { BadBytes, createDecoder, encodingOfMark, type Decoder } from './encoding.js';
import { neverClosed, wrongEncoding, zeroBytes } from './file-errors.js';
import type { OpenFile } from './file-place.js';
import { findHeader, type Header } from './header.js';
import { RowScanner } from './row-scanner.js';
import type { CsvForm } from './settings.js';

/** A note for people, as a page carries it. */
export interface Warning {
  code: `RC_${string}`;
  message: string;
}

/** What the first pass over a file found: everything that can make it unfit is known before a record of it is believed. */
export interface Inspection {
  /** Of the bytes as they came. */
  sha256: string;
  bytes: number;
  encoding: string;
  delimiter: string;
  quote: string;
  /** The names of the columns; empty for a file without a line. */
  header: readonly string[];
  /** Where the rows begin, in the text as UTF-8. */
  body: { offset: number; line: number };
  /** Rows behind the header, unreadable ones included. */
  rows: number;
  warnings: readonly Warning[];
}

const FALLBACK = 'windows-1252';

/**
 * Reads a file once from end to end without keeping it: hash, encoding, header, quotes, zero bytes.
 *
 * @throws FileRejected for what must not be read as a snapshot.
 */
export async function inspect(file: OpenFile, form: CsvForm, signal: AbortSignal): Promise<Inspection> {
  if (form.encoding !== undefined) return new Pass(file.name, form, form.encoding).run(file, signal);
  const announced = await announcedEncoding(file, signal);
  if (announced !== undefined) return new Pass(file.name, form, announced).run(file, signal);
  try {
    return await new Pass(file.name, form, 'utf-8').run(file, signal);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'RC_FILE_ENCODING') throw error;
  }
  const guessed = await new Pass(file.name, form, FALLBACK).run(file, signal);
  const message = `${file.name} is not valid UTF-8 and was read as ${FALLBACK}; write its encoding under csv.encoding.`;
  return { ...guessed, warnings: [{ code: 'RC_FILE_ENCODING_GUESSED', message }, ...guessed.warnings] };
}

async function announcedEncoding(file: OpenFile, signal: AbortSignal): Promise<string | undefined> {
  for await (const chunk of file.chunks(signal)) return encodingOfMark(chunk);
  return undefined;
}

/** Hashes a file and nothing else. */
export async function hashOf(file: OpenFile, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of file.chunks(signal)) hash.update(chunk);
  return hash.digest('hex');
}

class Pass {
  readonly #name: string;
  readonly #form: CsvForm;
  readonly #encoding: string;
  readonly #decoder: Decoder;
  readonly #hash = createHash('sha256');
  readonly #warnings: Warning[] = [];
  /** The text up to the end of the header. */
  #head: Buffer = Buffer.alloc(0);
  #header: Header | undefined;
  #scanner: RowScanner | undefined;
  #rows = 0;
  #bytes = 0;
  #endsInLineBreak = true;
  #hasLostCharacters = false;
  readonly #countRow = (): undefined => {
    this.#rows++;
  };

  constructor(name: string, form: CsvForm, encoding: string) {
    this.#name = name;
    this.#form = form;
    this.#encoding = encoding;
    this.#decoder = createDecoder(encoding);
  }

  async run(file: OpenFile, signal: AbortSignal): Promise<Inspection> {
    for await (const chunk of file.chunks(signal)) {
      this.#hash.update(chunk);
      this.#bytes += chunk.length;
      this.#take(() => this.#decoder.decode(chunk));
    }
    this.#take(() => this.#decoder.end());
    this.#finish();
    return this.#result();
  }

  #take(decode: () => Buffer): void {
    const text = this.#decoded(decode);
    if (text.length === 0) return;
    const zero = text.indexOf(0);
    if (zero !== -1) throw zeroBytes(this.#name, this.#placeAfter(text.subarray(0, zero)).line);
    const last = text[text.length - 1];
    this.#endsInLineBreak = last === 10 || last === 13;
    this.#hasLostCharacters ||= text.includes('\ufffd');
    this.#scan(text);
  }

  #decoded(decode: () => Buffer): Buffer {
    try {
      return decode();
    } catch (error) {
      if (!(error instanceof BadBytes)) throw error;
      throw wrongEncoding(this.#name, this.#encoding, this.#placeAfter(error.before));
    }
  }

  /** Where the character behind `text` stands; the column only where its line begins in `text`. */
  #placeAfter(text: Buffer): { line: number; column?: number } {
    const isFirst = this.#scanner === undefined;
    const seen = isFirst ? Buffer.concat([this.#head, text]) : text;
    const line = (this.#scanner?.line ?? 1) + countLineBreaks(seen);
    const lastBreak = Math.max(seen.lastIndexOf(10), seen.lastIndexOf(13));
    if (lastBreak === -1 && !isFirst) return { line };
    return { line, column: seen.toString('utf8', lastBreak + 1).length + 1 };
  }

  #scan(text: Buffer): void {
    if (this.#scanner !== undefined) {
      this.#scanner.scan(text, this.#countRow);
      return;
    }
    this.#head = this.#head.length === 0 ? text : Buffer.concat([this.#head, text]);
    this.#startBody(findHeader(this.#head, this.#form, this.#name, false));
  }

  #startBody(header: Header | undefined): void {
    if (header === undefined) return;
    this.#header = header;
    this.#scanner = new RowScanner(header.delimiter, this.#form.quote, header.body);
    this.#scanner.scan(this.#head.subarray(header.body.offset), this.#countRow);
    this.#head = this.#head.subarray(0, 0);
  }

  #finish(): void {
    if (this.#scanner === undefined) this.#startBody(findHeader(this.#head, this.#form, this.#name, true));
    const unclosed = this.#scanner?.unclosedLine;
    if (unclosed !== undefined) throw neverClosed(this.#name, unclosed);
    this.#scanner?.finish(this.#countRow);
    if (!this.#endsInLineBreak) {
      this.#warn('RC_FILE_NO_LAST_LINE_BREAK', 'does not end with a line break; its last row may be cut.');
    }
    if (this.#hasLostCharacters) {
      this.#warn('RC_FILE_LOST_CHARACTERS', 'holds characters that were lost before it was written (U+FFFD).');
    }
    if (this.#header?.unused !== undefined) {
      this.#warn(
        'RC_FILE_ONE_COLUMN',
        `has one column, yet "${this.#header.unused}" stands in its header; see csv.delimiter.`,
      );
    }
  }

  #warn(code: Warning['code'], what: string): void {
    this.#warnings.push({ code, message: `${this.#name} ${what}` });
  }

  #result(): Inspection {
    return {
      sha256: this.#hash.digest('hex'),
      bytes: this.#bytes,
      encoding: this.#encoding,
      delimiter: this.#header?.delimiter ?? ',',
      quote: this.#form.quote,
      header: this.#header?.names ?? [],
      body: this.#header?.body ?? { offset: 0, line: 1 },
      rows: this.#rows,
      warnings: this.#warnings,
    };
  }
}

function countLineBreaks(text: Buffer): number {
  return text.toString('latin1').split(/\r\n|\n|\r/).length - 1;
}
