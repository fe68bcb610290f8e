import type { Clock, ConnectorDefinition, Logger } from '@rollcall/connector-kit';
import type { ProjectConfiguration } from './configuration/read-project.js';
import type { BuiltInConnector } from './connectors/find.js';
import type { Evaluator } from './mapping/evaluator.js';
import type { StoreConfiguration } from './store/store.js';
import type { IdSource } from './tokens.js';
import type { WebhookOptions } from './webhook-service.js';

/** What `createRollcall` is made of. Only `store` must be given. */
export interface RollcallOptions {
  store: StoreConfiguration;
  /** Connectors that the host brings along. */
  connectors?: readonly (ConnectorDefinition | BuiltInConnector)[];
  /** The project's folder: settings' folders are relative to it, its package.json names further connectors. Default: the working directory. */
  root?: string;
  /** Packages named under `plugins:`. */
  plugins?: readonly string[];
  /** Where `env:` references are looked up. Default: `process.env`. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Default: the wall clock. A given clock may not go back behind a tenant's last run. */
  clock?: Clock;
  ids?: IdSource;
  log?: Logger;
  /** The engine of mappings. Default: compiled JSONata, with budgets. */
  evaluator?: Evaluator;
  /** The project's key, 32 bytes: what is kept secret at rest is sealed with it. Only webhooks need it. */
  secretKey?: Buffer;
  webhooks?: WebhookOptions;
  /** Files as they are now, so that `sync` can warn of changes that were not applied. */
  configuration?: ProjectConfiguration;
}
