import type { FastifyInstance } from 'fastify';
import type { EventDocument, ObjectPage, TenantNames } from '@rollcall/core';
import { eventBodies, type EventBody, type EventWords } from './event-bodies.js';
import { DSYNC_TYPES } from './event-names.js';
import { storedId, tenantOfOrganization } from './ids.js';
import { Parameters } from './parameters.js';
import { profileOf, tenantsOf, type WorkosContext } from './request.js';

/** Types of Rollcall whose events may be asked for in Rollcall's own words. */
const OWN = /^rollcall\.((?:user|group|membership|conflict|review|directory)\.\w+)$/;
const MOST_AT_ONCE = 500;

/** What a request asks for. */
interface EventsWish {
  tenants: TenantNames;
  words: EventWords;
  types: readonly string[];
  range: { from?: string; until?: string };
  page: ObjectPage;
}

/** `GET /events`: the oldest first unless asked otherwise, since whoever keeps the last id goes on after it. */
export function addEvents(scope: FastifyInstance, context: WorkosContext): void {
  scope.get('/events', { schema: { hide: true } }, async (request) => {
    const all = await tenantsOf(context, request);
    const parameters = new Parameters(request.query, [
      'events',
      'events[]',
      'organization_id',
      'range_start',
      'range_end',
    ]);
    const names = parameters.texts('events');
    const organization = parameters.text('organization_id');
    const wish: EventsWish = {
      tenants:
        organization === undefined ? all : [tenantOfOrganization(all, organization)].filter((one) => one !== null),
      words: { profile: profileOf(request), ...(names === undefined ? {} : { names: new Set(names) }) },
      types: typesOf(names ?? Object.keys(DSYNC_TYPES), parameters),
      range: rangeOf(parameters),
      page: parameters.page('asc', (shown) => storedId('event', shown)).page,
    };
    parameters.finish();
    const { data, isLast } = await readEvents(context, wish);
    return { object: 'list', data, list_metadata: { after: isLast ? null : (data.at(-1)?.id ?? null) } };
  });
}

/** What WorkOS tells of other products never happens here; a misspelt name of ours would never happen either. */
function typesOf(names: readonly string[], parameters: Parameters): string[] {
  const types = names.flatMap((name) => {
    const own = OWN.exec(name)?.[1];
    const known = Object.hasOwn(DSYNC_TYPES, name) ? DSYNC_TYPES[name] : undefined;
    if (own === undefined && known === undefined && /^(dsync|rollcall)\./.test(name))
      parameters.refuse('events', 'unknown_event_type');
    return own === undefined ? (known ?? []) : [own];
  });
  return [...new Set(types)];
}

function rangeOf(parameters: Parameters): EventsWish['range'] {
  const from = parameters.instant('range_start');
  const until = parameters.instant('range_end');
  if (from !== undefined && parameters.text('after') !== undefined)
    parameters.refuse('range_start', 'give_range_start_or_after_and_not_both');
  return { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
}

/** Reads until the page is full or there is nothing more: not every event of Rollcall is one of WorkOS. */
async function readEvents(
  context: WorkosContext,
  { tenants, words, types, range, page }: EventsWish,
): Promise<{ data: EventBody[]; isLast: boolean }> {
  const isBackwards = page.before !== undefined;
  const found: EventBody[] = [];
  if (tenants.length === 0 || types.length === 0) return { data: found, isLast: true };
  for (let part: ObjectPage | null = { ...page, limit: page.limit + 1 }; part !== null;) {
    const listing = await context.rollcall.consumers.events(tenants, { ...part, ...range, types });
    const told = await tellEvents(context, listing.items, words);
    if (isBackwards) found.unshift(...told);
    else found.push(...told);
    const hasMore = isBackwards ? listing.hasEarlier : listing.hasLater;
    part = hasMore && found.length <= page.limit ? nextPart(part, listing.items) : null;
  }
  const data = isBackwards ? found.slice(-page.limit) : found.slice(0, page.limit);
  return { data, isLast: !isBackwards && found.length <= page.limit };
}

function nextPart(part: ObjectPage, items: readonly EventDocument[]): ObjectPage | null {
  const end = part.before === undefined ? items.at(-1) : items[0];
  if (end === undefined) return null;
  const { order } = part;
  const limit = Math.min(part.limit * 2, MOST_AT_ONCE);
  return part.before === undefined ? { order, limit, after: end.id } : { order, limit, before: end.id };
}

/** Events of several tenants, told tenant by tenant, in the order in which they came. */
async function tellEvents(
  { rollcall }: WorkosContext,
  events: readonly EventDocument[],
  words: EventWords,
): Promise<EventBody[]> {
  const told = new Map<string, EventBody>();
  for (const tenant of new Set(events.map((event) => event.tenant))) {
    const own = events.filter((event) => event.tenant === tenant);
    const bodies = await eventBodies(rollcall, tenant, own, words);
    for (const [place, { id }] of own.entries()) {
      const body = bodies[place];
      if (body) told.set(id, body);
    }
  }
  return events.flatMap(({ id }) => told.get(id) ?? []);
}
