import type { Connector, Page, RecordKind } from '../contract.js';
import { demand, examine, firstRecord, idOf, readPages, requestFor, type Examination } from './examine.js';
import type { ConformanceCheck, PopulatedSource, Subject } from './subject.js';

type Check<S extends PopulatedSource> = (examination: Examination<S>) => Promise<void>;

/** Checks of a connector that reads single records. */
export function singleChecks<S extends PopulatedSource>(subject: Subject<S>): ConformanceCheck[] {
  const check = (name: string, run: Check<S>): ConformanceCheck => ({ name, run: () => examine(subject, run) });
  return [
    check('reads one record as a full read shows it', readsOne),
    check('says of an id that the source does not have that it is gone', saysGone),
  ];
}

async function readOne(
  connector: Connector,
  source: PopulatedSource,
  [kind, id]: readonly [RecordKind, string],
): Promise<Page> {
  const given: number[] = [];
  const mark = (): Promise<number> => Promise.resolve(given.push(given.length + 1));
  const page = await connector.readOne?.(kind, id, requestFor(source, { kinds: [kind], mark }));
  demand(page !== undefined, 'The capability one needs the method readOne.');
  demand(given.includes(page.begin), 'The begin of a single read is no mark that was taken.');
  demand(page.complete === undefined, 'A single read says that it is whole: it proves no absence.');
  return page;
}

async function readsOne<S extends PopulatedSource>({ subject, source, create }: Examination<S>): Promise<void> {
  const [kind, id] = firstRecord(source);
  const { observations } = await readOne(create(), source, [kind, id]);
  const [one] = observations;
  demand(
    one !== undefined && observations.length === 1 && idOf(subject, one) === id,
    `It does not read ${kind}:${id}.`,
  );
  const all = (await readPages(create(), requestFor(source, { kinds: [kind] }))).flatMap((page) => page.observations);
  const whole = all.find((observation) => idOf(subject, observation) === id);
  demand(
    JSON.stringify(one.raw) === JSON.stringify(whole?.raw) && one.hash === whole?.hash,
    'A single read shows a record otherwise than a full read does: both have the same raw object and the same hash.',
  );
}

async function saysGone<S extends PopulatedSource>({ source, create }: Examination<S>): Promise<void> {
  const [kind] = firstRecord(source);
  const nobody = 'no-such-record';
  const { observations, departures = [] } = await readOne(create(), source, [kind, nobody]);
  const isSaid = departures.length === 1 && departures[0]?.sourceId === nobody;
  demand(observations.length === 0 && isSaid, 'An id that is not there is answered by its departure alone.');
}
