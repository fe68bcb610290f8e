import { expect } from 'chai';
import { onBothStores } from '../../support/stores.js';
import { TestService, type Answer } from '../support.js';
import { Consumer } from './support.js';

const JSON_TYPE = 'application/json; charset=utf-8';

onBothStores('server/workos: errors', (kind) => {
  let service: TestService;
  let consumer: Consumer;
  before(async () => {
    service = await TestService.open(kind, { limits: { failuresPerMinute: 1_000 } });
    consumer = new Consumer(service, await service.key());
  });
  after(() => service.close());

  const inForm = (answer: Answer, address: string): void => {
    expect(answer.headers.get('content-type'), address).to.equal(JSON_TYPE);
    expect(answer.headers.get('x-request-id'), address).to.be.a('string').and.not.equal('');
    expect(answer.body.message, address).to.be.a('string').and.not.equal('');
    expect(answer.body, address).to.not.have.any.keys('error', 'type', 'title');
  };

  it('answers a wrong or missing key with 401 and nothing else', async () => {
    for (const token of [null, 'sk_live_x', 'rck_x', `${consumer.token}x`]) {
      const answer = await service.request('/directory_users', token);
      inForm(answer, '401');
      expect([answer.status, answer.body]).to.deep.equal([401, { message: 'Unauthorized' }]);
    }
  });

  it('answers a key without the right to read with 403', async () => {
    const answer = await service.request('/events', await service.key({ rights: ['write'] }));
    inForm(answer, '403');
    expect([answer.status, answer.body.code]).to.deep.equal([403, 'forbidden']);
  });

  it('answers what is not there with 404 and its id', async () => {
    const absent: [string, string][] = [
      ['/directories/directory_nosuch', 'Directory'],
      ['/directories/acme', 'Directory'],
      ['/directory_users/directory_user_01m86bneth0000fn5z7f9y7kzf', 'Directory User'],
      ['/directory_users/nobody', 'Directory User'],
      ['/directory_users/directory_user_%27%20OR%201%3D1', 'Directory User'],
      ['/directory_users/directory_user_%00', 'Directory User'],
      ['/directory_groups/directory_group_x', 'Directory Group'],
      ['/directory_users?directory=directory_nosuch', 'Directory'],
      ['/directory_users?group=directory_group_x', 'Directory Group'],
      ['/directory_groups?user=directory_user_x', 'Directory User'],
    ];
    for (const [address, what] of absent) {
      const answer = await consumer.ask(address);
      inForm(answer, address);
      expect([answer.status, answer.body.code], address).to.deep.equal([404, 'entity_not_found']);
      const id = decodeURIComponent(address.slice(Math.max(address.lastIndexOf('/'), address.lastIndexOf('=')) + 1));
      if (!address.includes('%')) expect(answer.body.entity_id).to.equal(id);
      expect(answer.body.message, address).to.match(new RegExp(`^${what} not found: '`));
    }
  });

  it('refuses parameters that cannot be meant, each with a code that says why', async () => {
    const refusals: [string, number, string][] = [
      ['/directory_users?limit=0', 422, 'limit_must_be_a_whole_number_from_1_to_100'],
      ['/directory_users?limit=101', 422, 'limit_must_be_a_whole_number_from_1_to_100'],
      ['/directory_users?limit=1e2', 422, 'limit_must_be_a_whole_number_from_1_to_100'],
      ['/directory_users?limit=5&limit=6', 422, 'limit_must_be_one_text'],
      ['/directory_users?order=newest', 422, 'order_must_be_asc_desc_or_normal'],
      ['/directory_users?after=directory_user_x', 422, 'cursor_names_no_object_of_this_list'],
      ['/directory_users?after=usr-x', 422, 'cursor_names_no_object_of_this_list'],
      ['/directory_groups?before=directory_group_x', 422, 'cursor_names_no_object_of_this_list'],
      ['/directories?after=directory_nosuch', 422, 'cursor_names_no_object_of_this_list'],
      ['/events?after=event_x', 422, 'cursor_names_no_object_of_this_list'],
      ['/directory_users?after=directory_user_x&before=directory_user_y', 422, 'give_after_or_before_and_not_both'],
      ['/directory_users?directory=', 422, 'directory_must_be_one_text'],
      ['/directory_users?directory=%00', 422, 'directory_must_be_one_text'],
      ['/directory_users?state=active', 422, 'parameter_state_is_not_known'],
      [`/directory_users?${'x'.repeat(60)}=1`, 422, 'a_parameter_is_not_known'],
      ['/directory_users?email=a@b.example', 422, 'email_needs_directory'],
      ['/directory_users?idp_id=9001', 422, 'idp_id_needs_directory'],
      ['/directories?domain=acme.example', 422, 'domains_are_not_known_here_use_organization_id'],
      ['/events?events=dsync.user.craeted', 422, 'unknown_event_type'],
      ['/events?events=rollcall.user', 422, 'unknown_event_type'],
      ['/events?range_start=yesterday', 400, 'range_start_must_be_an_iso_8601_instant'],
      ['/events?range_end=2026-13-01', 400, 'range_end_must_be_an_iso_8601_instant'],
      ['/events?range_start=2026-01-01&after=event_x', 400, 'give_range_start_or_after_and_not_both'],
    ];
    for (const [address, status, code] of refusals) {
      const answer = await consumer.ask(address);
      inForm(answer, address);
      expect([answer.status, answer.body.code], address).to.deep.equal([status, 'invalid_request_parameters']);
      const errors = answer.body.errors as { field: string; code: string }[];
      expect(
        errors.map((error) => error.code),
        address,
      ).to.include(code);
    }
  });

  it('refuses what it does not take in the same form, whatever body comes with it', async () => {
    const refusals: [string, string, number, string][] = [
      ['POST', '/directory_users', 405, 'method_not_allowed'],
      ['PATCH', '/directories/directory_acme', 405, 'method_not_allowed'],
      ['DELETE', '/events', 405, 'method_not_allowed'],
      ['POST', '/portal/generate_link', 404, 'not_served_by_rollcall'],
      ['GET', '/organizations', 404, 'not_served_by_rollcall'],
      ['GET', '/organizations/org_acme', 404, 'not_served_by_rollcall'],
    ];
    for (const [method, address, status, code] of refusals) {
      const body = method === 'GET' ? {} : { body: '{"x":', headers: { 'content-type': 'application/json' } };
      const answer = await consumer.ask(address, { method, ...body });
      inForm(answer, `${method} ${address}`);
      expect([answer.status, answer.body.code], `${method} ${address}`).to.deep.equal([status, code]);
    }
    const unreadable = await consumer.ask('/directory_users/%ff');
    inForm(unreadable, '%ff');
    expect(unreadable.status).to.equal(400);
    expect(unreadable.body).to.have.property('code', 'invalid_request_parameters');
    expect(unreadable.body).to.have.property('errors');
    const long = await consumer.ask(`/directory_users/${'x'.repeat(2_000)}`);
    inForm(long, 'long');
    expect(long.status).to.equal(414);
  });

  it('deletes nothing, and says where directories are taken out', async () => {
    const answer = await consumer.ask('/directories/directory_acme', {
      method: 'DELETE',
      headers: { 'content-type': 'application/json' },
    });
    inForm(answer, 'DELETE');
    expect([answer.status, answer.body.code]).to.deep.equal([403, 'directory_is_configured_elsewhere']);
    expect((await consumer.list('/directory_users')).data).to.have.length(4);
    const absent = await consumer.ask('/directories/directory_bravo', { method: 'DELETE' });
    expect([absent.status, absent.body.code]).to.deep.equal([404, 'entity_not_found']);
  });

  it('tells who asks too often when to come back', async () => {
    await service.server?.drain();
    await service.start({ limits: { requestsPerMinute: 2 } });
    await consumer.ask('/events');
    await consumer.ask('/events');
    const answer = await consumer.ask('/events');
    inForm(answer, '429');
    expect([answer.status, answer.body.code]).to.deep.equal([429, 'rate_limited']);
    expect(Number(answer.headers.get('retry-after'))).to.be.within(1, 60);
  });
});
