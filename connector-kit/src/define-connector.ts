import type { Capabilities, Connector, JsonSchema } from './contract.js';
import type { Token } from './tokens.js';

/** Tokens by the name under which `create` gets what they stand for. */
export type Needs = Readonly<Record<string, Token<unknown>>>;

/** What the tokens of `N` stand for. */
export type Resolved<N extends Needs> = { [K in keyof N]: N[K] extends Token<infer T> ? T : never };

/** What both forms of a declaration share. */
export interface ConnectorDeclaration {
  /** Unique name, as written under `connector:` in a tenant file; `[a-z][a-z0-9-]*`. */
  id: string;
  /** The version of this contract. */
  apiVersion: 1;
  /** One line for people. */
  title: string;
  /** JSON Schema of the directory's settings. A property with `"secret": true` takes a reference (`env:NAME`, `file:PATH`) and reaches the connector resolved. */
  settings: JsonSchema;
  capabilities: Capabilities;
}

/** First form: typed needs and a factory; no decorator, plain JavaScript too. */
export interface FactoryDefinition<N extends Needs = Needs> extends ConnectorDeclaration {
  needs: N;
  create(needs: Resolved<N>): Connector;
}

/** Second form: a class decorated with Inversify's `@injectable()`, its parameters with `@inject(TOKEN)`. */
export interface ClassDefinition extends ConnectorDeclaration {
  connector: new (...args: never[]) => Connector;
}

/** What a connector package exports as default (or as one of several named exports). */
export type ConnectorDefinition = FactoryDefinition | ClassDefinition;

const MARK = Symbol.for('rollcall.connector');

/** Declares a connector. The loader recognises it by a mark, whichever copy of the kit made it. */
export function defineConnector<N extends Needs>(definition: FactoryDefinition<N>): FactoryDefinition;
export function defineConnector(definition: ClassDefinition): ClassDefinition;
export function defineConnector(definition: ConnectorDeclaration): ConnectorDeclaration {
  return Object.freeze({ ...definition, [MARK]: 1 });
}

/** True for what `defineConnector` made. */
export function isConnectorDefinition(value: unknown): value is ConnectorDefinition {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[MARK] === 1;
}
