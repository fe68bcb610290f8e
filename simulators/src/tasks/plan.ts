import type { Belief } from '../belief/belief.js';
import type { Dialect } from '../dialects/dialect.js';
import type { Change } from '../population/population.js';
import type { Task } from './tasks.js';

/** `interleaved`: whatever is ready. `phases`: all users, then all groups, then managers. */
export type Order = 'interleaved' | 'phases';

/** The phases of one cycle, in order; each ends before the next begins. */
export function planned(changes: readonly Change[], dialect: Dialect, belief: Belief, order: Order): Task[][] {
  const users: Task[] = [];
  const groups: Task[] = [];
  const managers: Task[] = [];
  for (const change of changes) {
    const task = taskOf(change, dialect);
    if (isAboutGroup(change)) groups.push(task);
    else users.push(task);
    if (change.kind === 'reactivate') groups.push(...returns(change.person, dialect, belief));
    if (dialect.sendManager !== undefined && (change.kind === 'hire' || change.kind === 'profile'))
      managers.push(managerTask(change.person.key, dialect));
  }
  const isCreatingGroups = changes.some(({ kind }) => kind === 'create-group');
  const reading = isCreatingGroups ? groupReading(dialect) : [];
  if (order === 'interleaved') return [[...reading, ...users, ...groups], managers];
  return [users, [...reading, ...groups], managers];
}

function isAboutGroup(change: Change): boolean {
  return ['create-group', 'rename-group', 'delete-group', 'members'].includes(change.kind);
}

function userSubject(key: string): string {
  return `user ${key}`;
}

function groupSubject(key: string): string {
  return `group ${key}`;
}

const readingSubject = 'all groups';

function groupReading(dialect: Dialect): Task[] {
  if (dialect.readGroups === undefined) return [];
  const run = (): Promise<void> => dialect.readGroups?.() ?? Promise.resolve();
  return [{ name: 'read all groups', subject: readingSubject, needs: [], run }];
}

function managerTask(key: string, dialect: Dialect): Task {
  const run = (): Promise<void> => dialect.sendManager?.(key) ?? Promise.resolve();
  return { name: `manager of ${key}`, subject: userSubject(key), needs: [], run };
}

/** Who was deleted and comes back is a new resource and has to be added to the groups again. */
function returns(person: string, dialect: Dialect, belief: Belief): Task[] {
  return [...belief.groups.values()]
    .filter((group) => group.members.has(person))
    .map(({ key }) => ({
      name: `${person} back in ${key}`,
      subject: groupSubject(key),
      needs: [userSubject(person), readingSubject],
      run: async () => {
        const group = belief.groups.get(key);
        if (group?.members.has(person) === true && !group.shown.has(person))
          await dialect.changeMembers(key, [person], []);
      },
    }));
}

function taskOf(change: Change, dialect: Dialect): Task {
  return isAboutGroup(change) ? groupTask(change, dialect) : userTask(change, dialect);
}

function userTask(change: Change, dialect: Dialect): Task {
  const key = 'person' in change ? (typeof change.person === 'string' ? change.person : change.person.key) : '';
  return { name: `${change.kind} ${key}`, subject: userSubject(key), needs: [], run: () => step(change, dialect) };
}

function groupTask(change: Change, dialect: Dialect): Task {
  const key = 'team' in change ? change.team.key : 'group' in change ? change.group : '';
  const needs = [...membersNamed(change).map(userSubject), readingSubject];
  return { name: `${change.kind} ${key}`, subject: groupSubject(key), needs, run: () => step(change, dialect) };
}

function membersNamed(change: Change): readonly string[] {
  if (change.kind === 'create-group') return [...change.team.members];
  return change.kind === 'members' ? [...change.add, ...change.remove] : [];
}

/** Does at the dialect what happened at the provider. */
export function step(change: Change, dialect: Dialect): Promise<void> {
  switch (change.kind) {
    case 'hire':
      return dialect.createUser(change.person);
    case 'profile':
      return dialect.updateUser(change.person);
    case 'deactivate':
      return dialect.deactivateUser(change.person, change.because);
    case 'reactivate':
      return dialect.reactivateUser(change.person);
    case 'delete':
      return dialect.deleteUser(change.person);
    case 'create-group':
      return dialect.createGroup(change.team);
    case 'rename-group':
      return dialect.renameGroup(change.group, change.name);
    case 'delete-group':
      return dialect.deleteGroup(change.group);
    case 'members':
      return dialect.changeMembers(change.group, change.add, change.remove);
  }
}
