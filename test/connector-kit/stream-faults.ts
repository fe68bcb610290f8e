import type { DeltaPage, Json, JsonObject, Page, ReadRequest } from '@rollcall/connector-kit';
import type { Fault } from './shelf-declaration-faults.js';
import { StreamShelfConnector, streamSubjectOf } from './stream-shelf.js';

type Changes = ReturnType<StreamShelfConnector['changes']>;

/** What can be wrong with a stream of changes and with single reads. */
export const STREAM_FAULTS: readonly Fault[] = [
  {
    fault: 'a full read without a cursor',
    check: 'says on the last page of each kind of a full read, and only there, from where its stream goes on',
    subject: streamSubjectOf(
      class extends StreamShelfConnector {
        override async *readFull(request: ReadRequest): AsyncGenerator<Page> {
          for await (const page of super.readFull(request)) {
            const shown: Page = { ...page };
            delete shown.cursor;
            yield shown;
          }
        }
      },
    ),
  },
  {
    fault: 'a stream that brings everybody',
    check: 'brings nothing by its stream where nothing changed',
    subject: streamSubjectOf(
      class extends StreamShelfConnector {
        override changes(): Changes {
          return { observations: this.settings.people.map((raw) => this.observe(raw)) };
        }
      },
    ),
  },
  {
    fault: 'a stream that shows a part of a record',
    check: 'brings a changed record by its stream as it is now, and no other',
    subject: streamSubjectOf(
      class extends StreamShelfConnector {
        override changes(before: Record<string, string>, now: Record<string, string>): Changes {
          const { observations } = super.changes(before, now);
          return { observations: observations.map(({ sourceId }) => ({ ...this.observe({ id: sourceId ?? '' }) })) };
        }
      },
    ),
  },
  {
    fault: 'a cursor that stays where it was',
    check: 'goes on with its stream where it stopped',
    subject: streamSubjectOf(
      class extends StreamShelfConnector {
        override next(...[, before]: [now: Json, before: Json]): Json {
          return before;
        }
      },
    ),
  },
  {
    fault: 'a stream that is read before its mark is taken',
    check: 'reads nothing of its stream before it has taken a mark',
    subject: streamSubjectOf(
      class extends StreamShelfConnector {
        override async *readDelta(cursor: Json, request: ReadRequest): AsyncGenerator<DeltaPage> {
          const pages: DeltaPage[] = [];
          for await (const page of super.readDelta(cursor, { ...request, mark: () => Promise.resolve(1) }))
            pages.push(page);
          await request.mark();
          yield* pages;
        }
      },
    ),
  },
  {
    fault: 'a stream that keeps silent of who is gone',
    check: 'brings by its stream who is gone as a departure',
    subject: streamSubjectOf(
      class extends StreamShelfConnector {
        override changes(before: Record<string, string>, now: Record<string, string>): Changes {
          return { observations: super.changes(before, now).observations };
        }
      },
    ),
  },
  {
    fault: 'an expired cursor that looks like an outage',
    check: 'says that its cursor expired, and nothing else',
    subject: streamSubjectOf(
      class extends StreamShelfConnector {
        override expired(): Error {
          return this.unavailable();
        }
      },
    ),
  },
  {
    fault: 'a single read with a field more',
    check: 'reads one record as a full read shows it',
    subject: streamSubjectOf(
      class extends StreamShelfConnector {
        override single(sourceId: string, raw: JsonObject | undefined): ReturnType<StreamShelfConnector['single']> {
          return super.single(sourceId, raw === undefined ? raw : { ...raw, links: [] });
        }
      },
    ),
  },
  {
    fault: 'an empty page for who is not there',
    check: 'says of an id that the source does not have that it is gone',
    subject: streamSubjectOf(
      class extends StreamShelfConnector {
        override single(sourceId: string, raw: JsonObject | undefined): ReturnType<StreamShelfConnector['single']> {
          return { observations: super.single(sourceId, raw).observations };
        }
      },
    ),
  },
];
