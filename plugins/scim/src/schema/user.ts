import { attribute, complex, plural, pluralOf, type SchemaDefinition } from './definition.js';
import { USER_URN } from './urns.js';

const name = complex('name', 'The parts of the name.', [
  attribute('formatted', 'The whole name as shown.'),
  attribute('familyName', 'The family name.'),
  attribute('givenName', 'The given name.'),
  attribute('middleName', 'The middle names.'),
  attribute('honorificPrefix', 'What stands before the name, such as Dr.'),
  attribute('honorificSuffix', 'What stands after the name, such as III.'),
]);

const addresses = complex(
  'addresses',
  'Postal addresses.',
  [
    attribute('formatted', 'The whole address as shown.'),
    attribute('streetAddress', 'Street and number; may have several lines.'),
    attribute('locality', 'City.'),
    attribute('region', 'State or region.'),
    attribute('postalCode', 'Postal code.'),
    attribute('country', 'Country, as a two-letter code of ISO 3166-1.'),
    attribute('type', 'What the address is for.', { canonicalValues: ['work', 'home', 'other'] }),
    attribute('primary', 'True for the preferred address; at most one is.', { type: 'boolean' }),
  ],
  { multiValued: true },
);

const groups = complex(
  'groups',
  'The groups that the user is a direct member of.',
  [
    attribute('value', 'The id of the group.', { mutability: 'readOnly', caseExact: true }),
    attribute('$ref', 'The address of the group.', {
      type: 'reference',
      referenceTypes: ['Group'],
      mutability: 'readOnly',
      caseExact: true,
    }),
    attribute('display', 'The name of the group.', { mutability: 'readOnly' }),
    attribute('type', 'Always direct.', { mutability: 'readOnly', canonicalValues: ['direct'] }),
  ],
  { multiValued: true, mutability: 'readOnly' },
);

/** The core schema of users. Source: RFC 7643 sections 4.1 and 8.7.1. */
export const userSchema: SchemaDefinition = {
  id: USER_URN,
  name: 'User',
  description: 'A person of the directory.',
  attributes: [
    attribute('userName', 'The login; unique within the directory whatever its letters.', {
      required: true,
      uniqueness: 'server',
    }),
    name,
    attribute('displayName', 'The name as shown.'),
    attribute('nickName', 'The name used in everyday talk.'),
    attribute('profileUrl', 'An address about the person.', { type: 'reference', referenceTypes: ['external'] }),
    attribute('title', 'The title of the job.'),
    attribute('userType', 'The kind of relation, such as Employee or Contractor.'),
    attribute('preferredLanguage', 'The preferred language, as in Accept-Language.'),
    attribute('locale', 'The locale for dates, numbers and currency.'),
    attribute('timezone', 'The time zone, by its IANA name.'),
    attribute('active', 'False for somebody who may not work with the application.', { type: 'boolean' }),
    attribute('password', 'Dropped unread: no password is kept.', { mutability: 'writeOnly', returned: 'never' }),
    plural('emails', 'E-mail addresses.', ['work', 'home', 'other']),
    plural('phoneNumbers', 'Telephone numbers, kept as sent.', ['work', 'home', 'mobile', 'fax', 'pager', 'other']),
    plural('ims', 'Addresses of instant messaging.'),
    plural('photos', 'Addresses of pictures.', ['photo', 'thumbnail']),
    addresses,
    groups,
    plural('entitlements', 'What the person is entitled to.'),
    plural('roles', 'The roles of the person.'),
    pluralOf('x509Certificates', 'Certificates, DER in Base64.', { type: 'binary', caseExact: true }),
  ],
};
