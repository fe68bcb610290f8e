import csv from '@rollcall/connector-csv';
import { defineConnector, type Connector, type ConnectorDefinition, type Page } from '@rollcall/connector-kit';
import { CompiledEvaluator, type IdSource } from '@rollcall/core';
import type { Evaluator } from '#core/mapping/evaluator.js';
import { TimeOrderedIds } from '#core/ids.js';
import type { Store } from '#core/store/store.js';
import type { PhaseFile } from './phases.js';

/**
 * The connector `csv`, watched. Fetch: the connector is at work. Observe: core is, with what it brought, to the end of
 * the read.
 */
export function watchedCsv(phases: PhaseFile): ConnectorDefinition {
  if (!('create' in csv)) throw new Error('The connector csv has another form than this watcher knows.');
  const plain = csv;
  return defineConnector({ ...plain, create: (needs) => watched(phases, plain.create(needs)) });
}

function watched(phases: PhaseFile, inner: Connector): Connector {
  return {
    check: (signal) => inner.check(signal),
    readFull: (request) => watchedPages(phases, inner.readFull(request)),
    committed: async (accepted, signal) => inner.committed?.(accepted, signal),
    close: async () => inner.close?.(),
  };
}

async function* watchedPages(phases: PhaseFile, pages: AsyncIterable<Page>): AsyncGenerator<Page> {
  const iterator = pages[Symbol.asyncIterator]();
  for (;;) {
    phases.enter('fetch');
    const next = await iterator.next();
    phases.enter('observe');
    if (next.done === true) return;
    yield next.value;
  }
}

/** The interpreter, watched: map begins with the first expression of a batch. */
export function watchedEvaluator(phases: PhaseFile): Evaluator {
  const inner = new CompiledEvaluator();
  return {
    compile(text, tables) {
      const compiled = inner.compile(text, tables);
      return {
        reads: compiled.reads,
        field: compiled.field,
        evaluate(raw) {
          phases.enter('map');
          return compiled.evaluate(raw);
        },
      };
    },
  };
}

/** Ids, watched: whoever needs the id of a new user or of a change is being resolved. */
export function watchedIds(phases: PhaseFile): IdSource {
  const inner = new TimeOrderedIds({ now: () => new Date() });
  return {
    next(prefix) {
      if (prefix === 'usr' || prefix === 'chg') phases.enter('resolve');
      return inner.next(prefix);
    },
  };
}

const WRITING = /^\s*(?:INSERT|UPDATE|DELETE|COMMIT)/i;

/** Statements, watched: commit begins with the first row that a batch writes and lasts until the next one is mapped. */
export function watchStore(phases: PhaseFile, store: Store): void {
  store.onQuery((text) => {
    const isResolved = phases.phase === 'map' || phases.phase === 'resolve';
    if (isResolved && WRITING.test(text) && !text.startsWith('UPDATE lease')) phases.enter('commit');
  });
}
