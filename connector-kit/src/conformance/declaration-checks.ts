import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import type { Connector, JsonSchema } from '../contract.js';
import { isConnectorDefinition, type ConnectorDefinition } from '../define-connector.js';
import { demand, examine } from './examine.js';
import type { ConformanceCheck, PopulatedSource, Subject } from './subject.js';

/** Checks of what the connector says about itself. */
export function declarationChecks<S extends PopulatedSource>(subject: Subject<S>): ConformanceCheck[] {
  const { definition } = subject;
  return [
    {
      name: 'declares id, version, title and capabilities',
      run: () => settle(checkDeclaration, definition),
    },
    {
      name: 'describes every setting to people',
      run: () => settle(checkTexts, definition.settings),
    },
    {
      name: 'marks as secret what is named like a secret',
      run: () => settle(checkSecrets, definition.settings),
    },
    {
      name: 'accepts settings that work and refuses a key that it does not know',
      run: () => examine(subject, ({ source }) => settle(checkSettings, { schema: definition.settings, source })),
    },
    {
      name: 'is created from its needs, with the methods that its capabilities promise',
      run: () => examine(subject, ({ create }) => settle(checkMethods, { definition, connector: create() })),
    },
    {
      name: 'can be closed twice, and without having been used',
      run: () =>
        examine(subject, async ({ create }) => {
          const connector = create();
          await connector.close?.();
          await connector.close?.();
        }),
    },
  ];
}

function settle<T>(check: (value: T) => void, value: T): Promise<void> {
  return new Promise((resolve) => {
    check(value);
    resolve();
  });
}

function checkDeclaration(definition: ConnectorDefinition): void {
  demand(isConnectorDefinition(definition), 'The declaration was not made by defineConnector.');
  const { id, title, capabilities } = definition;
  const apiVersion: unknown = definition.apiVersion;
  demand(/^[a-z][a-z0-9-]*$/.test(id), `The id ${JSON.stringify(id)} must match [a-z][a-z0-9-]*.`);
  demand(apiVersion === 1, 'apiVersion must be 1.');
  demand(title.trim() !== '' && !/[\r\n]/.test(title), 'The title must be one line.');
  demand(capabilities.kinds.length > 0, 'capabilities.kinds names no kind.');
  demand(
    capabilities.full || capabilities.push === true,
    'capabilities promises nothing: a source is read in full, or it pushes.',
  );
  demand(new Set(capabilities.kinds).size === capabilities.kinds.length, 'capabilities.kinds names a kind twice.');
}

function checkMethods({ definition, connector }: { definition: ConnectorDefinition; connector: Connector }): void {
  const { capabilities } = definition;
  const promised = { full: 'readFull', delta: 'readDelta', one: 'readOne', notifications: 'receive' } as const;
  for (const [capability, method] of Object.entries(promised) as [keyof typeof promised, keyof Connector][]) {
    const isThere = typeof connector[method] === 'function';
    demand(isThere || !capabilities[capability], `The capability ${capability} needs the method ${method}.`);
  }
}

/** Compiles a schema of settings as the runtime does. */
function compile(schema: JsonSchema): ValidateFunction {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addKeyword({ keyword: 'secret', schemaType: 'boolean' });
  return ajv.compile(schema);
}

function checkSettings({ schema, source }: { schema: JsonSchema; source: PopulatedSource }): void {
  const validate = compile(schema);
  demand(validate(source.settings), `Settings that work are refused: ${JSON.stringify(validate.errors)}`);
  const isAccepted = validate({ ...source.settings, 'no-such-setting': true });
  demand(!isAccepted, 'A key that the schema does not know is accepted: set additionalProperties to false.');
}

function checkTexts(schema: JsonSchema): void {
  compile(schema);
  demand(schema.type === 'object', 'The type of the settings must be object.');
  for (const { name, property } of propertiesOf(schema)) {
    demand(typeof property.title === 'string' && property.title !== '', `The setting ${name} has no title.`);
    const isLeaf = property.type !== 'object' && property.type !== 'array';
    demand(
      !isLeaf || typeof property.description === 'string' || hasParts(property),
      `The setting ${name} has no help.`,
    );
  }
}

function hasParts(property: JsonSchema): boolean {
  return property.oneOf !== undefined || property.anyOf !== undefined || property.examples !== undefined;
}

const SECRET_NAME = /password|passphrase|secret|token|private_?key|api_?key|credential/i;

function checkSecrets(schema: JsonSchema): void {
  for (const { name, property } of propertiesOf(schema)) {
    const key = name.split('.').at(-1) ?? name;
    const isMarked = property.secret === true;
    demand(isMarked || !SECRET_NAME.test(key), `The setting ${name} looks like a secret: mark it with "secret": true.`);
    demand(!isMarked || property.type === 'string', `The secret ${name} must be of the type string.`);
    demand(!isMarked || property.default === undefined, `The secret ${name} has a default.`);
  }
}

interface NamedProperty {
  name: string;
  property: JsonSchema;
}

/** Words of a schema under which data stands and no further schema. */
const DATA = new Set(['examples', 'default', 'const', 'enum']);

/** Every property of a schema, wherever it stands, by its path. */
export function propertiesOf(schema: JsonSchema, path = ''): NamedProperty[] {
  return Object.entries(schema).flatMap(([key, value]) => {
    if (typeof value !== 'object' || value === null || DATA.has(key)) return [];
    if (key !== 'properties') return propertiesOf(value as JsonSchema, path);
    return Object.entries(value as Record<string, JsonSchema>).flatMap(([name, property]) => {
      const full = path === '' ? name : `${path}.${name}`;
      return [{ name: full, property }, ...propertiesOf(property, full)];
    });
  });
}

/** The values of the secrets in settings: none of them may be told to anybody. */
export function secretsIn(schema: JsonSchema, settings: unknown): string[] {
  const names = new Set(
    propertiesOf(schema)
      .filter(({ property }) => property.secret === true)
      .map(({ name }) => name.split('.').at(-1)),
  );
  const found: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (names.has(key) && typeof inner === 'string') found.push(inner);
      else walk(inner);
    }
  };
  walk(settings);
  return found;
}
