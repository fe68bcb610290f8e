import { createHash } from 'node:crypto';

/** The fingerprint of a public key as `ssh-keygen -lf` prints it. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The kinds of host keys that a server may have at once, by the name that stands in the key. */
export const KEY_FAMILIES = {
  'ssh-ed25519': ['ssh-ed25519'],
  ecdsa: ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
} as const;

/** A family of host keys. */
export type KeyFamily = keyof typeof KEY_FAMILIES;

/** The family of a public key, read from the key itself. */
export function familyOf(key: Buffer): KeyFamily | undefined {
  const name = key.toString('latin1', 4, 4 + key.readUInt32BE(0));
  if (name.startsWith('ecdsa-')) return 'ecdsa';
  return name in KEY_FAMILIES ? (name as KeyFamily) : undefined;
}

/** Compares the keys that a server shows with the pinned ones; remembers what it saw. */
export class HostKeyPins {
  readonly #pinned: ReadonlySet<string>;
  readonly #seen = new Map<string, KeyFamily | undefined>();

  constructor(pinned: readonly string[]) {
    this.#pinned = new Set(pinned);
  }

  /** Asked by the protocol before anything about the login is sent. */
  readonly isPinned = (key: Buffer): boolean => {
    const fingerprint = fingerprintOf(key);
    this.#seen.set(fingerprint, familyOf(key));
    return this.#pinned.has(fingerprint);
  };

  /** Fingerprints that the server showed and that are not pinned. */
  get strange(): readonly string[] {
    return [...this.#seen.keys()].filter((fingerprint) => !this.#pinned.has(fingerprint));
  }

  /** Families that the server was not asked for yet. */
  get unseen(): readonly KeyFamily[] {
    const seen = new Set(this.#seen.values());
    return (Object.keys(KEY_FAMILIES) as KeyFamily[]).filter((family) => !seen.has(family));
  }
}
