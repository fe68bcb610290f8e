import { HR_HEADER, IT_HEADER } from '../support/project.js';

/** The files of one day, as texts. */
export interface DayFiles {
  hr: string;
  it: string;
}

const DEPARTMENTS = ['Engineering', 'Research', 'Sales', 'Finance', 'Legal', 'Support', 'Design'];

/** The two days of an import: everybody comes on the first; on the second some move, leave, vanish, change or come. */
export function twoDays(people: number): readonly [DayFiles, DayFiles] {
  return [dayFiles(people, 1), dayFiles(people, 2)];
}

function dayFiles(people: number, day: 1 | 2): DayFiles {
  const last = day === 1 ? people : people + Math.ceil(people * 0.03);
  const numbers = Array.from({ length: last }, (_, n) => n + 1);
  return {
    hr: lines(
      HR_HEADER,
      numbers.filter((n) => day === 1 || n % 50 !== 7).map((n) => hrRow(n, day)),
    ),
    it: lines(IT_HEADER, [
      ...numbers.filter((n) => n % 3 === 0).map((n) => itRow(n, day)),
      ...numbers.filter((n) => n % 20 === 10).map((n) => contractorRow(n, day)),
    ]),
  };
}

function lines(header: string, rows: readonly string[]): string {
  return [header, ...rows].map((row) => `${row}\n`).join('');
}

function department(n: number): string {
  return DEPARTMENTS[n % DEPARTMENTS.length] ?? '';
}

/** Day 2: every fourth moves, 5 % are terminated; both stay below the guards' limits. */
function hrRow(n: number, day: 1 | 2): string {
  const email = n % 17 === 0 ? '' : `p${n}@acme.example`;
  const moved = day === 2 && n % 4 === 1 ? 1 : 0;
  return [`E${n}`, `First${n}`, `Last${n}`, email, department(n + moved), ...employment(n, day)].join(';');
}

function employment(n: number, day: 1 | 2): [status: string, hired: string, ended: string] {
  if (n % 23 === 0) return ['Terminated', '2019-05-01', '2026-03-06'];
  if (n % 50 === 0) return ['Future', '2026-03-16', ''];
  if (day === 2 && n % 20 === 3) return ['Terminated', '2020-01-06', '2026-03-09'];
  return ['Active', '2020-01-06', ''];
}

/** A third has an account. Some have no personnel number but HR's address: a review; some another department: a conflict. */
function itRow(n: number, day: 1 | 2): string {
  const employee = n % 39 === 0 ? '' : `E${n}`;
  const email = day === 2 && n % 33 === 6 ? `new${n}@acme.example` : `p${n}@acme.example`;
  const team = (n % 5) + (day === 2 && n % 6 === 3 ? 1 : 0);
  const where = n % 13 === 0 ? 'Platform' : '';
  return [`A${n}`, employee, `u${n}`, email, 'true', where, `vpn|team-${team}`].join(',');
}

function contractorRow(n: number, day: 1 | 2): string {
  const login = day === 2 && n % 60 === 10 ? `ext${n}x` : `ext${n}`;
  return [`C${n}`, '', login, `${login}@agency.example`, 'true', '', n % 40 === 10 ? 'vpn|admins' : 'vpn'].join(',');
}
