import type { CheckReport, Clock, Connector, Logger, RecordKind } from '@rollcall/connector-kit';
import type { Progress } from '../api.js';
import type { Store } from '../store/store.js';
import type { Lane } from '../store/writer-queue.js';
import type { Directory } from '../tenancy/directories.js';
import type { IdSource } from '../tokens.js';
import type { CompileMapping } from './tenant-context.js';

/** A connector that is open for one run of one directory. */
export interface OpenConnector {
  connector: Connector;
  capabilities: {
    kinds: readonly RecordKind[];
    volatile: readonly string[];
    delta: boolean;
    one: boolean;
    notifications: boolean;
  };
  close(): Promise<void>;
}

/** What lives while Rollcall runs, as the pipeline sees it; made in runtime.ts. */
export interface Engine {
  store: Store;
  clock: Clock;
  /** True under a given clock (`ROLLCALL_NOW`). */
  givenClock: boolean;
  ids: IdSource;
  log: Logger;
  compile: CompileMapping;
  openConnector(tenantId: string, directory: Directory): Promise<OpenConnector>;
}

/** What one operation carries along. */
export interface Job {
  engine: Engine;
  lane: Lane;
  signal: AbortSignal;
  progress(progress: Progress): void;
}

export type { CheckReport };
