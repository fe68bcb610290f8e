import type { Connector, Observation, RecordKind } from '../contract.js';
import type { ConnectorDefinition } from '../define-connector.js';
import type { JsonObject } from '../json.js';
import type { Clock, Logger, ProjectPlace } from '../tokens.js';

/** A source that holds people, made for one check and gone after it. */
export interface PopulatedSource {
  /** Settings that reach it, secrets resolved. */
  settings: JsonObject;
  project: ProjectPlace;
  /** Ids of the records that it holds, at least three of each kind named. */
  ids: Readonly<Partial<Record<RecordKind, readonly string[]>>>;
  remove: () => Promise<void>;
}

/** What a connector is created from in a check. */
export interface CreationValues {
  settings: JsonObject;
  project: ProjectPlace;
  clock: Clock;
  log: Logger;
}

/** A hook changes the source; leave out those that the source cannot do, and the checks that need them are left out. */
export interface SourceHooks<S extends PopulatedSource> {
  /** The same records in another order. */
  reorder?: (source: S) => Promise<void>;
  /** Another content of one record, the id as before. */
  change?: (source: S, kind: RecordKind, id: string) => Promise<void>;
  /** One record less. */
  withdraw?: (source: S, kind: RecordKind, id: string) => Promise<void>;
  /** One record more that cannot be read. */
  spoil?: (source: S, kind: RecordKind) => Promise<void>;
  /** A record, or all of them, with a key called `__proto__`. */
  poison?: (source: S, kind: RecordKind) => Promise<void>;
  /** The source forgets its stream of changes: cursors from before are no good any more. */
  forgetChanges?: (source: S) => Promise<void>;
  /** The source cannot be reached any more. */
  breakDown?: (source: S) => Promise<void>;
}

/** A connector under examination. */
export interface Subject<S extends PopulatedSource = PopulatedSource> extends SourceHooks<S> {
  definition: ConnectorDefinition;
  /** Makes a new source. */
  populate: () => Promise<S>;
  /** The id of a record, where the connector leaves that to the mapping. */
  idOf?: (observation: Observation) => string;
  /** True when the last page carries `accepted`, by which the next read knows what it has seen. */
  remembers: boolean;
  /** Makes the connector; needed for the form of a decorated class alone, which takes Inversify. */
  create?: (definition: ConnectorDefinition, values: CreationValues) => Connector;
}

/** One check. Run it with any test runner: it throws when the connector fails it. */
export interface ConformanceCheck {
  /** A sentence that is true of a connector that passes. */
  name: string;
  run: () => Promise<void>;
}
