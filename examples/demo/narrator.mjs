/** Turns JSON documents of the command line into sentences. It knows nothing but what they say. */

const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

export function nameOf({ attributes }) {
  const { displayName, name = {}, userName } = attributes;
  return displayName ?? ([name.givenName, name.familyName].filter(Boolean).join(' ') || userName);
}

/** One line a run: what was read, what followed. */
export function runLine(run) {
  const { read, new: fresh, changed, same } = run.records;
  const counts = [fresh && `${fresh} new`, changed && `${changed} changed`, same && `${same} the same`].filter(Boolean);
  const reading = read === 0 ? 'nothing read' : `${count(read, 'record')} read (${counts.join(', ')})`;
  return `${run.directory.padEnd(4)} ${run.outcome}: ${reading}; ${changesOf(run)}`;
}

const nobodyChanges = 'nobody changes';

/** Whether a run led to nothing that people would notice. */
export function isQuiet(run) {
  return changesOf(run) === nobodyChanges;
}

function changesOf({ changes, conflicts }) {
  const { users, groups, memberships } = changes;
  const parts = [
    ...Object.entries(users).map(([what, number]) => number && `${count(number, 'user')} ${what}`),
    groups.created && `${count(groups.created, 'group')} created`,
    memberships.added && `${count(memberships.added, 'membership')} added`,
    memberships.removed && `${count(memberships.removed, 'membership')} removed`,
    conflicts.opened && `${count(conflicts.opened, 'conflict')} opened`,
    conflicts.closed && `${count(conflicts.closed, 'conflict')} closed`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : nobodyChanges;
}

/** One line for all runs of a tenant: what changed in all. */
export function totalLine(runs) {
  const total = (pick) => runs.reduce((sum, run) => sum + pick(run), 0);
  const totals = (group) =>
    Object.fromEntries(
      Object.keys(runs[0].changes[group]).map((key) => [key, total(({ changes }) => changes[group][key])]),
    );
  const changes = { users: totals('users'), groups: totals('groups'), memberships: totals('memberships') };
  const conflicts = { opened: total((run) => run.conflicts.opened), closed: total((run) => run.conflicts.closed) };
  return changesOf({ changes, conflicts });
}

/** Why a run believed less than it was given. */
export function troubleLines(run) {
  const doubts = run.doubts.map(({ doubt, before, now, attributes }) =>
    doubt === 'columnVanished'
      ? `doubted: the column of ${attributes.join(', ')} is gone. The values stay as they were, marked unknown.`
      : `doubted (${doubt}): ${count(before, 'person', 'people')} before, ${now} now. Nobody leaves.`,
  );
  const held = run.held.map(({ guard, count: number, limit }) => `held: ${guard} of ${number}, the limit is ${limit}.`);
  const warnings = run.warnings.map(({ message }) => message);
  return [...doubts, ...held, ...warnings].map((line) => `  ${run.directory} ${line}`);
}

const interesting = {
  'user.created': (user) =>
    `${nameOf(user)} is new${inWhich(user)}${hasEmail(user) ? '' : ', without an e-mail address'}.`,
  'user.deactivated': (user) => `${nameOf(user)} is inactive: ${user.inactive.reason}${onLeave(user)}.`,
  'user.reactivated': (user) => `${nameOf(user)} is back, as the same person (version ${user.version}).`,
  'user.activated': (user) => `${nameOf(user)} is active for the first time.`,
};

function inWhich({ attributes: { department } }) {
  return department ? ` in ${department}` : '';
}

function hasEmail({ attributes: { emails } }) {
  return Array.isArray(emails) && emails.length > 0;
}

function onLeave({ attributes: { employment } }) {
  return employment?.status === 'on_leave' ? ' (on leave)' : '';
}

function updateLine(user, changed) {
  if (changed.includes('emails') && hasEmail(user))
    return `${nameOf(user)} can be reached at ${user.attributes.emails[0].value}.`;
  if (changed.includes('department')) return `${nameOf(user)} works in ${user.attributes.department} now.`;
  return undefined;
}

/** What an event means for people; undefined where there is nothing to tell. */
export function eventLine({ type, data, changed }) {
  if (type === 'user.updated') return updateLine(data, changed);
  if (type === 'conflict.opened') return conflictLine(data);
  return interesting[type]?.(data);
}

function conflictLine({ who, attribute, claims }) {
  const says = claims.map(
    ({ directory, value, wins }) => `${directory} says ${shown(attribute, value)}${wins ? ' and wins' : ''}`,
  );
  return `${who.name}, ${attribute}: ${says.join(', ')}.`;
}

function shown(attribute, value) {
  if (attribute === 'active') return value ? 'active' : 'inactive';
  if (value === null) return 'there is none';
  if (attribute === 'emails') return value.map((email) => email.value).join(' and ');
  return String(value);
}

/** Who says otherwise and is not asked by the rules disagrees all the same: no conflict is open, for there is nothing to settle. */
function endOf({ value, winner, others, conflictId }, records) {
  if (conflictId) return `  the disagreement is open as ${conflictId}`;
  const asked = new Set([winner, ...others].map(({ directory }) => directory));
  const against = records
    .filter(({ present, claimsActive, directory }) => present && claimsActive === !value && !asked.has(directory))
    .map(({ directory }) => directory);
  return against.length === 0
    ? '  nobody disagrees'
    : `  ${against.join(' and ')} says otherwise; this tenant's rules do not ask there`;
}

/** Why one person is active or not, from `users show` and `explain --attribute active` of the same tenant. */
export function explainLines({ records, ...user }, { attributes: { active } }) {
  const name = nameOf(user);
  const { winner, others, rule } = active;
  const mappingOf = ({ mapping }) => `${mapping.file} line ${mapping.line}`;
  const placeOf = ({ record }) => `${record.file} line ${record.line}`;
  return [
    `${name} is ${active.value ? 'active' : `inactive: ${active.reason}`} since ${active.since}.`,
    `  ${winner.directory} says ${shown('active', winner.value)}: record ${winner.sourceId}, ${placeOf(winner)}, read by ${mappingOf(winner)}`,
    ...others
      .filter(({ directory }) => directory)
      .map(
        (other) =>
          `  ${other.directory} says ${shown('active', other.value)}: record ${other.sourceId}, ${placeOf(other)}`,
      ),
    `  decided by ${rule.path} (${rule.strategy}) of rules version ${rule.version}`,
    endOf(active, records),
  ];
}
