import type { JsonObject } from '@rollcall/connector-kit';
import { badRequest } from '../errors.js';
import type { Filter } from '../filter/ast.js';
import { parseFilter } from '../filter/parse.js';
import type { ListParameters } from '../http/query.js';
import type { ScimContext } from '../http/request.js';
import { readProjection } from '../resource/projection.js';
import { render } from '../resource/render.js';
import type { ResourceType } from '../schema/resource-types.js';
import { LIST_URN } from '../schema/urns.js';
import type { ScimStore, StoredResource } from '../store.js';
import { selected } from './candidates.js';
import { makeCursor, readCursor, type CursorBinding, type CursorPlace } from './cursor.js';
import { readPageWanted, type PageWanted } from './page-request.js';
import { compareKeys, readSort, sortKeyOf, type Sort, type SortKey } from './sort.js';
import { showAll } from './views.js';

/** A list that a client asks for, over one or several types. */
interface Question {
  readonly store: ScimStore;
  readonly types: readonly ResourceType[];
  readonly filter: Filter | undefined;
  readonly sort: Sort | undefined;
}

/** The resources of a page. */
interface Found {
  readonly page: readonly StoredResource[];
  /** Undefined on pages of a cursor, which do not count. */
  readonly total?: number;
  /** Where the next page begins; undefined on the last one. */
  readonly next?: CursorPlace;
}

/** Answers a list (RFC 7644 section 3.4.2): filtered, sorted, one page of it, projected. */
export async function listResources(
  { store, context, types }: { store: ScimStore; context: ScimContext; types: readonly ResourceType[] },
  parameters: ListParameters,
): Promise<JsonObject> {
  const { filter: text } = parameters;
  const filter = text === undefined ? undefined : parseFilter(text);
  const question: Question = { store, types, filter, sort: readSort(parameters) };
  const wanted = readPageWanted(parameters);
  const projections = types.map((type) => readProjection(parameters, type));
  const binding = bindingOf(context, { parameters, types, count: wanted.count });
  const found =
    wanted.by === 'index' ? await byIndex(question, wanted) : await byCursor(question, wanted.cursor, binding);
  const documents: JsonObject[] = [];
  for (const [i, projection] of projections.entries()) {
    const ofType = found.page.filter(({ kind }) => kind === types[i]?.kind);
    documents.push(...(await showAll(store, ofType, { projection, baseUrl: context.baseUrl })));
  }
  return listDocument(inOrder(documents, found.page), { found, wanted, binding });
}

/** Documents are made per type; a sorted list of several types goes by the page. */
function inOrder(documents: readonly JsonObject[], page: readonly StoredResource[]): JsonObject[] {
  const places = new Map(page.map(({ id }, i) => [id, i]));
  const placeOf = ({ id }: JsonObject): number => (typeof id === 'string' ? places.get(id) : undefined) ?? 0;
  return [...documents].sort((a, b) => placeOf(a) - placeOf(b));
}

function listDocument(
  resources: JsonObject[],
  { found, wanted, binding }: { found: Found; wanted: PageWanted; binding: CursorBinding },
): JsonObject {
  const next = found.next === undefined ? {} : { nextCursor: makeCursor(found.next, binding) };
  return {
    schemas: [LIST_URN],
    ...(found.total === undefined ? {} : { totalResults: found.total }),
    ...(wanted.by === 'index' ? { startIndex: wanted.startIndex } : {}),
    itemsPerPage: resources.length,
    ...next,
    Resources: resources,
  };
}

function bindingOf(
  { baseUrl, cursorKey, now }: Pick<ScimContext, 'baseUrl' | 'cursorKey' | 'now'>,
  { parameters, types, count }: { parameters: ListParameters; types: readonly ResourceType[]; count: number },
): CursorBinding {
  const { filter, attributes, excludedAttributes, sortBy, sortOrder } = parameters;
  const names = types.map(({ name }) => name);
  const asked = [baseUrl, names, filter, attributes, excludedAttributes, sortBy, sortOrder];
  return { key: cursorKey, now: now(), question: JSON.stringify(asked.map((part) => part ?? null)), count };
}

async function* everything({ store, types, filter }: Question, from: CursorPlace): AsyncGenerator<StoredResource> {
  for (const [kindNo, type] of types.entries()) {
    if (kindNo < from.kindNo) continue;
    yield* selected({ reading: store, type, filter, after: kindNo === from.kindNo ? from.after : 0 });
  }
}

const BEGIN: CursorPlace = { kindNo: 0, after: 0 };

async function byIndex(question: Question, wanted: { startIndex: number; count: number }): Promise<Found> {
  const skip = wanted.startIndex - 1;
  if (question.sort !== undefined) return sortedPage(question, question.sort, { skip, count: wanted.count });
  if (question.filter === undefined) return unfilteredPage(question, { skip, count: wanted.count });
  const page: StoredResource[] = [];
  let total = 0;
  for await (const stored of everything(question, BEGIN)) {
    if (total >= skip && page.length < wanted.count) page.push(stored);
    total += 1;
  }
  return { page, total };
}

async function unfilteredPage(
  { store, types }: Question,
  { skip, count }: { skip: number; count: number },
): Promise<Found> {
  const page: StoredResource[] = [];
  let total = 0;
  for (const { kind } of types) {
    const ofKind = await store.count(kind);
    const limit = count - page.length;
    const before = Math.max(0, skip - total);
    if (limit > 0 && before < ofKind) page.push(...(await store.page(kind, { skip: before, limit })));
    total += ofKind;
  }
  return { page, total };
}

async function sortedPage(
  question: Question,
  sort: Sort,
  { skip, count }: { skip: number; count: number },
): Promise<Found & { total: number }> {
  const keys: { stored: Pick<StoredResource, 'kind' | 'id'>; key: SortKey }[] = [];
  for await (const stored of everything(question, BEGIN)) {
    const type = question.types.find(({ kind }) => kind === stored.kind);
    if (type === undefined) continue;
    const key = sortKeyOf(render(stored, { baseUrl: '' }), sort, type);
    keys.push({ stored: { kind: stored.kind, id: stored.id }, key });
  }
  keys.sort((a, b) => compareKeys(a.key, b.key, sort));
  const chosen = keys.slice(skip, skip + count).map(({ stored }) => stored);
  const byId = new Map<string, StoredResource>();
  for (const { kind } of question.types) {
    const ids = chosen.filter((one) => one.kind === kind).map(({ id }) => id);
    const read = ids.length === 0 ? [] : await question.store.readMany(kind, ids);
    for (const stored of read) byId.set(stored.id, stored);
  }
  return { page: chosen.flatMap(({ id }) => byId.get(id) ?? []), total: keys.length };
}

async function byCursor(question: Question, cursor: string, binding: CursorBinding): Promise<Found> {
  const from = readCursor(cursor, binding);
  const { count } = binding;
  if (question.sort !== undefined) {
    const { page, total } = await sortedPage(question, question.sort, { skip: from.after, count });
    const after = from.after + count;
    return after < total ? { page, next: { kindNo: 0, after } } : { page };
  }
  const page: StoredResource[] = [];
  for await (const stored of everything(question, from)) {
    if (page.length === count) return { page, next: placeBehind(page, question) };
    page.push(stored);
  }
  return { page };
}

function placeBehind(page: readonly StoredResource[], { types }: Question): CursorPlace {
  const last = page.at(-1);
  if (last === undefined) throw badRequest('invalidCount', '"count" must be 1 or more beside a cursor.');
  return { kindNo: types.findIndex(({ kind }) => kind === last.kind), after: last.position };
}
