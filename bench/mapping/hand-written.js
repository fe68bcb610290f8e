/** The Google mapping as a programmer would write it: one function an attribute, the same values as the expressions. */

const lower = (text) => (text === undefined ? undefined : text.toLowerCase());
const list = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

/** JSONata's rule: none is nothing, one stands for itself. */
const sequence = (items) => (items.length === 0 ? undefined : items.length === 1 ? items[0] : items);

/** Drops members without a value. */
function compact(record) {
  for (const key of Object.keys(record)) if (record[key] === undefined) delete record[key];
  return record;
}

const pluck = (items, test, field) => {
  const found = [];
  for (const item of list(items)) if (test(item) && item[field] !== undefined) found.push(item[field]);
  return sequence(found);
};

export const googleWorkspace = {
  externalId: (r) => r.id,
  userName: (r) => lower(r.primaryEmail),
  active: (r) => !(r.suspended === true || r.archived === true),
  displayName: (r) =>
    r.name?.fullName ? r.name.fullName : `${r.name?.givenName ?? ''} ${r.name?.familyName ?? ''}`.trim(),
  'name.givenName': (r) => r.name?.givenName,
  'name.familyName': (r) => r.name?.familyName,
  'name.formatted': (r) => [r.name?.givenName, r.name?.familyName].filter((part) => part !== undefined).join(' '),
  title: (r) => pluck(r.organizations, (item) => item.primary, 'title'),
  department: (r) => pluck(r.organizations, (item) => item.primary, 'department'),
  costCenter: (r) => pluck(r.organizations, (item) => item.primary === true, 'costCenter'),
  employeeNumber: (r) => pluck(r.externalIds, (item) => item.type === 'organization', 'value'),
  manager: (r) => lower(list(r.relations).find((item) => item.type === 'manager')?.value),
  emails: (r) =>
    sequence(
      list(r.emails).map((item) =>
        compact({ value: lower(item.address), type: item.type ? item.type : 'other', primary: item.primary === true }),
      ),
    ),
  phoneNumbers: (r) => sequence(list(r.phones).map((item) => compact({ value: item.value, type: item.type }))),
  workPhone: (r) => list(r.phones).find((item) => item.type === 'work')?.value,
  mobilePhone: (r) => list(r.phones).find((item) => item.type === 'mobile')?.value,
  addresses: (r) =>
    sequence(
      list(r.addresses).map((item) =>
        compact({
          type: item.type,
          streetAddress: item.streetAddress,
          locality: item.locality,
          postalCode: item.postalCode,
          country: item.countryCode,
        }),
      ),
    ),
  country: (r) => pluck(r.addresses, (item) => item.type === 'work', 'countryCode'),
  locale: (r) => pluck(r.languages, (item) => item.preference === 'preferred', 'languageCode'),
  aliases: (r) => {
    if (r.aliases === undefined) return r.nonEditableAliases;
    return r.nonEditableAliases === undefined ? r.aliases : r.aliases.concat(r.nonEditableAliases);
  },
  orgUnit: (r) => r.orgUnitPath?.split('/').at(-1),
  userType: (r) => (r.orgUnitPath?.includes('Contractors') ? 'contractor' : 'employee'),
  building: (r) => pluck(r.locations, (item) => item.type === 'desk', 'buildingId'),
  'employment.startDate': (r) => r.customSchemas?.Employment?.hireDate?.substring(0, 10),
  'employment.status': (r) => (r.suspended ? 'on_leave' : r.archived ? 'terminated' : 'active'),
};
