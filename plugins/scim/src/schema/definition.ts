/** The characteristics of an attribute, spelled as they are served. Source: RFC 7643 section 7. */
export interface AttributeDefinition {
  readonly name: string;
  readonly type: 'string' | 'boolean' | 'dateTime' | 'reference' | 'complex' | 'binary';
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: 'readWrite' | 'readOnly' | 'writeOnly' | 'immutable';
  readonly returned: 'always' | 'default' | 'never' | 'request';
  readonly uniqueness: 'none' | 'server' | 'global';
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly AttributeDefinition[];
}

/** A schema, spelled as it is served. */
export interface SchemaDefinition {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly AttributeDefinition[];
}

type Characteristics = Partial<Omit<AttributeDefinition, 'name' | 'description'>>;

/** Writes an attribute with the defaults of RFC 7643 section 2.2: an optional text, read and written, letters alike. */
export function attribute(
  name: string,
  description: string,
  characteristics: Characteristics = {},
): AttributeDefinition {
  return {
    name,
    type: 'string',
    multiValued: false,
    description,
    required: false,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...characteristics,
  };
}

/** Writes an attribute that holds sub-attributes. */
export function complex(
  name: string,
  description: string,
  subAttributes: readonly AttributeDefinition[],
  characteristics: Characteristics = {},
): AttributeDefinition {
  return attribute(name, description, { type: 'complex', subAttributes, ...characteristics });
}

/** Writes a set of values with `value`, `display`, `type` and `primary` (RFC 7643 section 2.4). */
export function plural(name: string, description: string, types: readonly string[] = []): AttributeDefinition {
  return complex(name, description, pluralParts(types), { multiValued: true });
}

function pluralParts(types: readonly string[], value: Characteristics = {}): AttributeDefinition[] {
  return [
    attribute('value', 'The value itself.', value),
    attribute('display', 'A name of the value for people.'),
    attribute('type', 'What the value is for.', types.length > 0 ? { canonicalValues: types } : {}),
    attribute('primary', 'True for the preferred value; at most one is.', { type: 'boolean' }),
  ];
}

/** Writes a set whose `value` has characteristics of its own. */
export function pluralOf(name: string, description: string, value: Characteristics): AttributeDefinition {
  return complex(name, description, pluralParts([], value), { multiValued: true });
}
