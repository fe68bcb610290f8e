import type { Connector, DeltaPage, Page, RecordKind } from '../contract.js';
import { isRollcallError } from '../errors/rollcall-error.js';
import type { Json } from '../json.js';
import {
  demand,
  examine,
  firstRecord,
  idOf,
  kindsOf,
  readPages,
  requestFor,
  type Examination,
  type RequestChange,
} from './examine.js';
import type { ConformanceCheck, PopulatedSource, SourceHooks, Subject } from './subject.js';

type Check<S extends PopulatedSource> = (examination: Examination<S>) => Promise<void>;

/** Checks of a connector that reads a stream of changes. */
export function streamChecks<S extends PopulatedSource>(subject: Subject<S>): ConformanceCheck[] {
  const check = (name: string, run: Check<S>): ConformanceCheck => ({ name, run: () => examine(subject, run) });
  const { change, withdraw, forgetChanges } = subject;
  const checks = [
    check(
      'says on the last page of each kind of a full read, and only there, from where its stream goes on',
      beginsStream,
    ),
    check('brings nothing by its stream where nothing changed', bringsNothing),
  ];
  if (change !== undefined) {
    checks.push(
      check('brings a changed record by its stream as it is now, and no other', (e) => bringsChange(e, change)),
      check('goes on with its stream where it stopped', (e) => goesOn(e, change)),
      check('reads nothing of its stream before it has taken a mark', (e) => readsBehindMark(e, change)),
    );
  }
  if (withdraw !== undefined)
    checks.push(check('brings by its stream who is gone as a departure', (e) => bringsDeparture(e, withdraw)));
  if (forgetChanges !== undefined)
    checks.push(check('says that its cursor expired, and nothing else', (e) => saysExpired(e, forgetChanges)));
  return checks;
}

/** Where the stream of a kind goes on, kept as the runtime keeps it: as JSON. */
async function cursorOf(connector: Connector, source: PopulatedSource, kind: RecordKind): Promise<Json> {
  const pages = await readPages(connector, requestFor(source, { kinds: [kind] }));
  return kept(pages.at(-1), kind);
}

function kept(page: Page | undefined, kind: RecordKind): Json {
  const cursor = page?.cursor;
  demand(cursor !== undefined && cursor !== null, `The last page of ${kind} says nothing of its stream.`);
  return JSON.parse(JSON.stringify(cursor)) as Json;
}

async function readStream(
  connector: Connector,
  source: PopulatedSource,
  { kind, cursor, ...change }: { kind: RecordKind; cursor: Json } & RequestChange,
): Promise<DeltaPage[]> {
  const pages: DeltaPage[] = [];
  const read = connector.readDelta?.(cursor, requestFor(source, { ...change, kinds: [kind] }));
  demand(read !== undefined, 'The capability delta needs the method readDelta.');
  for await (const page of read) pages.push(page);
  demand(pages.length > 0, 'A read of the stream gave no page.');
  for (const page of pages) kept(page, kind);
  return pages;
}

async function beginsStream<S extends PopulatedSource>({ source, create }: Examination<S>): Promise<void> {
  const pages = await readPages(create(), requestFor(source));
  for (const kind of kindsOf(source)) {
    const ofKind = pages.filter((page) => page.kind === kind);
    kept(ofKind.at(-1), kind);
    demand(
      ofKind.slice(0, -1).every(({ cursor }) => cursor === undefined),
      `A page before the last of ${kind} carries a cursor.`,
    );
  }
}

async function bringsNothing<S extends PopulatedSource>({ source, create }: Examination<S>): Promise<void> {
  for (const kind of kindsOf(source)) {
    const cursor = await cursorOf(create(), source, kind);
    const pages = await readStream(create(), source, { kind, cursor });
    demand(namesOf(pages).length === 0, `The stream of ${kind} brings what did not change.`);
    demand(
      pages.every(({ complete }) => complete === undefined),
      'A stream says that it is whole: it proves no absence.',
    );
  }
}

function namesOf(pages: readonly Page[]): string[] {
  return pages.flatMap(({ observations, departures = [] }) => [
    ...observations.map(({ sourceId }) => sourceId ?? ''),
    ...departures.map(({ sourceId }) => sourceId),
  ]);
}

async function bringsChange<S extends PopulatedSource>(
  { subject, source, create }: Examination<S>,
  change: NonNullable<SourceHooks<S>['change']>,
): Promise<void> {
  const [kind, id] = firstRecord(source);
  const cursor = await cursorOf(create(), source, kind);
  await change(source, kind, id);
  const pages = await readStream(create(), source, { kind, cursor });
  const brought = pages.flatMap(({ observations }) => observations);
  demand(
    brought.length > 0 && brought.every((observation) => idOf(subject, observation) === id),
    `The stream should bring ${kind}:${id} and nobody else.`,
  );
  const all = (await readPages(create(), requestFor(source, { kinds: [kind] }))).flatMap((page) => page.observations);
  const whole = all.find((observation) => idOf(subject, observation) === id);
  const last = brought.at(-1);
  demand(
    JSON.stringify(last?.raw) === JSON.stringify(whole?.raw) && last?.hash === whole?.hash,
    'The stream shows a record otherwise than a full read does: both have the same raw object and the same hash.',
  );
}

async function goesOn<S extends PopulatedSource>(
  { source, create }: Examination<S>,
  change: NonNullable<SourceHooks<S>['change']>,
): Promise<void> {
  const [kind, id] = firstRecord(source);
  const cursor = await cursorOf(create(), source, kind);
  await change(source, kind, id);
  const pages = await readStream(create(), source, { kind, cursor });
  const again = await readStream(create(), source, { kind, cursor: kept(pages.at(-1), kind) });
  demand(namesOf(again).length === 0, 'The stream brings again what was before its last cursor.');
}

/** What changes while the mark is taken must be in the stream, or in the next read of it. */
async function readsBehindMark<S extends PopulatedSource>(
  { source, create }: Examination<S>,
  change: NonNullable<SourceHooks<S>['change']>,
): Promise<void> {
  const [kind, id] = firstRecord(source);
  const cursor = await cursorOf(create(), source, kind);
  let marks = 0;
  const mark = async (): Promise<number> => {
    if (marks++ === 0) await change(source, kind, id);
    return marks;
  };
  const pages = await readStream(create(), source, { kind, cursor, mark });
  demand(marks > 0, 'The stream was read without a mark.');
  demand(namesOf(pages).includes(id), 'The stream shows what was there before its begin was marked.');
}

async function bringsDeparture<S extends PopulatedSource>(
  { source, create }: Examination<S>,
  withdraw: NonNullable<SourceHooks<S>['withdraw']>,
): Promise<void> {
  const [kind, id] = firstRecord(source);
  const cursor = await cursorOf(create(), source, kind);
  await withdraw(source, kind, id);
  const pages = await readStream(create(), source, { kind, cursor });
  const gone = pages.flatMap(({ departures = [] }) => departures.map(({ sourceId }) => sourceId));
  demand(gone.includes(id), `The stream does not say that ${kind}:${id} is gone.`);
}

async function saysExpired<S extends PopulatedSource>(
  { source, create }: Examination<S>,
  forgetChanges: NonNullable<SourceHooks<S>['forgetChanges']>,
): Promise<void> {
  const [kind] = firstRecord(source);
  const cursor = await cursorOf(create(), source, kind);
  await forgetChanges(source);
  try {
    await readStream(create(), source, { kind, cursor });
  } catch (error) {
    demand(isRollcallError(error) && error.next === 'resync', `Expected CursorExpired, got: ${String(error)}`);
    return;
  }
  throw new Error('A cursor that the source forgot was read from.');
}
