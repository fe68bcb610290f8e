import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEM_TYPE, problemDocument, type ProblemParts } from './problem.js';

const MALFORMED: ProblemParts = {
  status: 400,
  code: 'RC_HTTP_MALFORMED',
  detail: 'This is not HTTP/1.1.',
  mend: 'Speak HTTP/1.1; TLS ends at the proxy in front of this service.',
};

/** What Node refuses before there is a request (its docs: http, `clientError`). */
const BY_CODE: Readonly<Record<string, ProblemParts>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'RC_HTTP_HEADERS_TOO_LARGE',
    detail: 'The headers are larger than this service takes.',
    mend: 'Send fewer or shorter headers.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'RC_HTTP_REQUEST_TIMEOUT',
    detail: 'The request did not arrive in time.',
    mend: 'Send it as a whole, and at once.',
  },
};

/** Answers what is no request, and ends the connection. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const parts = BY_CODE[error.code ?? ''] ?? MALFORMED;
  const body = JSON.stringify(problemDocument(parts, randomUUID()));
  socket.end(
    [
      `HTTP/1.1 ${parts.status} ${STATUS_CODES[parts.status] ?? 'Error'}`,
      'Connection: close',
      `Content-Type: ${PROBLEM_TYPE}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}
