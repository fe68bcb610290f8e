/** The project of the demo: what `rollcall init` writes, with two tenants of our own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const idpMapping = `# One row an account of the identity provider.
mapping: idp
kind: user
sourceId: id
attributes:
  userName: $substringBefore(upn, "@")
  displayName: display_name
  employeeNumber: 'employee_id = "" ? null : employee_id'
  emails: '[{"value": mail, "type": "work", "primary": true}]'
  active: $lookup($enabled, enabled)
tables:
  enabled: { 'true': true, 'false': false }
`;

const directories = ({ host, port, user, hostKey }) => `directories:
  hr:
    connector: csv
    mode: live
    settings:
      from:
        sftp:
          host: ${host}
          port: ${port}
          user: ${user}
          password: 'file:../secrets/sftp-password'
          hostKey: '${hostKey}'
          folder: outgoing
      files: { user: 'hr-*.csv' }
      ready: { marker: '{file}.done' }
    mappings: { user: ../mappings/hr.yaml }
  it:
    connector: csv
    mode: live
    settings: { from: { folder: inbox/it }, files: { user: 'it-*.csv' } }
    mappings: { user: ../mappings/it.yaml }
    privilegedGroups: [admins]
  idp:
    connector: csv
    mode: live
    settings: { from: { folder: inbox/idp }, files: { user: 'idp-*.csv' } }
    mappings: { user: ../mappings/idp.yaml }
`;

const correlation = `  correlation:
    - { name: employee number, on: employeeNumber, certainty: sure }
    - { name: login, on: userName, certainty: sure }
`;

/** HR's word counts: whoever HR lets go is inactive, whatever the accounts say. */
const acmeRules = `rules:
  priority: [hr, it, idp]
  attributes:
    active: { from: [hr, it, idp] }
    employment.status: { from: [hr] }
    department: { from: [hr, it] }
    emails: { from: [it, idp, hr] }
    groups: { from: [it] }
${correlation}  lifecycle: { create: [hr, it], onLeave: deny }
`;

/** The opposite: an account is what makes a person; HR only adds names and, where IT has none, departments. */
const globexRules = `rules:
  priority: [it, idp]
  attributes:
    active: { from: [it, idp] }
    name.givenName: { from: [hr] }
    name.familyName: { from: [hr] }
    department: { from: [it, hr] }
    groups: { from: [it] }
${correlation}  lifecycle: { create: [it] }
`;

const tenants = { acme: ['HR leads', acmeRules], globex: ['IT leads', globexRules] };

/** Where each office puts its files. */
export function foldersOf(root) {
  return { hr: path.join(root, 'sftp/outgoing'), it: path.join(root, 'inbox/it'), idp: path.join(root, 'inbox/idp') };
}

/** Writes tenants, mapping and password into a project that exists. */
export function writeProject(root, server) {
  const write = (name, text, mode = 0o644) => writeFileSync(path.join(root, name), text, { mode });
  mkdirSync(path.join(root, 'secrets'), { mode: 0o700, recursive: true });
  write('secrets/sftp-password', server.password, 0o600);
  write('mappings/idp.yaml', idpMapping);
  for (const [tenant, [name, rules]] of Object.entries(tenants)) {
    write(
      `tenants/${tenant}.yaml`,
      `tenant: ${tenant}\nname: ${name}\ntimeZone: Europe/Berlin\n${directories(server)}${rules}`,
    );
  }
}
