/** What happens on which day. It changes the company and says, without a name or a number, what the day is about. */

const firstMonday = Date.UTC(2026, 2, 2);
const dayMs = 86_400_000;

/** Working days from Monday, 2 March 2026, as `YYYY-MM-DD`. */
export function workingDays(count) {
  return Array.from({ length: count }, (_, i) => {
    const date = new Date(firstMonday + (i + 2 * Math.floor(i / 5)) * dayMs);
    return date.toISOString().slice(0, 10);
  });
}

const script = [
  () => ({ title: 'The first read: everybody is new.' }),
  (company, date, cast) => {
    company.hire(date);
    company.hire(date);
    cast.withoutEmail = company.hire(date, { withEmail: false });
    move(company);
    move(company);
    return { title: 'People start and people move. One of those who start has no e-mail address yet.' };
  },
  () => ({ title: "HR's upload breaks off halfway; the marker that ends an upload is not there.", mishap: 'half' }),
  (company) => {
    company.anybody().hr.status = 'Leave';
    return { title: 'The upload is whole again. Somebody goes on leave.' };
  },
  (company, date, cast) => {
    cast.leaver = company.anybody();
    Object.assign(cast.leaver.hr, { status: 'Terminated', terminationDate: date });
    return { title: 'A Friday. HR lets somebody go, and IT does not notice.' };
  },
  () => ({ title: "HR's file is empty but for its header.", mishap: 'empty' }),
  (company, _, cast) => {
    company.giveAccount(cast.withoutEmail);
    return { title: 'The file is whole again, and a week late the missing e-mail address is there.' };
  },
  (company, date) => {
    const { hr, it, idp } = company.anybody();
    hr.email = it.email = idp.email = it.email.replace('@', '.new@');
    const back = company.people.find((person) => person.hr?.terminationDate && !person.it);
    Object.assign(back.hr, { status: 'Active', hireDate: date, terminationDate: '' });
    return { title: 'Somebody gets another e-mail address, and somebody who left long ago comes back.' };
  },
  () => ({ title: 'HR renames a column of its file without telling anybody.', mishap: 'renamed' }),
  (company) => {
    move(company);
    return { title: 'The column has its old name again. Somebody moves.' };
  },
];

function move(company) {
  const { hr } = company.anybody();
  const others = ['Engineering', 'Research', 'Sales', 'Finance', 'Support'].filter((name) => name !== hr.department);
  hr.department = company.random.pick(others);
}

function ordinaryDay(company, date) {
  if (company.random.below(2) === 0) company.hire(date);
  move(company);
  return { title: 'An ordinary day.' };
}

/** The days of the story, one after the other; each is told only when the one before is over. */
export function* storyOf(company, dayCount) {
  const cast = {};
  for (const [i, date] of workingDays(dayCount).entries()) {
    yield { date, ...(script[i] ?? ordinaryDay)(company, date, cast), no: i + 1, leaver: cast.leaver?.employeeId };
  }
}

/** Enough for the termination on Friday. */
export const fewestDays = 5;
export const usualDays = script.length;
