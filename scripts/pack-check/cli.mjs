import path from 'node:path';
import { mustEqual, run } from './run.mjs';

const env = { ...process.env, ROLLCALL_NOW: '2026-03-09T08:00:00Z' };

/** What docs/reference/contract.md says of the first `sync` of the fixture. */
const firstSync = [
  { directory: 'hr', read: 3, created: 3, updated: 0, groups: 0, memberships: 0, conflicts: 0 },
  { directory: 'it', read: 3, created: 1, updated: 2, groups: 2, memberships: 4, conflicts: 2 },
];

const none = { directory: '', read: 0, created: 0, updated: 0, groups: 0, memberships: 0, conflicts: 0 };

const counts = ({ directory, records, changes, conflicts }) => ({
  directory,
  read: records.read,
  created: changes.users.created,
  updated: changes.users.updated,
  groups: changes.groups.created,
  memberships: changes.memberships.added,
  conflicts: conflicts.opened,
});

export function checkCli({ app }) {
  const rollcall = (cwd, ...args) => run('npx', ['--no-install', 'rollcall', ...args], { cwd, env });
  rollcall(app, 'init', 'demo', '--example');
  const project = path.join(app, 'demo');
  rollcall(project, 'apply', '--yes');
  const { format, runs } = JSON.parse(rollcall(project, 'sync', '--json'));
  mustEqual('format', format, 'rollcall.sync/1');
  mustEqual('the first sync', runs.map(counts), firstSync);
  const again = JSON.parse(rollcall(project, 'sync', '--full', '--json'));
  const still = firstSync.map(({ directory, read }) => ({ ...none, directory, read }));
  mustEqual('the second sync', again.runs.map(counts), still);
  const { items } = JSON.parse(rollcall(project, 'users', 'list', '--active', '--json'));
  mustEqual('active users', items.length, 2);
  return `${runs.length} directories, 4 users, ${items.length} of them active, nothing new the second time`;
}
