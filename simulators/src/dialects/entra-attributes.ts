import type { Person } from '../population/population.js';
import type { Scalar } from '../scim/attributes.js';
import { ENTERPRISE } from '../scim/urns.js';

/** One line of Entra's attribute mapping. */
export interface MappedAttribute {
  /** As a PATCH names it. */
  readonly path: string;
  /** As this package names it. */
  readonly name: string;
  readonly value: (person: Person) => Scalar;
}

/** A path with a filter cannot be a key of a pathless operation. */
export function isFiltered({ path }: MappedAttribute): boolean {
  return path.includes('[');
}

/** Entra's default mapping, but for the manager, who is sent later. */
export const mappedAttributes: readonly MappedAttribute[] = [
  { path: 'userName', name: 'userName', value: userNameOf },
  { path: 'displayName', name: 'displayName', value: (person) => person.displayName },
  { path: 'title', name: 'title', value: (person) => person.title },
  { path: 'emails[type eq "work"].value', name: 'emails[work]', value: (person) => person.email },
  { path: 'preferredLanguage', name: 'preferredLanguage', value: (person) => person.locale },
  { path: 'name.givenName', name: 'name.givenName', value: (person) => person.givenName },
  { path: 'name.familyName', name: 'name.familyName', value: (person) => person.familyName },
  { path: 'phoneNumbers[type eq "work"].value', name: 'phoneNumbers[work]', value: (person) => person.phone },
  { path: `${ENTERPRISE}:employeeNumber`, name: 'enterprise.employeeNumber', value: (person) => person.employeeNumber },
  { path: `${ENTERPRISE}:department`, name: 'enterprise.department', value: (person) => person.department },
];

/** A guest's principal name carries the name that the guest has at home. */
export function userNameOf(person: Person): string {
  if (!person.isGuest) return person.userName;
  const [local = '', domain = ''] = person.userName.split('@');
  return `${local}_${domain}#EXT#@${domain.replaceAll('.', '')}.onmicrosoft.com`;
}
