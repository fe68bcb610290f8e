/** A seeded source of chance (mulberry32). */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const GIVEN = ['Ada', 'José', 'Zoë', 'Łukasz', '美咲', 'Anna-Lena', 'Oluwaseun', 'Seán'];
const FAMILY = ['Lovelace', 'García', 'O’Brien', 'Nowak', '佐藤', 'van der Berg', 'Adeyemi', 'Müller'];
const TITLES = ['Engineer', 'Senior Engineer', ' Manager ', 'Analyst', 'Director of Sales'];
const DEPARTMENTS = ['Engineering', 'Sales', 'People', 'Finance', ' Legal'];
const CITIES = ['Berlin', 'Paris', 'Kraków', '東京', 'Lagos'];
const COUNTRIES = ['de', 'FR', 'pl', 'JP', 'ng'];

/** What every generator draws from: nulls and gaps included. */
function person(random, number) {
  const pick = (from) => from[Math.floor(random() * from.length)];
  const maybe = (share, value) => (random() < share ? value() : undefined);
  const orNull = (share, value) => (random() < share ? value() : null);
  const many = (counts, make) => Array.from({ length: pick(counts) }, (_nothing, index) => make(index));
  const givenName = pick(GIVEN);
  const familyName = pick(FAMILY);
  const mail = `User.${number}@Example.com`;
  return { number, pick, maybe, orNull, many, givenName, familyName, mail, random };
}

const date = (p) => `20${10 + (p.number % 15)}-0${1 + (p.number % 9)}-1${p.number % 10}`;

function googleWorkspace(p) {
  const { pick, maybe, many } = p;
  return {
    kind: 'admin#directory#user',
    id: String(100_000_000 + p.number),
    etag: '"abcdefghijklmnopqrstuvwxyz0123456789"',
    primaryEmail: p.mail,
    name: {
      givenName: p.givenName,
      familyName: p.familyName,
      fullName: p.orNull(0.9, () => `${p.givenName} ${p.familyName}`),
    },
    isAdmin: p.random() < 0.02,
    suspended: p.random() < 0.1,
    archived: p.random() < 0.05,
    lastLoginTime: '2026-05-02T08:15:00.000Z',
    creationTime: `${date(p)}T09:00:00.000Z`,
    emails: many([1, 2, 2, 3], (index) => ({
      address: index === 0 ? p.mail : `Alias${index}.${p.mail}`,
      type: p.orNull(0.7, () => 'work'),
      primary: index === 0 ? true : undefined,
    })),
    aliases: maybe(0.5, () => many([1, 2], (index) => `a${index}.${p.number}@example.com`)),
    nonEditableAliases: maybe(0.8, () => [`u${p.number}@example.com.test-google-a.com`]),
    externalIds: maybe(0.9, () => [
      { value: `E${p.number}`, type: 'organization' },
      { value: 'x', type: 'custom', customType: 'badge' },
    ]),
    relations: maybe(0.8, () => [{ value: `Boss.${p.number % 97}@Example.com`, type: 'manager' }]),
    addresses: maybe(0.7, () =>
      many([1, 2], (index) => ({
        type: index === 0 ? 'work' : 'home',
        streetAddress: 'Main St 1',
        locality: pick(CITIES),
        postalCode: '10115',
        countryCode: pick(COUNTRIES),
      })),
    ),
    organizations: maybe(0.9, () =>
      many([1, 1, 2], (index) => ({
        title: pick(TITLES),
        primary: index === 0,
        department: pick(DEPARTMENTS),
        costCenter: `CC-${p.number % 30}`,
        type: 'work',
      })),
    ),
    phones: maybe(0.8, () =>
      many([0, 1, 2, 3], (index) => ({ value: `+49 30 ${1000 + index}`, type: ['work', 'mobile', 'home'][index] })),
    ),
    languages: [{ languageCode: 'en-GB', preference: 'preferred' }],
    orgUnitPath: pick(['/', '/Engineering', '/Engineering/Platform', '/Contractors/EMEA']),
    locations: maybe(0.5, () => [{ type: 'desk', area: 'desk', buildingId: 'BER-1', floorName: '3' }]),
    customSchemas: maybe(0.7, () => ({ Employment: { hireDate: `${date(p)}T00:00:00Z`, level: p.number % 7 } })),
    isMailboxSetup: true,
    includeInGlobalAddressList: true,
    ipWhitelisted: false,
    changePasswordAtNextLogin: false,
  };
}

function scim(p) {
  const { pick, maybe, many } = p;
  return {
    schemas: [
      'urn:ietf:params:scim:schemas:core:2.0:User',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
    ],
    id: `2819c223-7f76-453a-919d-${p.number}`,
    externalId: maybe(0.8, () => `E${p.number}`),
    meta: { resourceType: 'User', created: `${date(p)}T18:29:49.793Z`, version: 'W/"3694e05e9dff590"' },
    userName: ` ${p.mail}`,
    active: p.random() < 0.9,
    displayName: p.orNull(0.8, () => `${p.givenName} ${p.familyName}`),
    name: {
      formatted: `${p.givenName} ${p.familyName}`,
      givenName: p.givenName,
      familyName: p.familyName,
      middleName: maybe(0.3, () => 'Q.'),
    },
    nickName: p.orNull(0.3, () => p.givenName.slice(0, 3)),
    title: maybe(0.9, () => pick(TITLES)),
    userType: pick(['Employee', 'Contractor', 'Intern']),
    preferredLanguage: maybe(0.8, () => pick(['en-US', 'de-DE', 'ja'])),
    locale: 'en-US',
    timezone: 'Europe/Berlin',
    emails: many([1, 2, 3], (index) => ({
      value: index === 0 ? p.mail : `Home${index}.${p.mail}`,
      type: index === 0 ? 'work' : 'home',
      primary: index === 0 ? true : undefined,
    })),
    phoneNumbers: maybe(0.8, () =>
      many([0, 1, 2], (index) => ({ value: `555-${1000 + index}`, type: index === 0 ? 'work' : 'mobile' })),
    ),
    addresses: maybe(0.7, () =>
      many([1, 2], (index) => ({
        type: index === 0 ? 'work' : 'home',
        streetAddress: '100 Universal City Plaza',
        locality: pick(CITIES),
        region: 'CA',
        country: pick(COUNTRIES),
      })),
    ),
    groups: maybe(0.7, () => many([1, 2, 4], (index) => ({ value: `g${index}`, display: `Group ${index}` }))),
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': maybe(0.9, () => ({
      employeeNumber: String(p.number),
      costCenter: `CC-${p.number % 30}`,
      department: pick(DEPARTMENTS),
      manager: maybe(0.8, () => ({ value: `26118915-6090-4610-87e4-${p.number % 97}`, displayName: 'John Smith' })),
    })),
  };
}

function activeDirectory(p) {
  const { pick, maybe, many } = p;
  const cn = `${p.givenName} ${p.familyName}`;
  return {
    objectClass: ['top', 'person', 'organizationalPerson', 'user'],
    objectGUID: `5d1c8f3a-0000-4000-8000-${p.number}`,
    distinguishedName: `CN=${cn},OU=${pick(DEPARTMENTS).trim()},OU=People,DC=corp,DC=example,DC=com`,
    cn,
    displayName: maybe(0.8, () => cn),
    givenName: p.givenName,
    sn: `${p.familyName} `,
    sAMAccountName: `user${p.number}`,
    userPrincipalName: p.mail,
    userAccountControl: pick(['512', '514', '66048', '66050']),
    accountExpires: pick(['0', '9223372036854775807', '134000000000000000']),
    mail: maybe(0.9, () => p.mail),
    proxyAddresses: maybe(0.8, () => [`SMTP:${p.mail}`, ...many([0, 1, 2], (index) => `smtp:Alias${index}.${p.mail}`)]),
    title: maybe(0.9, () => pick(TITLES)),
    department: maybe(0.9, () => pick(DEPARTMENTS)),
    company: 'Example',
    employeeID: maybe(0.9, () => String(p.number)),
    telephoneNumber: maybe(0.7, () => '+49 30 1234 567'),
    mobile: maybe(0.5, () => '+49 170 1234567'),
    c: maybe(0.8, () => pick(COUNTRIES)),
    l: maybe(0.8, () => pick(CITIES)),
    postalCode: maybe(0.8, () => '10115'),
    manager: maybe(0.8, () => `CN=Boss ${p.number % 97},OU=People,DC=corp,DC=example,DC=com`),
    memberOf: maybe(0.9, () => many([1, 2, 5], (index) => `CN=Group ${index},OU=Groups,DC=corp,DC=example,DC=com`)),
    whenCreated: `${date(p).replaceAll('-', '')}120000.0Z`,
    whenChanged: '20260101120000.0Z',
  };
}

function workday(p) {
  const { pick, maybe, many } = p;
  const name = { First_Name: p.givenName, Last_Name: p.familyName, Formatted_Name: `${p.givenName} ${p.familyName}` };
  return {
    Worker_Reference: {
      ID: [
        { type: 'WID', value: `3aa5550b7fe348b98d7b5741afc${p.number}` },
        { type: 'Employee_ID', value: String(p.number) },
      ],
    },
    Worker_Data: {
      Worker_ID: String(p.number),
      User_ID: p.mail,
      Personal_Data: {
        Name_Data: { Legal_Name_Data: { Name_Detail_Data: name }, Preferred_Name_Data: { Name_Detail_Data: name } },
        Contact_Data: {
          Email_Address_Data: many([1, 2], (index) => ({
            Email_Address: index === 0 ? p.mail : `Home.${p.mail}`,
            Usage: index === 0 ? 'WORK' : 'HOME',
          })),
          Phone_Data: maybe(0.8, () =>
            many([0, 1, 2], (index) => ({
              Formatted_Phone: `+1 555 ${1000 + index}`,
              Usage: 'WORK',
              Device: index === 0 ? 'Landline' : 'Mobile',
            })),
          ),
          Address_Data: maybe(0.8, () =>
            many([1, 2], (index) => ({
              Primary: index === 0 ? '1' : '0',
              Line_1: 'Main St 1',
              Municipality: pick(CITIES),
              Postal_Code: '10115',
              Country: pick(COUNTRIES),
            })),
          ),
        },
      },
      Employment_Data: {
        Worker_Status_Data: {
          Active: p.random() < 0.9 ? '1' : '0',
          On_Leave: p.random() < 0.05 ? '1' : '0',
          Hire_Date: `${date(p)}-08:00`,
          Original_Hire_Date: `${date(p)}-08:00`,
          Termination_Date: maybe(0.1, () => '2026-03-31-08:00'),
        },
        Worker_Job_Data: {
          Position_Data: many([1, 1, 2], (index) => ({
            Primary: index === 0 ? '1' : '0',
            Business_Title: pick(TITLES),
            Job_Profile_Name: pick(TITLES),
            Worker_Type: pick(['Regular', 'Contractor', 'Temporary', 'Unknown']),
            Business_Site: pick(CITIES),
            Manager: maybe(0.8, () => ({
              ID: [
                { type: 'WID', value: 'w' },
                { type: 'Employee_ID', value: String(p.number % 97) },
              ],
            })),
          })),
        },
      },
      Organization_Data: [
        { type: 'Supervisory', name: pick(DEPARTMENTS) },
        { type: 'Cost_Center', name: `CC-${p.number % 30} ${pick(DEPARTMENTS)}` },
        { type: 'Company', name: 'Example GmbH' },
      ],
    },
  };
}

const makers = { 'google-workspace': googleWorkspace, scim, 'active-directory': activeDirectory, workday };

/** Records as a source sends them: through JSON, so that what is undefined is missing. */
export function makeRecords(name, count, seed) {
  const random = seeded(seed);
  return Array.from({ length: count }, (_nothing, number) =>
    JSON.parse(JSON.stringify(makers[name](person(random, number)))),
  );
}
