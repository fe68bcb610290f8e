/** What JMESPath can say of the Google mapping: paths, filters and projections, no text functions. */
export const reduced = {
  externalId: ['id', 'id'],
  displayName: ['name.fullName', 'name.fullName'],
  'name.givenName': ['name.givenName', 'name.givenName'],
  'name.familyName': ['name.familyName', 'name.familyName'],
  title: ['organizations[?primary].title | [0]', 'organizations[primary][0].title'],
  department: ['organizations[?primary].department | [0]', 'organizations[primary][0].department'],
  employeeNumber: ["externalIds[?type == 'organization'].value | [0]", 'externalIds[type = "organization"][0].value'],
  workPhone: ["phones[?type == 'work'].value | [0]", 'phones[type = "work"][0].value'],
  country: ["addresses[?type == 'work'].countryCode | [0]", 'addresses[type = "work"][0].countryCode'],
  building: ["locations[?type == 'desk'].buildingId | [0]", 'locations[type = "desk"][0].buildingId'],
};
