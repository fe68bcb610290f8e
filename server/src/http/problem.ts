import { STATUS_CODES } from 'node:http';
import { isRollcallError, type RollcallError } from '@rollcall/core';

/** A problem document (RFC 9457) with a code that is never renamed. */
export interface Problem {
  type: 'about:blank';
  /** The name of the status: what `about:blank` asks for. */
  title: string;
  status: number;
  code: string;
  detail: string;
  mend: string;
  requestId: string;
  /** What a schema refused: where it stands, and why. */
  errors?: { place: string; message: string }[];
  /** Whom an ambiguous name may mean. */
  candidates?: unknown;
}

/** What stands in a problem beside status and request id. */
export type ProblemParts = Omit<Problem, 'type' | 'title' | 'requestId'> & {
  headers?: Readonly<Record<string, string>>;
};

/** An error that a route throws on purpose: answered as it is. */
export class HttpProblem extends Error {
  readonly parts: ProblemParts;

  constructor(parts: ProblemParts) {
    super(parts.detail);
    this.name = 'HttpProblem';
    this.parts = parts;
  }
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** The document for a request. */
export function problemDocument(parts: ProblemParts, requestId: string): Problem {
  const { status, code, detail, mend, errors, candidates } = parts;
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    detail,
    mend,
    ...(errors === undefined ? {} : { errors }),
    ...(candidates === undefined ? {} : { candidates }),
    requestId,
  };
}

/** One and the same answer for a tenant that is not there and for one that the key is not good for. */
export function tenantNotFound(): HttpProblem {
  return new HttpProblem({
    status: 404,
    code: 'RC_TENANT_NOT_FOUND',
    detail: 'There is no such tenant, or this API key is not good for it.',
    mend: 'See GET /v1/tenants for those that this key is good for.',
  });
}

/** Status of what core refuses, by its code; what is not listed follows the exit code. */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  RC_USER_NOT_FOUND: 404,
  RC_GROUP_NOT_FOUND: 404,
  RC_RUN_NOT_FOUND: 404,
  RC_DIRECTORY_UNKNOWN: 404,
  RC_API_KEY_NOT_FOUND: 404,
  RC_USER_AMBIGUOUS: 409,
  RC_GROUP_AMBIGUOUS: 409,
};

const STATUS_BY_EXIT_CODE: Readonly<Record<number, number>> = { 64: 400, 69: 503, 75: 503 };

/** What core refuses, for those who asked over HTTP; null for what is no fault of theirs. */
export function problemOfRollcall(error: RollcallError): ProblemParts | null {
  if (error.code === 'RC_NOT_APPLIED') return tenantNotFound().parts;
  const status = STATUS_BY_CODE[error.code] ?? STATUS_BY_EXIT_CODE[error.exitCode];
  if (status === undefined) return null;
  return {
    status,
    code: error.code,
    detail: error.message,
    mend: error.mend,
    ...(error.extra.candidates === undefined ? {} : { candidates: error.extra.candidates }),
    ...(status === 503 ? { headers: { 'retry-after': '1' } } : {}),
  };
}

/** What a client is told of an error that is nobody's plan: nothing of what happened inside. */
export const UNEXPECTED: ProblemParts = {
  status: 500,
  code: 'RC_UNEXPECTED',
  detail: 'The service failed.',
  mend: 'Try again; if it stays, look for the request id in the log of the service.',
};

/** Any error as a problem. */
export function problemOf(error: unknown): ProblemParts {
  if (error instanceof HttpProblem) return error.parts;
  if (isRollcallError(error)) return problemOfRollcall(error) ?? UNEXPECTED;
  return UNEXPECTED;
}
