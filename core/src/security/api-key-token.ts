import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Secret } from './redact.js';

/** A new token: shown once, kept as a hash. */
export interface NewToken {
  token: Secret;
  /** What people recognise the token by, and what it is looked up by; tells nothing of the secret part. */
  prefix: string;
  hash: string;
}

const ID_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const ID_LENGTH = 12;
/** 256 bits of chance: so much needs no slow hash. */
const SECRET_BYTES = 32;
const CHECK_LENGTH = 6;
/** What a token is for: `rck` a key of the service, `rcd` a directory that is pushed to. */
export type TokenScheme = 'rck' | 'rcd';
/** The scheme, the id, the secret in base64url, a checksum by which scanners and typing errors are told apart from tokens. */
const TOKENS: Readonly<Record<TokenScheme, RegExp>> = {
  rck: /^(rck_[0-9a-z]{12})_([\w-]{43})([0-9a-f]{6})$/,
  rcd: /^(rcd_[0-9a-z]{12})_([\w-]{43})([0-9a-f]{6})$/,
};

/** What stands in for the hash of a token that nobody knows: its comparison takes the same way. */
const NO_HASH = '0'.repeat(64);

/** Draws a token. */
export function newToken(scheme: TokenScheme = 'rck'): NewToken {
  const id = [...randomBytes(ID_LENGTH)].map((byte) => ID_ALPHABET[byte % ID_ALPHABET.length] ?? '0').join('');
  const prefix = `${scheme}_${id}`;
  const body = `${prefix}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  const token = `${body}${checksum(body)}`;
  return { token: new Secret(token), prefix, hash: hashOf(token) };
}

/** The prefix of what looks like a token; null for everything else, which is then no token of ours. */
export function prefixOf(token: string, scheme: TokenScheme = 'rck'): string | null {
  const [, prefix] = TOKENS[scheme].exec(token) ?? [];
  if (prefix === undefined) return null;
  const body = token.slice(0, -CHECK_LENGTH);
  return checksum(body) === token.slice(-CHECK_LENGTH) ? prefix : null;
}

/** Whether the token is the one that was hashed; takes equally long for a stored hash and for none. */
export function isToken(token: string, stored: string | null): boolean {
  const equal = timingSafeEqual(Buffer.from(hashOf(token)), Buffer.from(stored ?? NO_HASH));
  return equal && stored !== null;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function checksum(body: string): string {
  return createHash('sha256').update('rollcall token\n').update(body).digest('hex').slice(0, CHECK_LENGTH);
}
