import type { Change, Person } from '#simulators/index.js';

function person(key: string, written: Pick<Person, 'givenName' | 'familyName'>, rest: Partial<Person> = {}): Person {
  return {
    key,
    ...written,
    displayName: `${written.givenName} ${written.familyName}`,
    userName: `${key}@acme.example`,
    email: `${key}@acme.example`,
    mailNickname: key,
    employeeNumber: `E-${key}`,
    title: null,
    department: null,
    phone: null,
    locale: 'en-US',
    manager: null,
    isGuest: false,
    ...rest,
  };
}

export const ada = person(
  'ada',
  { givenName: 'Ada', familyName: 'Lovelace' },
  { title: 'Engineer', department: 'Engineering', phone: '+1-555-0100' },
);

/** Everything that has to be encoded: a plus, an apostrophe, letters of another script; and no mailbox. */
export const olga = person(
  'olga',
  { givenName: 'Ольга', familyName: "O'Hara" },
  { userName: "olga+o'hara.é@acme.example", email: null, manager: 'ada', locale: 'de-DE' },
);

export const linus = person(
  'linus',
  { givenName: 'Linus', familyName: 'Weiß' },
  { manager: 'ada', department: 'Retail' },
);

export const guest = person('guest', { givenName: 'Zoë', familyName: 'Guest' }, { isGuest: true });

/** Ada marries, loses her title, moves to another department and gets another number. */
export const adaMarried: Person = {
  ...ada,
  familyName: 'King',
  displayName: 'Ada King',
  userName: 'ada.king@acme.example',
  email: 'ada.king@acme.example',
  mailNickname: 'ada.king',
  title: null,
  department: 'Research',
  phone: '+1-555-0199',
};

export function hire(one: Person): Change {
  return { kind: 'hire', person: one };
}

export const vpn: Change = {
  kind: 'create-group',
  team: { key: 'vpn', name: 'VPN "Zürich" & Co', members: new Set(['ada', 'olga']) },
};
