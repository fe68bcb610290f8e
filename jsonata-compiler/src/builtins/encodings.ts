import { fail } from '../errors.js';
import type { Run } from '../run.js';
import { asText, type Builtin, type Builtins } from './builtin.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const VALUES = new Map<string, number>(Array.from(ALPHABET, (letter, value) => [letter, value]));
VALUES.set('-', 62).set('_', 63);

/** Base64 of the low byte of each character, as Node's `binary` encoding has it. */
function encode(text: string): string {
  let out = '';
  for (let at = 0; at < text.length; at += 3) {
    const [first, second, third] = [byteAt(text, at), byteAt(text, at + 1), byteAt(text, at + 2)];
    out += letter(first >> 2) + letter(((first & 3) << 4) | (second >> 4));
    out += at + 1 < text.length ? letter(((second & 15) << 2) | (third >> 6)) : '=';
    out += at + 2 < text.length ? letter(third & 63) : '=';
  }
  return out;
}

function byteAt(text: string, at: number): number {
  return at < text.length ? text.charCodeAt(at) & 0xff : 0;
}

function letter(value: number): string {
  return ALPHABET.charAt(value);
}

/** Reads either alphabet and passes over what is no letter of it, up to the padding; Node sees low bytes only. */
function decode(text: string): string {
  let out = '';
  let bits = 0;
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const char = String.fromCharCode(text.charCodeAt(at) & 0xff);
    if (char === '=') break;
    const value = VALUES.get(char);
    if (value === undefined) continue;
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += String.fromCharCode((bits >> count) & 0xff);
    }
  }
  return out;
}

function coding(convert: (text: string) => string, name?: string): Builtin {
  return {
    signature: '<s-:s>',
    arity: 1,
    invoke: ([value], _input, run: Run) => {
      if (value === undefined) return undefined;
      const text = asText(value);
      run.chars(text.length);
      run.spend(text.length >>> 3);
      return run.text(name === undefined ? convert(text) : guarded(convert, text, name));
    },
  };
}

/** Malformed URLs and lone surrogates make JavaScript throw. */
function guarded(convert: (text: string) => string, text: string, name: string): string {
  try {
    return convert(text);
  } catch {
    return fail('D3140', { text: name });
  }
}

export const encodings: Builtins = {
  base64encode: coding(encode),
  base64decode: coding(decode),
  encodeUrlComponent: coding(encodeURIComponent, 'encodeUrlComponent'),
  encodeUrl: coding(encodeURI, 'encodeUrl'),
  decodeUrlComponent: coding(decodeURIComponent, 'decodeUrlComponent'),
  decodeUrl: coding(decodeURI, 'decodeUrl'),
};
