import type { ConsumerDirectory } from '@rollcall/core';
import { expect } from 'chai';
import { directoryType } from '#server/workos/directory-type.js';
import { shownId, storedId } from '#server/workos/ids.js';
import { directoryBody, userBody, type ShownUser } from '#server/workos/objects.js';

const ADA: ShownUser = {
  id: 'usr-01m86bneth0000fn5z7f9y7kzf',
  tenant: 'acme',
  active: true,
  reason: null,
  idpId: '00u1e8mutl6wlH3lL4x7',
  attributes: {
    userName: 'ada',
    'name.givenName': 'Ada',
    'name.familyName': 'Lovelace',
    title: 'Engineer',
    userType: 'employee',
    emails: [{ value: 'ada@home.example' }, { value: 'ada@acme.example', type: 'work', primary: true }],
    addresses: [
      {
        type: 'work',
        streetAddress: 'St James’s Square 12',
        locality: 'London',
        postalCode: 'SW1Y 4LE',
        country: 'GB',
        formatted: 'St James’s Square 12\nLondon',
        primary: true,
      },
    ],
    employeeNumber: 'E1001',
    costCenter: '4711',
    organization: 'Acme',
    division: 'Engines',
    department: 'R&D',
    manager: 'usr-m',
    'employment.type': 'permanent',
    'employment.startDate': '2020-01-06',
    'custom.badge': 17,
    'custom.job_title': 'Countess',
  },
  raw: { '10': 'ten', b: '\ud800', a: 'ä', '2': { nested: [1, 2] } },
  managerEmail: 'charles@acme.example',
  createdAt: '2026-01-15T12:00:00.000Z',
  updatedAt: '2026-01-16T12:00:00.000Z',
};

describe('server/workos/objects', () => {
  it('gives every predefined attribute its name, and the tenant’s own beside them', () => {
    expect(userBody(ADA).custom_attributes).to.deep.equal({
      addresses: [
        {
          type: 'work',
          street_address: 'St James’s Square 12',
          locality: 'London',
          region: null,
          postal_code: 'SW1Y 4LE',
          country: 'GB',
          raw_address: 'St James’s Square 12\nLondon',
          primary: true,
        },
      ],
      cost_center_name: '4711',
      department_name: 'R&D',
      division_name: 'Engines',
      emails: [
        { type: null, value: 'ada@home.example', primary: false },
        { type: 'work', value: 'ada@acme.example', primary: true },
      ],
      employee_number: 'E1001',
      employee_type: 'permanent',
      employment_start_date: '2020-01-06',
      job_title: 'Countess',
      manager_email: 'charles@acme.example',
      organization: 'Acme',
      username: 'ada',
      badge: 17,
    });
  });

  it('shows what version 7 of the SDK reads beside it', () => {
    const { custom_attributes, raw_attributes, ...body } = userBody(ADA);
    expect(body).to.deep.equal({
      object: 'directory_user',
      id: 'directory_user_01m86bneth0000fn5z7f9y7kzf',
      directory_id: 'directory_acme',
      organization_id: 'org_acme',
      idp_id: '00u1e8mutl6wlH3lL4x7',
      email: 'ada@acme.example',
      first_name: 'Ada',
      last_name: 'Lovelace',
      name: 'Ada Lovelace',
      state: 'active',
      emails: custom_attributes.emails,
      job_title: 'Engineer',
      username: 'ada',
      created_at: '2026-01-15T12:00:00.000Z',
      updated_at: '2026-01-16T12:00:00.000Z',
    });
    expect(raw_attributes).to.equal(ADA.raw);
  });

  it('shows somebody of whom nothing is known with null for everything, and no group', () => {
    const body = userBody({ ...ADA, attributes: {}, raw: {}, managerEmail: null });
    const { custom_attributes: custom, ...rest } = body;
    expect(Object.values(custom)).to.have.length(12);
    for (const value of Object.values(custom)) expect(value).to.equal(null);
    expect(rest).to.include({ email: null, first_name: null, last_name: null, name: null, job_title: null });
    expect(rest.emails).to.deep.equal([]);
    expect(rest).to.not.have.property('groups');
  });

  it('names people by their display name first', () => {
    const named = (attributes: ShownUser['attributes']): unknown => userBody({ ...ADA, attributes }).name;
    expect(named({ displayName: 'Countess', 'name.formatted': 'Lady Ada', 'name.givenName': 'Ada' })).to.equal(
      'Countess',
    );
    expect(named({ 'name.formatted': 'Lady Ada', 'name.givenName': 'Ada' })).to.equal('Lady Ada');
    expect(named({ 'name.familyName': '李' })).to.equal('李');
  });

  it('knows three states', () => {
    const state = (active: boolean, reason: string | null): unknown => userBody({ ...ADA, active, reason }).state;
    expect([state(true, null), state(false, 'suspended')]).to.deep.equal(['active', 'suspended']);
    for (const reason of ['terminated', 'disabled', 'absent', 'pre_hire', null])
      expect(state(false, reason)).to.equal('inactive');
  });

  it('makes bytes that stay the same when they are read and written again', () => {
    const text = JSON.stringify(userBody(ADA));
    expect(JSON.stringify(JSON.parse(text))).to.equal(text);
  });
});

describe('server/workos/directory-type', () => {
  const of = (...sources: [string, string][]): ConsumerDirectory => ({
    tenant: 'acme',
    name: 'Acme',
    sources: sources.map(([connector, mode], n) => ({ directory: `d${n}`, connector, mode })),
    identity: 'd0',
    users: { active: 0, inactive: 0 },
    groups: 0,
    failure: null,
    createdAt: '2026-01-15T12:00:00.000Z',
    updatedAt: '2026-01-15T12:00:00.000Z',
  });

  it('is that of the one source, and generic where several are merged', () => {
    expect(directoryType(of(['okta', 'live']), false)).to.equal('okta scim v2.0');
    expect(directoryType(of(['csv', 'live'], ['okta', 'retired']), false)).to.equal('sftp');
    expect(directoryType(of(['csv', 'live'], ['okta', 'live']), false)).to.equal('generic scim v2.0');
    expect(directoryType(of(), false)).to.equal('generic scim v2.0');
    expect(directoryType(of(['google-workspace', 'shadow']), false)).to.equal('gsuite directory');
  });

  it('is a name of our own where WorkOS has none, unless the consumer knows WorkOS’s alone', () => {
    for (const [connector, own] of [
      ['ldap', 'ldap'],
      ['active-directory', 'active directory'],
      ['personio-eu', 'personio-eu'],
    ] as const) {
      expect(directoryType(of([connector, 'live']), false)).to.equal(own);
      expect(directoryType(of([connector, 'live']), true)).to.equal('generic scim v2.0');
    }
    expect(directoryType(of(['hibob', 'live']), true)).to.equal('hibob');
  });

  it('stands beside a state that says whether people come from it', () => {
    const state = (directory: ConsumerDirectory): unknown => directoryBody(directory, false).state;
    expect(state(of(['csv', 'live']))).to.equal('linked');
    expect(state(of(['csv', 'shadow'], ['okta', 'retired']))).to.equal('validating');
    expect(state(of(['csv', 'retired']))).to.equal('unlinked');
    expect(state({ ...of(['csv', 'live']), failure: 'RC_AUTHENTICATION_FAILED' })).to.equal('invalid_credentials');
    expect(state({ ...of(['csv', 'live']), failure: 'RC_SOURCE_UNAVAILABLE' })).to.equal('linked');
  });
});

describe('server/workos/ids', () => {
  it('tells objects apart by their beginning, there and back', () => {
    for (const [kind, id, shown] of [
      ['user', 'usr-01m86b', 'directory_user_01m86b'],
      ['group', 'grp-01m86b', 'directory_group_01m86b'],
      ['event', 'evt-01m86b', 'event_01m86b'],
    ] as const) {
      expect(shownId(kind, id)).to.equal(shown);
      expect(storedId(kind, shown)).to.equal(id);
    }
  });

  it('takes nothing else for an id', () => {
    for (const other of [
      '',
      'usr-01m86b',
      'directory_user_',
      'directory_user_0\0',
      'directory_group_01',
      'directory_user_A',
    ])
      expect(storedId('user', other), other).to.equal(null);
  });
});
