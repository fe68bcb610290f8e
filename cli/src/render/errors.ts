import type { ErrorBody, ErrorPlace } from '@rollcall/core';
import type { Screen } from '../terminal/screen.js';
import { wrap } from '../terminal/wrap.js';

/** `tenants/acme.yaml:3:1`, `hr user E1004, hr-2026-03-10.csv:5`. */
export function placeText(where: ErrorPlace): string {
  const position = [where.line, where.column].filter((part) => part !== undefined).join(':');
  const file = where.file === undefined ? '' : [where.file, position].filter((part) => part !== '').join(':');
  const subject = [where.tenant, where.directory, where.kind, where.sourceId ?? where.record, where.attribute]
    .filter((part) => part !== undefined)
    .join(' ');
  return [subject, file].filter((part) => part !== '').join(', ');
}

/** The error for people: what, where, how to mend it. */
export function errorText(document: { error: ErrorBody; errors?: ErrorBody[] }, screen: Screen): string {
  const bodies = document.errors ?? [document.error];
  return bodies.map((body) => oneErrorText(body, screen)).join('\n');
}

/** One error body for people. */
export function oneErrorText(body: ErrorBody, { width, paint, safe }: Screen): string {
  const place = placeText(body.where);
  const lines = [
    wrap(`${paint('red', 'Error:')} ${safe(body.message)} ${paint('dim', `(${body.code})`)}`, width, '  '),
    ...(place === '' ? [] : [`  ${paint('dim', 'in')} ${safe(place)}`]),
    ...candidateLines(body, safe),
    ...(body.mend === '' ? [] : [wrap(`  ${paint('cyan', '→')} ${safe(body.mend)}`, width, '    ')]),
  ];
  return lines.join('\n');
}

function candidateLines(body: ErrorBody, safe: Screen['safe']): string[] {
  const { candidates } = body;
  if (!Array.isArray(candidates)) return [];
  return candidates.map((candidate: unknown) => `  - ${safe(candidateText(candidate))}`);
}

/** `usr-01hr  Ada Lovelace (hr:E1001)` for a person; other candidates as they are. */
function candidateText(candidate: unknown): string {
  if (typeof candidate === 'string') return candidate;
  const { id, who } = (candidate ?? {}) as { id?: unknown; who?: { name?: unknown; sourceId?: unknown } };
  if (typeof id !== 'string' || typeof who?.name !== 'string') return JSON.stringify(candidate);
  return typeof who.sourceId === 'string' && who.sourceId !== ''
    ? `${id}  ${who.name} (${who.sourceId})`
    : `${id}  ${who.name}`;
}
