import type { AttributeName } from './claims.js';

/** A JSON Schema as plain data. */
export type Schema = Readonly<Record<string, unknown>>;

/** How two values are compared for conflicts, correlation and sets. */
export type Comparison = 'exact' | 'fold' | 'element';

/** What the model knows of one attribute. */
export interface CatalogueEntry {
  name: AttributeName;
  shape: 'single' | 'set' | 'reference' | 'groups';
  /** JSON Schema (draft 2020-12) of one claim that is not null. */
  schema: Schema;
  compare: Comparison;
  /** Sets: the key that identifies an element. */
  elementKey: string | null;
  /** True: its values are personal data. */
  personal: boolean;
  /** Where the name comes from. */
  source: string;
}

const text: Schema = { type: 'string', minLength: 1, maxLength: 1024 };
const date: Schema = { type: 'string', format: 'date' };
/** An IANA zone that this runtime knows: another one could not be computed with. */
const timeZone: Schema = { type: 'string', format: 'time-zone' };

const multiValued = (extra: Record<string, unknown> = {}): Schema => ({
  type: 'array',
  maxItems: 1000,
  items: {
    type: 'object',
    required: ['value'],
    additionalProperties: false,
    properties: {
      value: { type: 'string', minLength: 1, maxLength: 1024 },
      type: { type: 'string', maxLength: 64 },
      display: { type: 'string', maxLength: 1024 },
      primary: { type: 'boolean' },
      ...extra,
    },
  },
});

const addressFields = ['formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country', 'type'];
const addresses: Schema = {
  type: 'array',
  maxItems: 100,
  items: {
    type: 'object',
    additionalProperties: false,
    properties: {
      ...Object.fromEntries(addressFields.map((field) => [field, { type: 'string', maxLength: 1024 }])),
      primary: { type: 'boolean' },
    },
  },
};

/** A claim that names another user of the same directory: resolved to a user id before resolution. */
const reference: Schema = {
  type: 'object',
  required: ['by', 'value'],
  additionalProperties: false,
  properties: {
    by: { enum: ['sourceId', 'dn', 'email', 'userName', 'employeeNumber'] },
    value: { type: 'string', minLength: 1, maxLength: 1024 },
  },
};

const groups: Schema = {
  type: 'array',
  maxItems: 100_000,
  items: {
    anyOf: [
      { type: 'string', minLength: 1, maxLength: 1024 },
      {
        type: 'object',
        required: ['name'],
        additionalProperties: false,
        properties: {
          id: { type: 'string', minLength: 1, maxLength: 1024 },
          name: { type: 'string', minLength: 1, maxLength: 1024 },
        },
      },
    ],
  },
};

const core = 'RFC 7643 section 4.1';
const enterprise = 'RFC 7643 section 4.3';
const employment = 'Rollcall';

const single = (
  name: string,
  source: string,
  schema: Schema = text,
  compare: Comparison = 'exact',
  personal = true,
): CatalogueEntry => ({
  name,
  shape: 'single',
  schema,
  compare,
  elementKey: null,
  personal,
  source,
});
const set = (name: string, source: string, schema: Schema = multiValued(), elementKey = 'value'): CatalogueEntry => ({
  name,
  shape: 'set',
  schema,
  compare: 'element',
  elementKey,
  personal: true,
  source,
});

const entries: readonly CatalogueEntry[] = [
  single('userName', core, text, 'fold'),
  single('externalId', 'RFC 7643 section 3.1'),
  single('name.formatted', core),
  single('name.familyName', core),
  single('name.givenName', core),
  single('name.middleName', core),
  single('name.honorificPrefix', core),
  single('name.honorificSuffix', core),
  single('displayName', core),
  single('nickName', core),
  single('profileUrl', core),
  single('title', core),
  single('userType', core, text, 'fold', false),
  single('preferredLanguage', core, text, 'fold', false),
  single('locale', core, text, 'fold', false),
  single('timezone', core, text, 'exact', false),
  single('active', core, { type: 'boolean' }, 'exact', false),
  set('emails', core),
  set('phoneNumbers', core),
  set('photos', core),
  set('addresses', core, addresses, 'formatted'),
  single('employeeNumber', enterprise),
  single('costCenter', enterprise, text, 'exact', false),
  single('organization', enterprise, text, 'exact', false),
  single('division', enterprise, text, 'exact', false),
  single('department', enterprise, text, 'exact', false),
  {
    name: 'manager',
    shape: 'reference',
    schema: reference,
    compare: 'exact',
    elementKey: null,
    personal: true,
    source: enterprise,
  },
  single('employment.status', employment, { enum: ['pre_hire', 'active', 'on_leave', 'terminated'] }, 'exact', false),
  single('employment.type', employment, text, 'fold', false),
  single('employment.startDate', employment, date),
  single('employment.endDate', employment, date),
  single('employment.originalStartDate', employment, date),
  single('employment.lastDay', employment, date),
  single('employment.legalEndDate', employment, date),
  single('employment.timeZone', employment, timeZone, 'exact', false),
  single('employment.statusReason', employment, text, 'exact', false),
  {
    name: 'groups',
    shape: 'groups',
    schema: groups,
    compare: 'element',
    elementKey: 'name',
    personal: false,
    source: core,
  },
];

/** The attributes that exist, by name. */
export type Catalogue = ReadonlyMap<AttributeName, CatalogueEntry>;

/**
 * The attributes of a tenant: those of SCIM and employment, and the tenant's own `custom.*`.
 *
 * @param custom - JSON Schema of each custom attribute by its name without `custom.`.
 */
export function catalogueOf(custom: Readonly<Record<string, Schema>> = {}): Catalogue {
  const all = new Map(entries.map((entry) => [entry.name, entry]));
  for (const [name, schema] of Object.entries(custom))
    all.set(`custom.${name}`, single(`custom.${name}`, 'the tenant', schema));
  return all;
}
