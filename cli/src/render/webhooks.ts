import type { DeliveryDocument, IssuedWebhook, Listing, WebhookDocument } from '@rollcall/core';
import type { Screen } from '../terminal/screen.js';
import { table } from '../terminal/table.js';
import { counted, lines, moreLine, nextStep, paragraphs, when } from './words.js';

const REASONS = {
  person: 'by hand',
  gone: 'it answered 410',
  failing: 'an event could not be delivered for days',
} as const;

function stateOf({ status, disabled }: WebhookDocument): string {
  if (status === 'retired') return 'removed';
  return disabled === null ? status : `disabled: ${REASONS[disabled.reason]}`;
}

const typesOf = ({ types }: WebhookDocument): string => types?.join(', ') ?? 'all';

/** How far it is, as one looks for trouble. */
function progressOf({ delivery }: WebhookDocument): string {
  const { behind, failing, waiting } = delivery;
  if (behind + failing + waiting === 0) return 'up to date';
  return [
    ...(behind === 0 ? [] : [`${counted(behind, 'event')} behind`]),
    ...(failing === 0 ? [] : [`${failing} failing`]),
    ...(waiting === 0 ? [] : [`${waiting} waiting`]),
  ].join(', ');
}

/** `rollcall webhook list` for people. */
export function webhooksText(listing: Listing<WebhookDocument>, screen: Screen): string {
  const { safe, paint, width } = screen;
  if (listing.items.length === 0)
    return paragraphs('No webhook endpoints.', nextStep(screen, 'Make one', 'webhook:create', 'URL'));
  const columns = [
    { title: 'ID', cell: (webhook: WebhookDocument) => safe(webhook.id), isWhole: true, style: () => 'dim' as const },
    { title: 'URL', cell: (webhook: WebhookDocument) => safe(webhook.url) },
    { title: 'TYPES', cell: (webhook: WebhookDocument) => safe(typesOf(webhook)) },
    { title: 'STATE', cell: stateOf },
    { title: 'PROGRESS', cell: progressOf },
  ];
  return paragraphs(table(listing.items, columns, width, paint), moreLine(listing, screen, 'webhook:list'));
}

/** One endpoint for people. */
export function webhookText({ webhook }: { webhook: WebhookDocument }, screen: Screen): string {
  const { safe, paint } = screen;
  const { restingUntil, failingSince } = webhook.delivery;
  return lines(
    `${paint('bold', safe(webhook.url))} ${paint('dim', `(${safe(webhook.id)})`)}`,
    safe(webhook.description),
    `${stateOf(webhook)}; ${progressOf(webhook)}`,
    `types: ${safe(typesOf(webhook))}; form: ${safe(webhook.format)}`,
    failingSince === null ? '' : `failing since ${when(failingSince)}`,
    restingUntil === null ? '' : `left alone until ${when(restingUntil)}`,
    ...webhook.secrets.flatMap(({ version, expiresAt }) =>
      expiresAt === null ? [] : [`secret ${version} ends ${when(expiresAt)}`],
    ),
    webhook.status === 'disabled' ? nextStep(screen, 'Go on', 'webhook:enable', safe(webhook.id)) : '',
  );
}

/** The one time that the secret is shown. */
export function issuedWebhookText({ webhook, secret }: IssuedWebhook, screen: Screen): string {
  return paragraphs(secret, lines('Keep it now: it is not shown again.', webhookText({ webhook }, screen)));
}

/** `rollcall webhook deliveries` for people. */
export function deliveriesText(listing: Listing<DeliveryDocument>, screen: Screen): string {
  const { safe, paint, width } = screen;
  if (listing.items.length === 0) return 'Nothing was sent.';
  const columns = [
    { title: 'AT', cell: ({ at }: DeliveryDocument) => when(at), isWhole: true },
    { title: 'ENDPOINT', cell: ({ endpoint }: DeliveryDocument) => safe(endpoint), style: () => 'dim' as const },
    { title: 'NO.', cell: ({ event }: DeliveryDocument) => String(event.sequence), isWhole: true },
    { title: 'EVENT', cell: ({ event }: DeliveryDocument) => safe(event.type), style: () => 'cyan' as const },
    { title: 'TRY', cell: ({ attempt }: DeliveryDocument) => String(attempt) },
    { title: 'OUTCOME', cell: ({ outcome }: DeliveryDocument) => outcome },
    { title: 'ANSWER', cell: (delivery: DeliveryDocument) => safe(answerOf(delivery)) },
  ];
  return paragraphs(table(listing.items, columns, width, paint), moreLine(listing, screen, 'webhook:deliveries'));
}

function answerOf({ status, failure, answer }: DeliveryDocument): string {
  return [status === null ? failure : String(status), answer ?? ''].join(' ').trim();
}

/** `rollcall webhook resend` for people. */
export function resentText({ webhooks }: { webhooks: readonly string[] }, { safe }: Screen): string {
  return `Is sent again to ${webhooks.map(safe).join(', ')}.`;
}

/** `rollcall webhook recover` for people. */
export function recoveredText(document: { webhook: WebhookDocument; events: number }, screen: Screen): string {
  return paragraphs(
    `${counted(document.events, 'event')} of the tenant are looked at again.`,
    webhookText(document, screen),
  );
}
