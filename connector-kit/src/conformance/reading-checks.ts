import type { Page } from '../contract.js';
import {
  acceptedOf,
  demand,
  demandSame,
  examine,
  firstRecord,
  kindsOf,
  printsOf,
  readPages,
  requestFor,
  type Examination,
} from './examine.js';
import type { ConformanceCheck, PopulatedSource, Subject } from './subject.js';

type Check<S extends PopulatedSource> = (examination: Examination<S>) => Promise<void>;

/** Checks of reads that succeed. */
export function readingChecks<S extends PopulatedSource>(subject: Subject<S>): ConformanceCheck[] {
  const check = (name: string, run: Check<S>): ConformanceCheck => ({ name, run: () => examine(subject, run) });
  return [
    check('reads every record once', readsEveryRecord),
    check('reads raw objects that JSON can carry', readsPlainObjects),
    check('reads only the kinds that are asked for', readsKindsAskedFor),
    check('takes marks itself, and its begins never fall', takesMarks),
    check('states on the last page of each kind, and only there, that it is whole, with a proof', provesWholeness),
    check('gives the same fingerprints when it reads again', readsTheSameAgain),
    ...hookChecks(subject, check),
    ...memoryChecks(subject, check),
  ];
}

function hookChecks<S extends PopulatedSource>(
  { reorder, change, withdraw }: Subject<S>,
  check: (name: string, run: Check<S>) => ConformanceCheck,
): ConformanceCheck[] {
  const checks: ConformanceCheck[] = [];
  if (reorder !== undefined) {
    checks.push(check('gives the same fingerprints in another order', (e) => compare(e, () => reorder(e.source), [])));
  }
  if (change !== undefined) {
    const run: Check<S> = async (e) => {
      const [kind, id] = firstRecord(e.source);
      await compare(e, () => change(e.source, kind, id), [`${kind}:${id}`]);
    };
    checks.push(check('gives another fingerprint to a changed record, and to no other', run));
    checks.push(check('reads nothing before it has taken a mark', (e) => readsBehindMark(e, change)));
  }
  if (withdraw !== undefined) {
    const run: Check<S> = async (e) => {
      const [kind, id] = firstRecord(e.source);
      await compare(e, () => withdraw(e.source, kind, id), [`${kind}:${id}`]);
      const prints = printsOf(e.subject, await readPages(e.create(), requestFor(e.source)));
      demand(!prints.has(`${kind}:${id}`), 'A record that is gone was observed.');
    };
    checks.push(check('does not show a record that is gone', run));
  }
  return checks;
}

function memoryChecks<S extends PopulatedSource>(
  { remembers }: Subject<S>,
  check: (name: string, run: Check<S>) => ConformanceCheck,
): ConformanceCheck[] {
  if (!remembers) return [check('hands over nothing to be remembered', remembersNothing)];
  return [
    check('observes nothing of what was accepted already', knowsAccepted),
    check('reads what was accepted already when it is forced', readsWhenForced),
    check('does no harm when a commit is told twice', commitsTwice),
  ];
}

async function readsEveryRecord<S extends PopulatedSource>({ subject, source, create }: Examination<S>): Promise<void> {
  const prints = printsOf(subject, await readPages(create(), requestFor(source)));
  const expected = kindsOf(source).flatMap((kind) => (source.ids[kind] ?? []).map((id) => `${kind}:${id}`));
  const missing = expected.filter((key) => !prints.has(key));
  demand(missing.length === 0, `Not read: ${missing.join(', ')}.`);
  demand(prints.size === expected.length, `Read ${prints.size} records, the source holds ${expected.length}.`);
}

async function readsPlainObjects<S extends PopulatedSource>({ source, create }: Examination<S>): Promise<void> {
  for (const { observations } of await readPages(create(), requestFor(source))) {
    for (const { raw, hash } of observations) {
      demand(isJson(raw), 'A raw record holds what JSON cannot carry.');
      demand(hash === undefined || (hash !== '' && hash.length <= 64), 'A hash has 1 to 64 characters.');
    }
  }
}

function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value !== 'object') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isJson);
}

async function readsKindsAskedFor<S extends PopulatedSource>({ source, create }: Examination<S>): Promise<void> {
  demand((await readPages(create(), requestFor(source, { kinds: [] }))).length === 0, 'It read a kind unasked.');
  for (const kind of kindsOf(source)) {
    const pages = await readPages(create(), requestFor(source, { kinds: [kind] }));
    demand(pages.length > 0, `Asked for ${kind}, it gave no page.`);
    demand(
      pages.every((page) => page.kind === kind),
      `Asked for ${kind}, it read another kind.`,
    );
  }
}

async function takesMarks<S extends PopulatedSource>({ source, create }: Examination<S>): Promise<void> {
  const given: number[] = [];
  const mark = (): Promise<number> => {
    given.push(1000 + given.length);
    return Promise.resolve(999 + given.length);
  };
  const pages = await readPages(create(), requestFor(source, { mark }));
  for (const kind of kindsOf(source)) {
    const begins = pages.filter((page) => page.kind === kind).map(({ begin }) => begin);
    demand(
      begins.every((begin) => given.includes(begin)),
      'The begin of a page is no mark that was taken.',
    );
    demand(
      begins.every((begin, index) => begin >= (begins[index - 1] ?? 0)),
      'Begins fall.',
    );
  }
}

/** What changes while the mark is taken must be seen: else a page could be older than its begin says. */
async function readsBehindMark<S extends PopulatedSource>(
  { subject, source, create }: Examination<S>,
  change: NonNullable<Subject<S>['change']>,
): Promise<void> {
  const before = printsOf(subject, await readPages(create(), requestFor(source)));
  const [kind, id] = firstRecord(source);
  let marks = 0;
  const mark = async (): Promise<number> => {
    if (marks++ === 0) await change(source, kind, id);
    return marks;
  };
  const after = printsOf(subject, await readPages(create(), requestFor(source, { kinds: [kind], mark })));
  const key = `${kind}:${id}`;
  demand(before.get(key) !== after.get(key), 'The read shows what was there before its begin was marked.');
}

async function provesWholeness<S extends PopulatedSource>({ source, create }: Examination<S>): Promise<void> {
  const pages = await readPages(create(), requestFor(source));
  for (const kind of kindsOf(source)) {
    const ofKind = pages.filter((page) => page.kind === kind);
    const claims = ofKind.map(({ complete }) => (complete ?? []).filter((claim) => claim.scope === '*'));
    const last = claims.pop()?.find((claim) => claim.kind === kind);
    demand(last !== undefined && last.proof.trim() !== '', `The last page of ${kind} does not prove that it is whole.`);
    demand(claims.flat().length === 0, `A page before the last of ${kind} says that the read is whole.`);
  }
}

async function readsTheSameAgain<S extends PopulatedSource>(examination: Examination<S>): Promise<void> {
  await compare(examination, () => Promise.resolve(), []);
}

/** Reads before and after `act`; exactly the records in `changed` may differ. */
async function compare<S extends PopulatedSource>(
  { subject, source, create }: Examination<S>,
  act: () => Promise<void>,
  changed: readonly string[],
): Promise<void> {
  const before = printsOf(subject, await readPages(create(), requestFor(source)));
  await act();
  const after = printsOf(subject, await readPages(create(), requestFor(source)));
  for (const key of changed) {
    demand(before.get(key) !== after.get(key), `${key} reads as before.`);
    before.delete(key);
    after.delete(key);
  }
  demandSame(after, before, 'Records that did not change');
}

async function remembersNothing<S extends PopulatedSource>({ source, create }: Examination<S>): Promise<void> {
  const accepted = acceptedOf(await readPages(create(), requestFor(source)));
  demand(Object.keys(accepted).length === 0, 'A page carries `accepted`: say `remembers: true`.');
}

function demandNothingNew(pages: readonly Page[], source: PopulatedSource): void {
  for (const kind of kindsOf(source)) {
    const ofKind = pages.filter((page) => page.kind === kind);
    demand(
      ofKind[0]?.source?.alreadyAccepted === true,
      `The read of ${kind} does not say that it was accepted already.`,
    );
    for (const { observations, complete, departures } of ofKind) {
      demand(observations.length === 0 && departures === undefined, `Something of ${kind} was observed again.`);
      demand(complete === undefined, `A read of ${kind} that read nothing says that it is whole.`);
    }
  }
}

async function readAccepted<S extends PopulatedSource>(
  { source, create }: Examination<S>,
  force: boolean,
): Promise<Page[]> {
  const accepted = acceptedOf(await readPages(create(), requestFor(source)));
  const through = JSON.parse(JSON.stringify(accepted)) as typeof accepted;
  for (const kind of kindsOf(source))
    demand(kind in through, `The read of ${kind} hands over nothing to be remembered.`);
  return readPages(create(), requestFor(source, { accepted: through, force }));
}

async function knowsAccepted<S extends PopulatedSource>(examination: Examination<S>): Promise<void> {
  demandNothingNew(await readAccepted(examination, false), examination.source);
}

async function readsWhenForced<S extends PopulatedSource>(examination: Examination<S>): Promise<void> {
  const { subject, source, create } = examination;
  const forced = printsOf(subject, await readAccepted(examination, true));
  demandSame(forced, printsOf(subject, await readPages(create(), requestFor(source))), 'The forced read');
}

async function commitsTwice<S extends PopulatedSource>({ source, create }: Examination<S>): Promise<void> {
  const connector = create();
  const accepted = acceptedOf(await readPages(connector, requestFor(source)));
  const { signal } = new AbortController();
  await connector.committed?.(accepted, signal);
  await connector.committed?.(accepted, signal);
  demandNothingNew(await readPages(create(), requestFor(source, { accepted })), source);
}
