import type { FastifyError } from 'fastify';
import { UNEXPECTED, type ProblemParts } from './problem.js';

type Said = Pick<ProblemParts, 'status' | 'code' | 'detail' | 'mend'>;

const BODY_INVALID: Said = {
  status: 400,
  code: 'RC_HTTP_BODY_INVALID',
  detail: 'The body is cut off or not as long as it says.',
  mend: 'Send the body as a whole, with its right Content-Length.',
};

const URL_INVALID: Said = {
  status: 400,
  code: 'RC_HTTP_URL_INVALID',
  detail: 'The address cannot be read.',
  mend: 'Percent-encode it as UTF-8.',
};

/** What Fastify refuses by itself (its docs/Reference/Errors.md), in our words. */
const BY_CODE: Readonly<Record<string, Said>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    code: 'RC_HTTP_BODY_TOO_LARGE',
    detail: 'The body is larger than this route takes.',
    mend: 'Send less at once.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: 'RC_HTTP_MEDIA_TYPE',
    detail: 'The body is of a media type that this route does not take.',
    mend: 'Send JSON, with Content-Type: application/json.',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: BODY_INVALID,
  FST_ERR_CTP_EMPTY_JSON_BODY: BODY_INVALID,
  FST_ERR_BAD_URL: URL_INVALID,
  FST_ERR_MAX_PARAM_LENGTH: {
    status: 414,
    code: 'RC_HTTP_URL_TOO_LONG',
    detail: 'A part of the address is longer than this service takes.',
    mend: 'Name things by their ids.',
  },
  FST_ERR_HANDLER_TIMEOUT: {
    status: 503,
    code: 'RC_HTTP_TIMEOUT',
    detail: 'The answer took too long.',
    mend: 'Ask for less at once, or try again later.',
  },
  ECONNRESET: BODY_INVALID,
};

/** What the framework threw; every other error is unexpected. */
export function problemOfFramework(error: Partial<FastifyError>): ProblemParts {
  if (error.validation !== undefined) return invalidRequest(error.validation);
  return BY_CODE[error.code ?? ''] ?? UNEXPECTED;
}

/** Which parameter a schema refused, and why; never its value. */
function invalidRequest(findings: NonNullable<FastifyError['validation']>): ProblemParts {
  return {
    status: 400,
    code: 'RC_HTTP_REQUEST_INVALID',
    detail: 'The request does not have the shape that this route takes.',
    mend: 'See errors, and /v1/openapi.json.',
    errors: findings.map(({ instancePath, message, params }) => ({
      place: placeOf(instancePath, params),
      message: message ?? 'is not valid',
    })),
  };
}

function placeOf(instancePath: string, params: Record<string, unknown>): string {
  const added = params.additionalProperty ?? params.missingProperty;
  return typeof added === 'string' ? `${instancePath}/${added}` : instancePath;
}
