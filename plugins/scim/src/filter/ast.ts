/** The name of an attribute as a client writes it: `urn:…:User:name.givenName`. */
export interface AttributePath {
  /** The URN before it. */
  readonly schema?: string;
  /** Undefined when the URN stands alone. */
  readonly name?: string;
  readonly sub?: string;
}

/** A path that may select elements: `emails[type eq "work"].value`. */
export interface SelectingPath extends AttributePath {
  readonly where?: Filter;
}

export type Literal = string | number | boolean | null;

export const COMPARISONS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** A parsed filter (RFC 7644 section 3.4.2.2). */
export type Filter =
  | { readonly op: 'and' | 'or'; readonly filters: readonly Filter[] }
  | { readonly op: 'not'; readonly filter: Filter }
  | { readonly op: 'pr'; readonly path: SelectingPath }
  | { readonly op: Comparison; readonly path: SelectingPath; readonly value: Literal }
  | { readonly op: 'has'; readonly path: AttributePath; readonly where: Filter };
