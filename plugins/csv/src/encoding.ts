import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import iconv from 'iconv-lite';

/** The encodings that can be written in the settings. */
export const ENCODINGS = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1250',
  'windows-1251',
  'windows-1252',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-1258',
  'iso-8859-1',
  'iso-8859-2',
  'iso-8859-5',
  'iso-8859-7',
  'iso-8859-9',
  'iso-8859-15',
  'macintosh',
  'cp437',
  'cp850',
  'cp852',
  'shift_jis',
  'euc-jp',
  'euc-kr',
  'gb18030',
  'big5',
] as const;

/** Bytes that are no text in the encoding that was asked for. */
export class BadBytes extends Error {
  constructor(
    /** The text of the failing chunk before them, as UTF-8. */
    readonly before: Buffer,
  ) {
    super('bytes outside the encoding');
  }
}

/** Turns the bytes of a file into UTF-8 without a byte order mark, and throws {@link BadBytes} instead of losing a character. */
export interface Decoder {
  decode(chunk: Buffer): Buffer;
  end(): Buffer;
}

/** The encoding that the first bytes of a file announce. */
export function encodingOfMark(first: Buffer): string | undefined {
  const hex = first.toString('hex', 0, 3);
  if (hex === 'efbbbf') return 'utf-8';
  if (hex.startsWith('fffe')) return 'utf-16le';
  return hex.startsWith('feff') ? 'utf-16be' : undefined;
}

/** Makes the decoder of an encoding. */
export function createDecoder(encoding: string): Decoder {
  if (encoding === 'utf-8') return new Utf8Check();
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return new Utf16Decoder(encoding);
  return new TableDecoder(encoding);
}

const NOTHING: Buffer = Buffer.alloc(0);

class Utf8Check implements Decoder {
  #rest: Buffer = NOTHING;
  #started = false;

  decode(chunk: Buffer): Buffer {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const whole = bytes.length - unfinishedTail(bytes);
    this.#rest = bytes.subarray(whole);
    return this.#check(bytes.subarray(0, whole));
  }

  end(): Buffer {
    return this.#check(this.#rest);
  }

  #check(bytes: Buffer): Buffer {
    if (!isUtf8(bytes)) throw new BadBytes(goodStart(bytes));
    if (this.#started || bytes.length === 0) return bytes;
    this.#started = true;
    return encodingOfMark(bytes) === 'utf-8' ? bytes.subarray(3) : bytes;
  }
}

/** How many bytes at the end begin a character that goes on in the next chunk. */
function unfinishedTail(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? back : 0;
    }
  }
  return 0;
}

function goodStart(bytes: Buffer): Buffer {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    const part = bytes.subarray(0, middle);
    if (isUtf8(part.subarray(0, middle - unfinishedTail(part)))) good = middle;
    else bad = middle;
  }
  const part = bytes.subarray(0, good);
  return part.subarray(0, good - unfinishedTail(part));
}

class Utf16Decoder implements Decoder {
  readonly #decoder: TextDecoder;

  constructor(encoding: string) {
    this.#decoder = new TextDecoder(encoding, { fatal: true });
  }

  decode(chunk: Buffer): Buffer {
    return this.#run(() => this.#decoder.decode(chunk, { stream: true }));
  }

  end(): Buffer {
    return this.#run(() => this.#decoder.decode());
  }

  #run(decode: () => string): Buffer {
    try {
      return Buffer.from(decode());
    } catch {
      throw new BadBytes(NOTHING);
    }
  }
}

class TableDecoder implements Decoder {
  readonly #decoder: ReturnType<typeof iconv.getDecoder>;

  constructor(encoding: string) {
    this.#decoder = iconv.getDecoder(encoding);
  }

  decode(chunk: Buffer): Buffer {
    return check(this.#decoder.write(chunk));
  }

  end(): Buffer {
    return check(this.#decoder.end() ?? '');
  }
}

function check(text: string): Buffer {
  const bad = text.indexOf('\ufffd');
  if (bad !== -1) throw new BadBytes(Buffer.from(text.slice(0, bad)));
  return Buffer.from(text);
}
