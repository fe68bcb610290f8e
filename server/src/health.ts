import type { FastifyInstance } from 'fastify';
import type { Rollcall } from '@rollcall/core';
import type { DrainSignal } from './drain.js';
import { HttpProblem } from './http/problem.js';

/** A probe that hears nothing for so long takes the database for unreachable. */
const PATIENCE_MS = 2_000;

const STATUS = {
  type: 'object',
  required: ['status'],
  properties: { status: { type: 'string' } },
} as const;

/** `/livez`: the process answers. `/readyz`: it can serve: the database answers and is migrated, and no stop was asked for. */
export function addHealth(app: FastifyInstance, rollcall: Pick<Rollcall, 'database'>, drain: DrainSignal): void {
  app.get(
    '/livez',
    { schema: { operationId: 'livez', tags: ['service'], summary: 'The process answers.', response: { 200: STATUS } } },
    () => ({ status: 'alive' }),
  );
  app.get(
    '/readyz',
    {
      schema: {
        operationId: 'readyz',
        tags: ['service'],
        summary: 'The database answers and is migrated, and the service is not stopping.',
        response: { 200: STATUS, 503: { $ref: 'Problem#' } },
      },
    },
    async () => {
      if (drain.isDraining) throw notReady('The service is stopping.');
      const reason = await whyUnready(rollcall);
      if (reason !== null) throw notReady(reason);
      return { status: 'ready' };
    },
  );
}

async function whyUnready({ database }: Pick<Rollcall, 'database'>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, null);
  });
  try {
    const status = await Promise.race([database.status(), silence]);
    if (status === null) return 'The database does not answer.';
    return status.pending.length === 0 ? null : 'The database is not migrated.';
  } catch {
    return 'The database cannot be reached or read.';
  } finally {
    clearTimeout(timer);
  }
}

function notReady(detail: string): HttpProblem {
  return new HttpProblem({
    status: 503,
    code: 'RC_NOT_READY',
    detail,
    mend: 'Ask again later; see "rollcall doctor".',
    headers: { 'retry-after': '5' },
  });
}
