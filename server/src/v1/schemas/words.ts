/** A JSON Schema (2020-12), as OpenAPI 3.1 takes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export const text = { type: 'string' } as const;
export const textOrNull = { type: ['string', 'null'] } as const;
export const count = { type: 'integer', minimum: 0 } as const;
export const flag = { type: 'boolean' } as const;
export const instant = { type: 'string', format: 'date-time' } as const;
export const instantOrNull = { type: ['string', 'null'], format: 'date-time' } as const;
export const anyObject = { type: 'object', additionalProperties: true } as const;
/** Any JSON value. */
export const anything = {} as const;

export const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items });

/** An object all of whose properties are there but for the optional ones; further keys may be added later. */
export function object(properties: Readonly<Record<string, JsonSchema>>, optional: readonly string[] = []): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', ...(required.length === 0 ? {} : { required }), properties, additionalProperties: true };
}

/** The schema that stands under that name. */
export const the = (name: string): JsonSchema => ({ $ref: `${name}#` });

/** A page of a list: `next` is null on the last one. */
export function page(format: string, items: JsonSchema, next: JsonSchema = textOrNull): JsonSchema {
  return object({ format: { const: format }, next, items: listOf(items) });
}
