import type { Connector, Page, RecordKind } from '../contract.js';
import { isRollcallError } from '../errors/rollcall-error.js';
import { secretsIn } from './declaration-checks.js';
import {
  demand,
  demandTyped,
  examine,
  kindsOf,
  printsOf,
  readPages,
  readUntilError,
  requestFor,
  type Examination,
} from './examine.js';
import type { ConformanceCheck, PopulatedSource, Subject } from './subject.js';

type Check<S extends PopulatedSource> = (examination: Examination<S>) => Promise<void>;

/** Checks of what goes wrong, and of the connection check. */
export function failureChecks<S extends PopulatedSource>(subject: Subject<S>): ConformanceCheck[] {
  const check = (name: string, run: Check<S>): ConformanceCheck => ({ name, run: () => examine(subject, run) });
  const { breakDown, spoil, poison } = subject;
  const checks = [
    check('stops when it is told to before it begins', stopsBeforeBegin),
    check('stops when it is told to while it reads', stopsWhileReading),
    check('checks a source that works step by step, with a sample', checksWorking),
  ];
  if (breakDown !== undefined) {
    checks.push(
      check('throws for a source that is not there, and proves nothing', (e) => throwsWhenBroken(e, breakDown)),
      check('checks a source that is not there without throwing', (e) => checksBroken(e, breakDown)),
      check('tells no secret', (e) => tellsNoSecret(e, breakDown)),
    );
  }
  if (spoil !== undefined) {
    checks.push(
      check('tells of a record that cannot be read, and reads the others', (e) => readsAroundSpoilt(e, spoil)),
    );
  }
  if (poison !== undefined) {
    checks.push(check('refuses keys that reach for a prototype', (e) => refusesPoison(e, poison)));
  }
  return checks;
}

function demandNoProof(pages: readonly Page[]): void {
  demand(
    pages.every(({ complete }) => complete === undefined),
    'A read that failed said that it was whole.',
  );
}

async function stopsBeforeBegin<S extends PopulatedSource>({ source, create }: Examination<S>): Promise<void> {
  const [, pages] = await readUntilError(create(), requestFor(source, { signal: AbortSignal.abort() }));
  demandNoProof(pages);
}

/** The signal fires when the read has begun and nothing was answered yet. */
async function stopsWhileReading<S extends PopulatedSource>({ source, create }: Examination<S>): Promise<void> {
  const controller = new AbortController();
  const mark = (): Promise<number> => {
    controller.abort();
    return Promise.resolve(1);
  };
  const [, pages] = await readUntilError(create(), requestFor(source, { mark, signal: controller.signal }));
  demand(controller.signal.aborted, 'The read failed before it took a mark.');
  demandNoProof(pages);
}

async function checksWorking<S extends PopulatedSource>({ source, create }: Examination<S>): Promise<void> {
  const { steps, sample } = await create().check(new AbortController().signal);
  demand(steps.length > 0, 'The check has no step.');
  for (const { name, ok, message } of steps) demand(ok && message !== '', `The step "${name}" failed: ${message}`);
  for (const kind of kindsOf(source)) {
    const count = sample.filter((record) => record.kind === kind).length;
    demand(count > 0 && count <= 10, `The sample has ${count} records of ${kind}.`);
  }
}

async function throwsWhenBroken<S extends PopulatedSource>(
  { source, create }: Examination<S>,
  breakDown: (source: S) => Promise<void>,
): Promise<void> {
  await breakDown(source);
  const [error, pages] = await readUntilError(create(), requestFor(source));
  const { exitCode, next, code } = demandTyped(error);
  demand(exitCode === 69, `${code} has the exit code ${exitCode}; a source that is not there has 69.`);
  demand(next === 'retry' || next === 'ask', `${code} is to be tried again or asked about, not ${next}.`);
  demandNoProof(pages);
}

async function checksBroken<S extends PopulatedSource>(
  { source, create }: Examination<S>,
  breakDown: (source: S) => Promise<void>,
): Promise<void> {
  await breakDown(source);
  const { steps } = await create().check(new AbortController().signal);
  const failed = steps.filter(({ ok }) => !ok);
  demand(failed.length === 1 && failed[0] === steps.at(-1), 'The first step that fails must be the last one.');
  demand(failed[0]?.code !== undefined, 'The step that failed has no code.');
  demand((failed[0].mend ?? '') !== '', 'The step that failed does not say how to mend it.');
}

async function tellsNoSecret<S extends PopulatedSource>(
  { subject, source, create, logged }: Examination<S>,
  breakDown: (source: S) => Promise<void>,
): Promise<void> {
  const secrets = secretsIn(subject.definition.settings, source.settings);
  const connector = create();
  const { signal } = new AbortController();
  const told: unknown[] = [await readPages(connector, requestFor(source)), await connector.check(signal)];
  await breakDown(source);
  const [error] = await readUntilError(create(), requestFor(source));
  told.push(await create().check(signal), textOf(error), logged());
  const text = JSON.stringify(told);
  for (const secret of secrets) {
    demand(!text.includes(JSON.stringify(secret).slice(1, -1)), 'A secret of the settings was told.');
  }
}

function textOf(error: unknown): string {
  const place = isRollcallError(error) ? JSON.stringify([error.where, error.mend, error.extra]) : '';
  const cause = error instanceof Error && error.cause !== undefined ? textOf(error.cause) : '';
  return `${String(error)} ${place} ${cause}`;
}

async function readsAroundSpoilt<S extends PopulatedSource>(
  { subject, source, create }: Examination<S>,
  spoil: (source: S, kind: RecordKind) => Promise<void>,
): Promise<void> {
  for (const kind of kindsOf(source)) await spoil(source, kind);
  const pages = await readPages(create(), requestFor(source));
  const prints = printsOf(subject, pages);
  for (const kind of kindsOf(source)) {
    for (const id of source.ids[kind] ?? []) demand(prints.has(`${kind}:${id}`), `${kind}:${id} was not read.`);
    const malformed = pages.filter((page) => page.kind === kind).flatMap((page) => page.malformed ?? []);
    demand(malformed.length > 0, `Nothing tells of the record of ${kind} that cannot be read.`);
    for (const { code, reason, mend } of malformed) {
      demand(/^RC_[A-Z0-9_]+$/.test(code) && reason !== '' && mend !== '', 'It needs a code, a reason and a remedy.');
    }
  }
}

async function refusesPoison<S extends PopulatedSource>(
  { source, create }: Examination<S>,
  poison: (source: S, kind: RecordKind) => Promise<void>,
): Promise<void> {
  for (const kind of kindsOf(source)) await poison(source, kind);
  const before = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));
  const pages = await pagesOrTyped(create(), source);
  demand(JSON.stringify(Object.getOwnPropertyNames(Object.prototype)) === before, 'The prototype of objects changed.');
  if (pages === undefined) return;
  demand(
    pages.some(({ malformed }) => malformed !== undefined && malformed.length > 0),
    'A record with a key called __proto__ was neither refused nor told of.',
  );
  for (const { raw } of pages.flatMap(({ observations }) => observations)) {
    demand(!JSON.stringify(raw).includes('"__proto__":'), 'A key called __proto__ came through.');
  }
}

/** Undefined for a read that was refused as a whole. */
async function pagesOrTyped(connector: Connector, source: PopulatedSource): Promise<Page[] | undefined> {
  try {
    return await readPages(connector, requestFor(source));
  } catch (error) {
    demandTyped(error);
    return undefined;
  }
}
