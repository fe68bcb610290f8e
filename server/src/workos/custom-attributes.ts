import type { Json, JsonObject } from '@rollcall/core';

/** Values by catalogue name, such as `name.givenName`; those without one are left out. */
export type Attributes = Readonly<Record<string, Json>>;

/** Attributes whose catalogue names have a dot. */
const NESTED = new Set(['name', 'employment', 'custom']);
const CUSTOM = 'custom.';

/** Names of WorkOS that are one attribute of the catalogue. */
const SAME: Readonly<Record<string, string>> = {
  cost_center_name: 'costCenter',
  department_name: 'department',
  division_name: 'division',
  employee_number: 'employeeNumber',
  employment_start_date: 'employment.startDate',
  job_title: 'title',
  organization: 'organization',
  username: 'userName',
};

/** A person's attributes as documents nest them, by catalogue name. */
export function flatAttributes(nested: JsonObject): Record<string, Json> {
  const flat: Record<string, Json> = {};
  for (const [name, value] of Object.entries(nested)) {
    if (NESTED.has(name) && isObject(value))
      for (const [inner, one] of Object.entries(value)) flat[`${name}.${inner}`] = one;
    else flat[name] = value;
  }
  return flat;
}

/** Who a person's manager is, as the population names them: a user id; empty for nobody. */
export function managerOf({ manager }: Attributes): string {
  return typeof manager === 'string' ? manager : '';
}

/** `custom_attributes`: every name that WorkOS has predefined, null where there is nothing, and the tenant's own. */
export function customAttributes(attributes: Attributes, managerEmail: string | null): JsonObject {
  const shown: JsonObject = {
    addresses: addressesOf(attributes.addresses),
    emails: emailsOf(attributes.emails),
    employee_type: attributes['employment.type'] ?? attributes.userType ?? null,
    manager_email: managerEmail,
  };
  for (const [theirs, ours] of Object.entries(SAME)) shown[theirs] = attributes[ours] ?? null;
  for (const [name, value] of Object.entries(attributes))
    if (name.startsWith(CUSTOM)) shown[name.slice(CUSTOM.length)] = value;
  return shown;
}

/** Addresses of a person as WorkOS spells them; null: none. */
export function emailsOf(emails: Json | undefined): Json {
  const all = objectsIn(emails);
  if (all.length === 0) return null;
  return all.map(({ type = null, value = null, primary }) => ({ type, value, primary: primary === true }));
}

function addressesOf(addresses: Json | undefined): Json {
  const all = objectsIn(addresses);
  if (all.length === 0) return null;
  return all.map((address) => ({
    type: address.type ?? null,
    street_address: address.streetAddress ?? null,
    locality: address.locality ?? null,
    region: address.region ?? null,
    postal_code: address.postalCode ?? null,
    country: address.country ?? null,
    raw_address: address.formatted ?? null,
    primary: address.primary === true,
  }));
}

function objectsIn(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
