/**
 * The three directories of the simulation: their files, their mappings, what a row claims once mapped, and two tenants that
 * read them by opposite rules.
 */
import type { Evidence, TenantRules, Value } from './oracle.js';

export type DirectoryName = 'hr' | 'it' | 'idp';
export type Row = Readonly<Record<string, string>>;

export const DIRECTORIES: readonly DirectoryName[] = ['hr', 'it', 'idp'];

/** Columns in their usual order, the one that identifies a record, and how the file is delimited. */
export const SHAPES: Readonly<Record<DirectoryName, { id: string; columns: readonly string[]; delimiter: string }>> = {
  hr: {
    id: 'employee_id',
    columns: [
      'employee_id',
      'first_name',
      'last_name',
      'work_email',
      'department',
      'status',
      'hire_date',
      'termination_date',
    ],
    delimiter: ';',
  },
  it: {
    id: 'account_id',
    columns: ['account_id', 'employee_id', 'login', 'email', 'enabled', 'department', 'groups'],
    delimiter: ',',
  },
  idp: {
    id: 'uid',
    columns: ['uid', 'employee_number', 'login', 'mail', 'state', 'title', 'groups'],
    delimiter: ',',
  },
};

const address = (column: string): string =>
  `'${column} = "" ? null : [{"value": ${column}, "type": "work", "primary": true}]'`;
const optional = (column: string): string => `'${column} = "" ? null : ${column}'`;
const names = `'groups = "" ? [] : $split(groups, "|")'`;

/** The mapping files, as `mappings/NAME.yaml` of a project. */
export const MAPPING_FILES: Readonly<Record<DirectoryName, string>> = {
  hr: `mapping: hr
kind: user
sourceId: employee_id
attributes:
  employeeNumber: employee_id
  name.givenName: first_name
  name.familyName: last_name
  emails: ${address('work_email')}
  department: department
  active: $lookup($statuses, status) != "terminated"
  employment.status: $lookup($statuses, status)
  employment.startDate: hire_date
  employment.endDate: ${optional('termination_date')}
tables: { statuses: { Active: active, Leave: on_leave, Terminated: terminated, Future: pre_hire } }
`,
  it: `mapping: it
kind: user
sourceId: account_id
attributes:
  userName: login
  employeeNumber: ${optional('employee_id')}
  emails: ${address('email')}
  active: enabled = "true"
  department: ${optional('department')}
  groups: ${names}
`,
  idp: `mapping: idp
kind: user
sourceId: uid
attributes:
  userName: login
  employeeNumber: ${optional('employee_number')}
  emails: ${address('mail')}
  title: ${optional('title')}
  active: $lookup($states, state) = "on"
  employment.statusReason: 'state = "suspended" ? "suspended"'
  groups: ${names}
tables: { states: { active: "on", suspended: "off" } }
`,
};

const STATUSES = new Map([
  ['Active', 'active'],
  ['Leave', 'on_leave'],
  ['Terminated', 'terminated'],
  ['Future', 'pre_hire'],
]);
const STATES = new Map([
  ['active', true],
  ['suspended', false],
]);

const orNull = (text: string): Value => (text === '' ? null : text);
const work = (text: string): Value => (text === '' ? null : [{ value: text, type: 'work', primary: true }]);
const split = (text: string): Value => (text === '' ? [] : text.split('|'));
const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);

type Claimed = Omit<Evidence['records'][number], 'sourceId'>;

const READERS: Readonly<Record<DirectoryName, (cell: (column: string) => string) => Claimed>> = {
  hr: (cell) => {
    const status = STATUSES.get(cell('status'));
    const [start, end] = [cell('hire_date'), cell('termination_date')];
    const claims: Record<string, Value> = {
      employeeNumber: cell('employee_id'),
      'name.givenName': cell('first_name'),
      'name.familyName': cell('last_name'),
      emails: work(cell('work_email')),
      department: cell('department'),
    };
    const fails: string[] = [];
    if (status === undefined) fails.push('active', 'employment.status');
    else Object.assign(claims, { active: status !== 'terminated', 'employment.status': status });
    if (isDate(start)) claims['employment.startDate'] = start;
    else fails.push('employment.startDate');
    if (end === '' || isDate(end)) claims['employment.endDate'] = orNull(end);
    else fails.push('employment.endDate');
    return { claims, fails };
  },
  it: (cell) => ({
    claims: {
      userName: cell('login'),
      employeeNumber: orNull(cell('employee_id')),
      emails: work(cell('email')),
      active: cell('enabled') === 'true',
      department: orNull(cell('department')),
      groups: split(cell('groups')),
    },
    fails: [],
  }),
  idp: (cell) => {
    const state = STATES.get(cell('state'));
    return {
      claims: {
        userName: cell('login'),
        employeeNumber: orNull(cell('employee_number')),
        emails: work(cell('mail')),
        title: orNull(cell('title')),
        ...(state === undefined ? {} : { active: state }),
        ...(cell('state') === 'suspended' ? { 'employment.statusReason': 'suspended' } : {}),
        groups: split(cell('groups')),
      },
      fails: state === undefined ? ['active'] : [],
    };
  },
};

/** What a read of these rows proves. */
export function evidenceOf(directory: DirectoryName, rows: readonly Row[], complete: boolean): Evidence {
  const { id } = SHAPES[directory];
  const records = rows.map((row) => ({
    sourceId: row[id] ?? '',
    ...READERS[directory]((column) => row[column] ?? ''),
  }));
  return { directory, complete, records };
}

/** The rules of two tenants who trust the same directories in opposite order. */
export const TENANTS: Readonly<Record<'acme' | 'zenith', TenantRules>> = {
  acme: {
    timeZone: 'Europe/Berlin',
    priority: ['hr', 'it', 'idp'],
    attributes: {
      active: { from: ['hr', 'it', 'idp'] },
      'employment.status': { from: ['hr'] },
      department: { from: ['hr', 'it'] },
      emails: { from: ['it', 'hr'] },
      groups: { from: ['it'] },
    },
    create: ['hr', 'it'],
    preHireDays: 0,
    onLeave: 'abstain',
  },
  zenith: {
    timeZone: 'America/St_Johns',
    priority: ['idp', 'it', 'hr'],
    attributes: {
      active: { from: ['idp', 'hr'], require: ['hr'] },
      department: { from: ['it', 'hr'], ignoreConflicts: true },
      emails: { from: ['hr', 'idp', 'it'], union: true },
      userName: { from: ['idp', 'it'] },
      groups: { from: ['idp', 'it'] },
    },
    create: ['hr', 'idp'],
    preHireDays: 3,
    onLeave: 'deny',
  },
};

/** A tenant's file, as `tenants/NAME.yaml` (JSON is YAML); the folders are `inbox/TENANT/DIRECTORY`. */
export function tenantFile(tenant: keyof typeof TENANTS): string {
  const { timeZone, priority, attributes, create, preHireDays, onLeave } = TENANTS[tenant];
  const directory = (name: DirectoryName): [string, unknown] => [
    name,
    {
      connector: 'csv',
      mode: 'live',
      settings: { from: { folder: `inbox/${tenant}/${name}` }, files: { user: `${name}-*.csv` } },
      mappings: { user: `../mappings/${name}.yaml` },
    },
  ];
  const rule = ([name, { from, union, ignoreConflicts, require }]: [string, TenantRules['attributes'][string]]): [
    string,
    unknown,
  ] => [
    name,
    {
      from,
      ...(union === true ? { strategy: 'union' } : {}),
      ...(ignoreConflicts === true ? { onConflict: 'ignore' } : {}),
      ...(require === undefined ? {} : { require }),
    },
  ];
  const correlation = [
    { name: 'employee number', on: 'employeeNumber', certainty: 'sure' },
    { name: 'work e-mail', on: 'emails.primary', certainty: 'probable' },
  ];
  return JSON.stringify(
    {
      tenant,
      name: tenant,
      timeZone,
      directories: Object.fromEntries(DIRECTORIES.map(directory)),
      rules: {
        priority,
        attributes: Object.fromEntries(Object.entries(attributes).map(rule)),
        correlation,
        lifecycle: { create, preHireDays, onLeave },
      },
    },
    null,
    2,
  );
}
