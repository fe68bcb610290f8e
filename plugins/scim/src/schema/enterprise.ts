import { attribute, complex, type SchemaDefinition } from './definition.js';
import { ENTERPRISE_URN } from './urns.js';

const manager = complex('manager', 'The person above.', [
  attribute('value', 'The id of the manager, or whatever the provider names the manager by.', { caseExact: true }),
  attribute('displayName', 'The name of the manager as sent.'),
]);

/** The enterprise extension of users. Source: RFC 7643 section 4.3. */
export const enterpriseSchema: SchemaDefinition = {
  id: ENTERPRISE_URN,
  name: 'EnterpriseUser',
  description: 'A person at work.',
  attributes: [
    attribute('employeeNumber', 'The number of the employee.'),
    attribute('costCenter', 'The cost centre.'),
    attribute('organization', 'The organisation.'),
    attribute('division', 'The division.'),
    attribute('department', 'The department.'),
    manager,
  ],
};
