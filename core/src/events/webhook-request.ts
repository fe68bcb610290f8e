import { RollcallError } from '@rollcall/connector-kit';
import { didYouMean } from '../rules/nearest-name.js';
import { judgeUrl, type AllowedHosts, type UrlProblem } from '../security/outbound-url.js';
import { EVENT_TYPES } from './event-document.js';
import { typesOf } from './webhook-documents.js';
import type { WebhookEndpointRow } from './webhook-tables.js';

const LONGEST_DESCRIPTION = 200;

const PROBLEMS: Readonly<Record<UrlProblem, readonly [what: string, mend: string]>> = {
  noUrl: ['That is no address on the web.', 'Write it such as https://app.example/webhooks'],
  scheme: [
    'Events are sent by https only.',
    'Give an https address, or allow its host under "webhooks" in rollcall.config.yaml.',
  ],
  userinfo: ['The address must not carry a name or a password.', 'Leave out what stands before the @.'],
  port: [
    'Events are sent to the ports 443 and 8443 only.',
    'Use one of them, or allow host and port under "webhooks" in rollcall.config.yaml.',
  ],
  host: [
    'Nothing is sent to addresses of this machine or of private networks.',
    'Give a public host, or allow this one by name under "webhooks" in rollcall.config.yaml.',
  ],
};

/** The address as it is kept. @throws RC_WEBHOOK_REQUEST */
export function urlOf(allowedHosts: AllowedHosts, text: string): string {
  const judged = judgeUrl(text.trim(), allowedHosts);
  if (typeof judged === 'string') throw refused(...PROBLEMS[judged]);
  judged.url.hash = '';
  return judged.url.href;
}

/** @throws RC_WEBHOOK_REQUEST */
export function descriptionOf(text: string): string {
  const description = text.trim();
  if (description.length <= LONGEST_DESCRIPTION && !description.includes('\0')) return description;
  throw refused(`A description has at most ${LONGEST_DESCRIPTION} characters.`, 'Write a shorter one.');
}

/** Types as they are kept, each once, in the order in which they are known. @throws RC_WEBHOOK_REQUEST */
export function typesText(types: readonly string[] | null): string | null {
  if (types === null) return null;
  if (types.length === 0)
    throw refused('An endpoint without types is told of nothing.', 'Name a type, or none for all.');
  const patterns = [...new Set(EVENT_TYPES.map((type) => type.replace(/\..*/, '.*')))];
  const known = [...EVENT_TYPES, ...patterns];
  const unknown = types.find((type) => !known.includes(type));
  if (unknown !== undefined) throw refused(`There are no events of type "${unknown}".`, didYouMean(unknown, known));
  return JSON.stringify(known.filter((type) => types.includes(type)));
}

/** Whether an endpoint is told of events of that type. */
export function isWanted(row: WebhookEndpointRow, type: string): boolean {
  return (
    typesOf(row)?.some((each) => each === type || (each.endsWith('.*') && type.startsWith(each.slice(0, -1)))) ?? true
  );
}

export function notFound(tenant: string, id: string): RollcallError {
  return new RollcallError('RC_WEBHOOK_NOT_FOUND', 1, 'stop', {
    what: `There is no such webhook endpoint: ${id}.`,
    where: { tenant },
    mend: 'Name one by its id (whe-…): see "rollcall webhook list".',
  });
}

export function noEvent(name: string): RollcallError {
  return new RollcallError('RC_EVENT_NOT_FOUND', 1, 'stop', {
    what: `There is no event ${name}.`,
    mend: 'Name one by its id (evt-…) or its number: see "rollcall events list".',
  });
}

export function toldOfNothing(type: string): RollcallError {
  return new RollcallError('RC_WEBHOOK_DISABLED', 1, 'stop', {
    what: `No endpoint that is meant is enabled and told of events of type ${type}.`,
    mend: 'See "rollcall webhook list"; enable one with: rollcall webhook enable ID',
  });
}

/** No bodies of that form are made here. */
export function refuseFormat(format: string, known: readonly string[]): void {
  if (!known.includes(format)) throw refused(`There are no bodies of the form "${format}".`, didYouMean(format, known));
}

function refused(what: string, mend: string): RollcallError {
  return new RollcallError('RC_WEBHOOK_REQUEST', 64, 'stop', { what, mend });
}
