/** The words of RFC 7644 table 9 and RFC 9865 that say more than the status. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'invalidVers'
  | 'sensitive'
  | 'invalidCursor'
  | 'expiredCursor'
  | 'invalidCount';

interface ErrorParts {
  scimType?: ScimType;
  /** Further headers of the answer. */
  headers?: Readonly<Record<string, string>>;
  /** What happened, for whoever looks at the cause. */
  cause?: unknown;
}

/**
 * A refusal, as the client gets it (RFC 7644 section 3.12). Its message is shown to administrators by Okta and
 * Entra ID: what, where, how to mend it, and nothing of the inside.
 */
export class ScimError extends Error {
  override readonly name = 'ScimError';
  readonly status: number;
  readonly scimType: ScimType | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, detail: string, { scimType, headers = {}, cause }: ErrorParts = {}) {
    super(detail, { cause });
    this.status = status;
    this.scimType = scimType;
    this.headers = headers;
  }
}

/** A request that is wrong in the way that `scimType` names. */
export function badRequest(scimType: ScimType, detail: string): ScimError {
  return new ScimError(400, detail, { scimType });
}

/** The store is busy or gone for now; the client is asked to come again. */
export function unavailable(retryAfterSeconds: number, cause?: unknown): ScimError {
  return new ScimError(503, 'The directory is busy. Send the request again.', {
    headers: { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterSeconds))) },
    cause,
  });
}

/** Cuts a text of a client so that it can stand in a message. */
export function shown(text: string): string {
  const flat = text.replace(/\p{Cc}/gu, ' ');
  return JSON.stringify(flat.length > 80 ? `${flat.slice(0, 80)}…` : flat);
}
