import {
  CLOCK,
  isRollcallError,
  LOGGER,
  PROJECT,
  RollcallError,
  SETTINGS,
  token,
  type ClassDefinition,
  type Clock,
  type Connector,
  type ConnectorDefinition,
  type ErrorPlace,
  type FactoryDefinition,
  type JsonObject,
  type Logger,
  type ProjectPlace,
  type Token,
} from '@rollcall/connector-kit';
import { Container, type Newable } from 'inversify';
import { escapeControl } from '../security/redact.js';

/** What a directory's connector may ask for beside what the root container offers. */
export interface ScopeValues {
  /** Checked against the connector's schema, secret references resolved. */
  settings: JsonObject;
  project: ProjectPlace;
  clock: Clock;
  log: Logger;
  /** Tenant and directory, for errors. */
  place?: ErrorPlace;
}

/** A connector at work, and the end of it. */
export interface DirectoryScope {
  readonly connector: Connector;
  /** Closes the connector and forgets its settings and secrets; repeatable. */
  close(): Promise<void>;
}

const CONNECTOR: Token<Connector> = token('rollcall.connector');

/**
 * Makes the connector of one directory for one job, in a child container of its own.
 *
 * Nothing of it is kept in `root`: else ten thousand directories would keep ten thousand scopes and their secrets alive.
 *
 * @throws RC_CONNECTOR_NEED_MISSING, RC_CONNECTOR_BROKEN; an error of Rollcall that the connector throws passes through.
 */
export function openDirectoryScope(
  root: Container,
  definition: ConnectorDefinition,
  values: ScopeValues,
): DirectoryScope {
  const scope = new Container({ parent: root, defaultScope: 'Singleton' });
  scope.bind<JsonObject>(SETTINGS).toConstantValue(values.settings);
  scope.bind<ProjectPlace>(PROJECT).toConstantValue(values.project);
  scope.bind<Clock>(CLOCK).toConstantValue(values.clock);
  scope.bind<Logger>(LOGGER).toConstantValue(values.log);
  const place = values.place ?? {};
  try {
    const connector = isClassForm(definition) ? fromClass(scope, definition) : fromFactory(scope, definition, place);
    demandMethods(connector, definition, place);
    return { connector, close: closing(scope, connector) };
  } catch (error) {
    throw isRollcallError(error) ? error : notMade(definition, place, error);
  }
}

/** By what is there, not by the key alone: plain JavaScript may spell `connector: undefined`. */
function isClassForm(definition: ConnectorDefinition): definition is ClassDefinition {
  return typeof (definition as Partial<ClassDefinition>).connector === 'function';
}

function fromFactory(scope: Container, definition: FactoryDefinition, place: ErrorPlace): Connector {
  const names = Object.keys(definition.needs);
  const tokens = Object.values(definition.needs);
  const absent = tokens.find((need) => !scope.isBound(need));
  if (absent !== undefined) throw needMissing(definition.id, absent.description ?? 'without a name', place);
  const create = (...resolved: unknown[]): Connector => {
    const needs = Object.fromEntries(names.map((name, index) => [name, resolved[index]]));
    return atOnce(definition.create(needs));
  };
  scope.bind<Connector>(CONNECTOR).toResolvedValue<unknown[]>(create, tokens);
  return scope.get<Connector>(CONNECTOR);
}

/** A promise that nobody awaits would end the process when it is rejected. */
function atOnce(made: unknown): Connector {
  if (!(made instanceof Promise)) return made as Connector;
  made.catch(() => undefined);
  throw new Error('its "create" is asynchronous; connect in the first method that needs it');
}

function fromClass(scope: Container, definition: ClassDefinition): Connector {
  const connector = definition.connector as unknown as Newable<Connector>;
  // A scope named in @injectable() must not make two connectors of one directory.
  scope.bind(connector).toSelf().inSingletonScope();
  return scope.get(connector);
}

function demandMethods(connector: unknown, { id, capabilities }: ConnectorDefinition, where: ErrorPlace): void {
  const methods = [
    'check',
    'readFull',
    capabilities.delta ? 'readDelta' : '',
    capabilities.one ? 'readOne' : '',
    capabilities.notifications ? 'receive' : '',
  ];
  const made = (typeof connector === 'object' && connector !== null ? connector : {}) as Readonly<
    Record<string, unknown>
  >;
  const absent = methods.find((name) => name !== '' && typeof made[name] !== 'function');
  if (absent === undefined) return;
  throw new RollcallError('RC_CONNECTOR_BROKEN', 78, 'stop', {
    what: `The connector "${id}" has no method "${absent}", which its declaration promises.`,
    where,
    mend: 'Update the package of the connector, or tell its author.',
    extra: { connector: id },
  });
}

/** The synchronous `unbindAll` throws, everything still bound, when a `@preDestroy` of the connector is asynchronous. */
function closing(scope: Container, connector: Connector): () => Promise<void> {
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    try {
      await connector.close?.();
    } finally {
      await scope.unbindAllAsync();
    }
  };
  return () => (closed ??= close());
}

function needMissing(id: string, name: string, where: ErrorPlace): RollcallError {
  return new RollcallError('RC_CONNECTOR_NEED_MISSING', 78, 'stop', {
    what: `The connector "${id}" needs "${name}", which this Rollcall does not offer.`,
    where,
    mend: 'Update Rollcall, use another version of the connector, or bind the token in the service that embeds Rollcall.',
    extra: { connector: id, need: name },
  });
}

/** Inversify's own words for a token that nobody bound, and for a class without its decorators. */
const UNBOUND = /^No bindings found for service: "(?:Symbol\()?([^")]+)/;

function notMade({ id }: ConnectorDefinition, where: ErrorPlace, cause: unknown): RollcallError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const detail = escapeControl(text.split('\n', 1)[0] ?? '').replace(/\.$/, '');
  const need = UNBOUND.exec(text)?.[1];
  if (need !== undefined) return needMissing(id, need, where);
  return new RollcallError('RC_CONNECTOR_BROKEN', 78, 'stop', {
    what: `The connector "${id}" could not be made: ${detail}.`,
    where,
    mend: text.includes('missing metadata')
      ? 'Decorate its class with @injectable() and each parameter of its constructor with @inject(TOKEN).'
      : 'Check the settings of the directory; if they are right, update the package of the connector or tell its author.',
    extra: { connector: id },
    cause,
  });
}
