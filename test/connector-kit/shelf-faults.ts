import {
  AuthenticationFailed,
  type CheckReport,
  type JsonObject,
  type Observation,
  type Page,
  type ReadRequest,
} from '@rollcall/connector-kit';
import { DECLARATION_FAULTS, type Fault } from './shelf-declaration-faults.js';
import { ShelfConnector, subjectOf } from './shelf.js';

/** What a connector with a long memory saw. */
const EVER_SEEN = new WeakMap<object, JsonObject[]>();

/** One fault after the other. */
export const FAULTS: readonly Fault[] = [
  ...DECLARATION_FAULTS,
  {
    fault: 'a record that is left out',
    check: 'reads every record once',
    subject: subjectOf(
      class extends ShelfConnector {
        override everything(): ReturnType<ShelfConnector['everything']> {
          const all = super.everything();
          return { ...all, observations: all.observations.slice(1) };
        }
      },
    ),
  },
  {
    fault: 'a raw value that JSON cannot carry',
    check: 'reads raw objects that JSON can carry',
    subject: subjectOf(
      class extends ShelfConnector {
        override observe(raw: JsonObject): Observation {
          return super.observe({ ...raw, day: new Date(0) as unknown as string });
        }
      },
    ),
  },
  {
    fault: 'a kind that nobody asked for',
    check: 'reads only the kinds that are asked for',
    subject: subjectOf(
      class extends ShelfConnector {
        override readFull(request: ReadRequest): AsyncGenerator<Page> {
          return super.readFull({ ...request, kinds: ['user'] });
        }
      },
    ),
  },
  {
    fault: 'a begin of its own making',
    check: 'takes marks itself, and its begins never fall',
    subject: subjectOf(
      class extends ShelfConnector {
        override async begin(request: ReadRequest): Promise<number> {
          await request.mark();
          return Date.now();
        }
      },
    ),
  },
  {
    fault: 'no proof',
    check: 'states on the last page of each kind, and only there, that it is whole, with a proof',
    subject: subjectOf(
      class extends ShelfConnector {
        override everything(): ReturnType<ShelfConnector['everything']> {
          return { ...super.everything(), complete: [] };
        }
      },
    ),
  },
  {
    fault: 'fingerprints by chance',
    check: 'gives the same fingerprints when it reads again',
    subject: subjectOf(
      class extends ShelfConnector {
        override observe(raw: JsonObject): Observation {
          return { ...super.observe(raw), hash: String(Math.random()) };
        }
      },
    ),
  },
  {
    fault: 'fingerprints by place',
    check: 'gives the same fingerprints in another order',
    subject: subjectOf(
      class extends ShelfConnector {
        override observe(raw: JsonObject): Observation {
          return { ...super.observe(raw), hash: `${JSON.stringify(raw)}${this.settings.people.indexOf(raw)}` };
        }
      },
    ),
  },
  {
    fault: 'fingerprints of the id alone',
    check: 'gives another fingerprint to a changed record, and to no other',
    subject: subjectOf(
      class extends ShelfConnector {
        override observe(raw: JsonObject): Observation {
          return { ...super.observe(raw), hash: raw.id as string };
        }
      },
    ),
  },
  {
    fault: 'a look at the source before the mark',
    check: 'reads nothing before it has taken a mark',
    subject: subjectOf(
      class extends ShelfConnector {
        override async begin(request: ReadRequest): Promise<number> {
          const seen = this.settings.people;
          const begin = await request.mark();
          this.settings.people = seen;
          return begin;
        }
      },
    ),
  },
  {
    fault: 'a record that is shown although it is gone',
    check: 'does not show a record that is gone',
    subject: subjectOf(
      class extends ShelfConnector {
        override everything(): ReturnType<ShelfConnector['everything']> {
          const everSeen = EVER_SEEN.get(this.settings) ?? this.settings.people;
          EVER_SEEN.set(this.settings, everSeen);
          const gone = everSeen.filter(({ id }) => !this.settings.people.some((one) => one.id === id));
          const { observations, ...rest } = super.everything();
          return { ...rest, observations: [...observations, ...gone.map((raw) => this.observe(raw))] };
        }
      },
    ),
  },
  {
    fault: 'something to be remembered that nobody announced',
    check: 'hands over nothing to be remembered',
    subject: { ...subjectOf(), remembers: false },
  },
  {
    fault: 'a commit that fails the second time',
    check: 'does no harm when a commit is told twice',
    subject: subjectOf(
      class extends ShelfConnector {
        isTold = false;
        committed(): Promise<void> {
          if (this.isTold) return Promise.reject(new Error('told'));
          this.isTold = true;
          return Promise.resolve();
        }
      },
    ),
  },
  {
    fault: 'a memory that does not reach',
    check: 'observes nothing of what was accepted already',
    subject: subjectOf(
      class extends ShelfConnector {
        override readFull(request: ReadRequest): AsyncGenerator<Page> {
          return super.readFull({ ...request, accepted: {} });
        }
      },
    ),
  },
  {
    fault: 'deafness to force',
    check: 'reads what was accepted already when it is forced',
    subject: subjectOf(
      class extends ShelfConnector {
        override readFull(request: ReadRequest): AsyncGenerator<Page> {
          return super.readFull({ ...request, force: false });
        }
      },
    ),
  },
  {
    fault: 'deafness to the signal',
    check: 'stops when it is told to before it begins',
    subject: subjectOf(
      class extends ShelfConnector {
        override readFull(request: ReadRequest): AsyncGenerator<Page> {
          return super.readFull({ ...request, signal: new AbortController().signal });
        }
      },
    ),
  },
  {
    fault: 'deafness to the signal once it reads',
    check: 'stops when it is told to while it reads',
    subject: subjectOf(
      class extends ShelfConnector {
        override readFull(request: ReadRequest): AsyncGenerator<Page> {
          request.signal.throwIfAborted();
          return super.readFull({ ...request, signal: new AbortController().signal });
        }
      },
    ),
  },
  {
    fault: 'an empty complete read of a source that is not there',
    check: 'throws for a source that is not there, and proves nothing',
    subject: subjectOf(
      class extends ShelfConnector {
        override readFull(request: ReadRequest): AsyncGenerator<Page> {
          if (this.settings.isDown) Object.assign(this.settings, { people: [], isDown: false });
          return super.readFull(request);
        }
      },
    ),
  },
  {
    fault: 'a check that throws',
    check: 'checks a source that is not there without throwing',
    subject: subjectOf(
      class extends ShelfConnector {
        override check(): Promise<CheckReport> {
          return this.settings.isDown ? Promise.reject(this.unavailable()) : super.check();
        }
      },
    ),
  },
  {
    fault: 'a check without a sample',
    check: 'checks a source that works step by step, with a sample',
    subject: subjectOf(
      class extends ShelfConnector {
        override async check(): Promise<CheckReport> {
          return { ...(await super.check()), sample: [] };
        }
      },
    ),
  },
  {
    fault: 'a password in an error',
    check: 'tells no secret',
    subject: subjectOf(
      class extends ShelfConnector {
        override unavailable(): Error {
          return new AuthenticationFailed({ what: `Refused: ${this.settings.password}.`, mend: 'Wait.' });
        }
      },
    ),
  },
  {
    fault: 'a password in the log',
    check: 'tells no secret',
    subject: subjectOf(
      class extends ShelfConnector {
        override begin(request: ReadRequest): Promise<number> {
          this.log.debug('reading', { password: this.settings.password });
          return super.begin(request);
        }
      },
    ),
  },
  {
    fault: 'silence about what cannot be read',
    check: 'tells of a record that cannot be read, and reads the others',
    subject: subjectOf(
      class extends ShelfConnector {
        override everything(): ReturnType<ShelfConnector['everything']> {
          return { ...super.everything(), malformed: [] };
        }
      },
    ),
  },
  {
    fault: 'a key called __proto__ that comes through',
    check: 'refuses keys that reach for a prototype',
    subject: subjectOf(
      class extends ShelfConnector {
        override everything(): ReturnType<ShelfConnector['everything']> {
          const { malformed, complete } = super.everything();
          const observations = this.settings.people.map((raw) => this.observe(raw));
          return { observations, complete: complete ?? [], malformed: malformed ?? [] };
        }
      },
    ),
  },
];
