/** What HR, IT and the identity provider export of a company on a day, as files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const headers = {
  hr: 'employee_id;first_name;last_name;work_email;department;status;hire_date;termination_date',
  it: 'account_id,employee_id,login,email,enabled,department,groups',
  idp: 'id,upn,mail,display_name,employee_id,enabled',
};

function hrRow({ employeeId, given, family, hr }) {
  return [employeeId, given, family, hr.email, hr.department, hr.status, hr.hireDate, hr.terminationDate].join(';');
}

function itRow({ employeeId, login, hr, it }) {
  return [it.accountId, hr ? employeeId : '', login, it.email, 'true', it.department, it.groups.join('|')].join(',');
}

function idpRow({ employeeId, given, family, login, hr, idp }) {
  return [idp.id, `${login}@acme.example`, idp.email, `${given} ${family}`, hr ? employeeId : '', 'true'].join(',');
}

const file = (header, rows) => `${[header, ...rows].join('\n')}\n`;

/** Texts of the three files. */
export function exportsOf({ people }) {
  return {
    hr: file(headers.hr, people.filter(({ hr }) => hr).map(hrRow)),
    it: file(headers.it, people.filter(({ it }) => it).map(itRow)),
    idp: file(headers.idp, people.filter(({ idp }) => idp).map(idpRow)),
  };
}

/** Mishaps on the way of HR's file; each gets the whole text and says what arrives. */
export const mishaps = {
  none: (text) => ({ text, isWhole: true }),
  half: (text) => ({ text: text.slice(0, Math.floor(text.length / 2)), isWhole: false }),
  empty: (text) => ({ text: text.slice(0, text.indexOf('\n') + 1), isWhole: true }),
  renamed: (text) => ({ text: text.replace(';department;', ';dept;'), isWhole: true }),
};

/** Writes the files of a day; HR's whole ones with the marker that says so. */
export function deliver({ folders, date, company, mishap = 'none' }) {
  const texts = exportsOf(company);
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  const write = (source, text) => writeFileSync(path.join(folders[source], `${source}-${date}.csv`), text);
  const { text, isWhole } = mishaps[mishap](texts.hr);
  write('hr', text);
  if (isWhole) writeFileSync(path.join(folders.hr, `hr-${date}.csv.done`), '');
  write('it', texts.it);
  write('idp', texts.idp);
}
