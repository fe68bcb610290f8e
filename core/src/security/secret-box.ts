import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { RollcallError, type ErrorPlace } from '@rollcall/connector-kit';
import { Secret } from './redact.js';

/** Which secret an envelope holds: an envelope moved to another tenant, directory, field or version does not open. */
export interface SecretAddress {
  tenant: string;
  directory: string;
  field: string;
  version: number;
}

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES;
const ENVELOPE = /^v1\.([0-9a-f]{16})\.([\w-]+)\.([\w-]+)\.([\w-]+)$/;

interface Sealed {
  nonce: Buffer;
  ciphertext: Buffer;
  tag: Buffer;
}

interface Envelope extends Sealed {
  keyId: string;
  /** The secret's own key under the key `keyId`: nonce, ciphertext, tag. */
  wrapped: Buffer;
}

/** Reads the project's key: base64 of 32 random bytes, as `rollcall init` writes it. */
export function readKey(text: string, where: ErrorPlace = {}): Buffer {
  const trimmed = text.trim();
  const key = Buffer.from(trimmed, 'base64');
  if (key.length !== KEY_BYTES || key.toString('base64') !== trimmed) {
    throw new RollcallError('RC_SECRET_KEY_INVALID', 78, 'stop', {
      what: 'The secret key is not base64 of exactly 32 bytes.',
      where,
      mend: 'Restore the key file that "rollcall init" wrote, or make a new one: openssl rand -base64 32',
    });
  }
  return key;
}

/** Tells keys apart without telling anything of them. */
export function keyIdOf(key: Buffer): string {
  return createHash('sha256').update('rollcall key id\n').update(key).digest('hex').slice(0, 16);
}

function placeOf(at: SecretAddress): ErrorPlace {
  return { tenant: at.tenant, directory: at.directory, attribute: at.field };
}

function keyMissing(keyId: string, at: SecretAddress): RollcallError {
  return new RollcallError('RC_SECRET_KEY_MISSING', 78, 'stop', {
    what: `The secret "${at.field}" is encrypted with the key ${keyId}, which this process does not have.`,
    where: placeOf(at),
    mend: 'Give back the key that "secretKey" named when the secret was stored, or set the secret again.',
  });
}

function unreadable(at: SecretAddress, cause?: unknown): RollcallError {
  return new RollcallError('RC_SECRET_UNREADABLE', 78, 'stop', {
    what: `The stored secret "${at.field}" was changed, or belongs to something else: it does not decrypt.`,
    where: placeOf(at),
    mend: 'Set the secret again.',
    cause,
  });
}

/** `tenant|directory|field|version`; a bar inside a part is escaped, so that no two addresses read the same. */
function addressText(at: SecretAddress): string {
  const parts = [at.tenant, at.directory, at.field, String(at.version)];
  return parts.map((part) => part.replaceAll('%', '%25').replaceAll('|', '%7C')).join('|');
}

function encrypt(key: Buffer, plain: Buffer, bound: string): Sealed {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(bound));
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  return { nonce, ciphertext, tag: cipher.getAuthTag() };
}

function decrypt(key: Buffer, { nonce, ciphertext, tag }: Sealed, bound: string): Buffer {
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(bound));
  decipher.setAuthTag(tag);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
}

/** Null where another spelling of the same bytes stands: each changed character must be noticed. */
function fromBase64url(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}

/** `v1.kekId.nonce.ct.tag`, where `ct` begins with the wrapped key of the secret. */
function parse(text: string): Envelope | null {
  const [, keyId, ...rest] = ENVELOPE.exec(text) ?? [];
  const [nonce, body, tag] = rest.map(fromBase64url);
  if (keyId === undefined || !nonce || !body || !tag) return null;
  if (nonce.length !== NONCE_BYTES || tag.length !== TAG_BYTES || body.length < WRAPPED_BYTES) return null;
  return { keyId, nonce, wrapped: body.subarray(0, WRAPPED_BYTES), ciphertext: body.subarray(WRAPPED_BYTES), tag };
}

function print({ keyId, wrapped, nonce, ciphertext, tag }: Envelope): string {
  const parts = [nonce, Buffer.concat([wrapped, ciphertext]), tag].map((part) => part.toString('base64url'));
  return ['v1', keyId, ...parts].join('.');
}

const wrapBinding = (keyId: string, at: SecretAddress): string => `key|${keyId}|${addressText(at)}`;

function wrap(secretKey: Buffer, keyId: string, key: Buffer, at: SecretAddress): Buffer {
  const { nonce, ciphertext, tag } = encrypt(key, secretKey, wrapBinding(keyId, at));
  return Buffer.concat([nonce, ciphertext, tag]);
}

/** Keeps secrets at rest: each under a key of its own, which the project's key wraps. Never falls back to plain text. */
export class SecretBox {
  readonly #keysById: ReadonlyMap<string, Buffer>;
  readonly #currentId: string;
  readonly #current: Buffer;

  /** @param older - keys that still open what was sealed before a rotation, until `rewrap` has passed over it. */
  constructor(current: Buffer, older: readonly Buffer[] = []) {
    this.#current = current;
    this.#currentId = keyIdOf(current);
    this.#keysById = new Map([...older, current].map((key) => [keyIdOf(key), key]));
  }

  seal(plain: string, at: SecretAddress): string {
    const secretKey = randomBytes(KEY_BYTES);
    try {
      const wrapped = wrap(secretKey, this.#currentId, this.#current, at);
      return print({ keyId: this.#currentId, wrapped, ...encrypt(secretKey, Buffer.from(plain), addressText(at)) });
    } finally {
      secretKey.fill(0);
    }
  }

  /** @throws RC_SECRET_KEY_MISSING, RC_SECRET_UNREADABLE; what is no envelope is unreadable, never taken as it is. */
  open(text: string, at: SecretAddress): Secret {
    const envelope = this.#parse(text, at);
    return this.#withSecretKey(
      envelope,
      at,
      (secretKey) => new Secret(decrypt(secretKey, envelope, addressText(at)).toString()),
    );
  }

  /** The same secret under the current key; repeatable, so that a rotation that was cut off simply starts again. */
  rewrap(text: string, at: SecretAddress): string {
    const envelope = this.#parse(text, at);
    return this.#withSecretKey(envelope, at, (secretKey) => {
      decrypt(secretKey, envelope, addressText(at)).fill(0);
      if (envelope.keyId === this.#currentId) return text;
      return print({
        ...envelope,
        keyId: this.#currentId,
        wrapped: wrap(secretKey, this.#currentId, this.#current, at),
      });
    });
  }

  /** True for an envelope that an older key wraps, or that nothing here can open. */
  needsRewrap(text: string): boolean {
    return parse(text)?.keyId !== this.#currentId;
  }

  #parse(text: string, at: SecretAddress): Envelope {
    const envelope = parse(text);
    if (envelope === null) throw unreadable(at);
    return envelope;
  }

  #withSecretKey<T>(envelope: Envelope, at: SecretAddress, use: (secretKey: Buffer) => T): T {
    const key = this.#keysById.get(envelope.keyId);
    if (key === undefined) throw keyMissing(envelope.keyId, at);
    const nonce = envelope.wrapped.subarray(0, NONCE_BYTES);
    const ciphertext = envelope.wrapped.subarray(NONCE_BYTES, NONCE_BYTES + KEY_BYTES);
    const tag = envelope.wrapped.subarray(NONCE_BYTES + KEY_BYTES);
    let secretKey: Buffer | undefined;
    try {
      secretKey = decrypt(key, { nonce, ciphertext, tag }, wrapBinding(envelope.keyId, at));
      return use(secretKey);
    } catch (error) {
      throw unreadable(at, error);
    } finally {
      secretKey?.fill(0);
    }
  }
}
