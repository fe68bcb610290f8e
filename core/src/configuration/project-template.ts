/** A file of a new project. */
export interface TemplateFile {
  /** Relative to the project, with `/`. */
  file: string;
  text: string;
}

const CONFIGURATION = `# rollcall.config.yaml
version: 1
store: { client: sqlite3, file: .rollcall/rollcall.db }   # or { client: pg, url: 'env:DATABASE_URL' }
secretKey: 'file:.rollcall/secret.key'                    # secrets are always references: env:NAME or file:PATH
plugins: []                # connector packages beside those found in the project's package.json
tenants: tenants           # folder, one NAME.yaml a tenant
`;

const TENANT = `# tenants/acme.yaml
tenant: acme
name: Acme Ltd
timeZone: Europe/Berlin
custom: { costCenter: { type: string } }                  # JSON Schema of custom.*
directories:
  hr:
    connector: csv
    mode: live                                            # draft | shadow | live
    settings:                                             # checked against the connector's own schema
      from: { folder: inbox/hr }                          # or { sftp: { host, port, user, password: 'env:…' | privateKey: 'file:…', hostKey: 'SHA256:…', folder } }
      files: { user: 'hr-*.csv' }                         # per kind; the newest by name is the snapshot
      csv: { delimiter: ';', encoding: utf-8 }            # both found by themselves when left out
      ready: { stableSeconds: 0 }                         # or { marker: '{file}.done' } or { manifest: '{file}.json' }
      archive: false                                      # or a folder: moved there after the commit
    mappings: { user: mappings/hr.yaml }                  # per kind; a path or '@rollcall/mappings/hr-csv'
  it:
    connector: csv
    mode: live
    settings: { from: { folder: inbox/it }, files: { user: 'it-*.csv' } }
    mappings: { user: mappings/it.yaml }
    privilegedGroups: [admins]                            # read in the critical tier, guarded by themselves
rules:                                                    # or \`rules: rules/acme.yaml\`
  priority: [hr, it]
  attributes:
    active: { from: [hr, it] }                            # votes: any deny wins; employment votes too
    employment.status: { from: [hr] }
    department: { from: [hr, it], onConflict: log }
    emails: { from: [it, hr] }
    groups: { from: [it] }
  correlation:
    - { name: employee number, on: employeeNumber, certainty: sure }
    - { name: work e-mail, on: emails.primary, certainty: probable }
  lifecycle: { create: [hr, it], preHireDays: 0 }
  guards: { absences: { count: 10, percent: 5 } }         # others have defaults of their own
`;

const HR_MAPPING = `# mappings/hr.yaml: one JSONata expression an attribute; an empty cell is "" in the raw record
mapping: hr
kind: user
sourceId: employee_id
attributes:
  employeeNumber: employee_id
  name.givenName: first_name
  name.familyName: last_name
  emails: 'work_email = "" ? null : [{"value": work_email, "type": "work", "primary": true}]'
  department: department
  active: $lookup($statuses, status) != "terminated"
  employment.status: $lookup($statuses, status)
  employment.startDate: hire_date
  employment.endDate: 'termination_date = "" ? null : termination_date'
tables: { statuses: { Active: active, Leave: on_leave, Terminated: terminated, Future: pre_hire } }
`;

const HR_CASES = `# mappings/hr.test.yaml: what records of the HR file must say; run them with: rollcall mapping test mappings/hr.yaml
cases:
  - name: someone at work
    given:
      employee_id: E1001
      first_name: Ada
      last_name: Lovelace
      work_email: ada@acme.example
      department: Engineering
      status: Active
      hire_date: '2020-01-06'
      termination_date: ''
    expect:
      employeeNumber: E1001
      name: { givenName: Ada, familyName: Lovelace }
      emails: [{ value: ada@acme.example, type: work, primary: true }]
      department: Engineering
      active: true
      employment: { status: active, startDate: '2020-01-06', endDate: null }
  - name: a future hire without an e-mail
    given:
      employee_id: E1002
      first_name: Grace
      last_name: Hopper
      work_email: ''
      department: Research
      status: Future
      hire_date: '2026-03-16'
      termination_date: ''
    expect:
      employeeNumber: E1002
      name: { givenName: Grace, familyName: Hopper }
      emails: null
      department: Research
      active: true
      employment: { status: pre_hire, startDate: '2026-03-16', endDate: null }
  - name: someone who has left, with the last day and not the first one as the end
    given:
      employee_id: E1003
      first_name: Alan
      last_name: Turing
      work_email: alan@acme.example
      department: Research
      status: Terminated
      hire_date: '2019-05-01'
      termination_date: '2026-03-06'
    expect:
      employeeNumber: E1003
      name: { givenName: Alan, familyName: Turing }
      emails: [{ value: alan@acme.example, type: work, primary: true }]
      department: Research
      active: false
      employment: { status: terminated, startDate: '2019-05-01', endDate: '2026-03-06' }
  - name: a status that nobody foresaw deactivates nobody
    given:
      employee_id: E1001
      first_name: Ada
      last_name: Lovelace
      work_email: ada@acme.example
      department: Engineering
      status: Probation
      hire_date: '2020-01-06'
      termination_date: ''
    error: { attribute: active, code: RC_MAPPING_TABLE_MISS }
`;

const IT_MAPPING = `# mappings/it.yaml: one JSONata expression an attribute; an empty cell is "" in the raw record
mapping: it
kind: user
sourceId: account_id
attributes:
  userName: login
  employeeNumber: 'employee_id = "" ? null : employee_id'
  emails: 'email = "" ? null : [{"value": email, "type": "work", "primary": true}]'
  active: 'enabled = "true"'
  department: 'department = "" ? null : department'
  groups: 'groups = "" ? [] : $split(groups, "|")'
`;

const IT_CASES = `# mappings/it.test.yaml: what records of the IT export must say; run them with: rollcall mapping test mappings/it.yaml
cases:
  - name: an account with groups
    given:
      account_id: '9001'
      employee_id: E1001
      login: ada
      email: ada@acme.example
      enabled: 'true'
      department: Platform
      groups: vpn|admins
    expect:
      userName: ada
      employeeNumber: E1001
      emails: [{ value: ada@acme.example, type: work, primary: true }]
      active: true
      department: Platform
      groups: [vpn, admins]
  - name: a contractor, unknown to HR
    given:
      account_id: '9009'
      employee_id: ''
      login: carol
      email: carol@agency.example
      enabled: 'true'
      department: ''
      groups: vpn
    expect:
      userName: carol
      employeeNumber: null
      emails: [{ value: carol@agency.example, type: work, primary: true }]
      active: true
      department: null
      groups: [vpn]
  - name: a disabled account in no group
    given:
      account_id: '9003'
      employee_id: E1003
      login: alan
      email: ''
      enabled: 'false'
      department: Research
      groups: ''
    expect:
      userName: alan
      employeeNumber: E1003
      emails: null
      active: false
      department: Research
      groups: []
`;

const HR_FILE = `employee_id;first_name;last_name;work_email;department;status;hire_date;termination_date
E1001;Ada;Lovelace;ada@acme.example;Engineering;Active;2020-01-06;
E1002;Grace;Hopper;;Research;Future;2026-03-16;
E1003;Alan;Turing;alan@acme.example;Research;Terminated;2019-05-01;2026-03-06
`;

const IT_FILE = `account_id,employee_id,login,email,enabled,department,groups
9001,E1001,ada,ada@acme.example,true,Platform,vpn|admins
9003,E1003,alan,alan@acme.example,true,Research,vpn
9009,,carol,carol@agency.example,true,,vpn
`;

const IGNORED = `# The database and the secret key; the people's data
.rollcall/
inbox/
`;

/** What every new project has. */
export const PROJECT_TEMPLATE: readonly TemplateFile[] = [
  { file: 'rollcall.config.yaml', text: CONFIGURATION },
  { file: 'tenants/acme.yaml', text: TENANT },
  { file: 'mappings/hr.yaml', text: HR_MAPPING },
  { file: 'mappings/hr.test.yaml', text: HR_CASES },
  { file: 'mappings/it.yaml', text: IT_MAPPING },
  { file: 'mappings/it.test.yaml', text: IT_CASES },
  { file: '.gitignore', text: IGNORED },
  { file: '.rollcall/.gitignore', text: '*\n' },
];

/** The folders in which files arrive. */
export const INBOX_FOLDERS: readonly string[] = ['inbox/hr', 'inbox/it'];

/** The people of the example. */
export const EXAMPLE_FILES: readonly TemplateFile[] = [
  { file: 'inbox/hr/hr-2026-03-09.csv', text: HR_FILE },
  { file: 'inbox/it/it-2026-03-09.csv', text: IT_FILE },
];
