import { expect } from 'chai';
import { onBothStores } from '../../support/stores.js';
import { TestService } from '../support.js';
import { Consumer, expectGolden, secondDay, withoutIds, type Shown } from './support.js';

onBothStores('server/workos: the objects', (kind) => {
  let service: TestService;
  let kept: Consumer;
  let deleted: Consumer;

  before(async () => {
    service = await TestService.open(kind);
    await secondDay(service);
    kept = new Consumer(service, await service.key());
    deleted = new Consumer(service, await service.key({ consumer: { inactive: 'deleted' } }));
  });
  after(() => service.close());

  it('shows the directories of a tenant as one', async () => {
    const list = await kept.list('/directories');
    await expectGolden('directories', list);
    expect(await kept.get('/directories/directory_acme')).to.deep.equal(list.data[0]);
    expect((await kept.list('/directories?organization_id=org_acme&search=ACME')).data).to.deep.equal(list.data);
    expect((await kept.list('/directories?organization_id=org_nosuch')).data).to.deep.equal([]);
    expect((await kept.list('/directories?search=100%25')).data).to.deep.equal([]);
  });

  it('shows people with their groups, custom attributes and what their source says of them', async () => {
    const list = await kept.list('/directory_users?directory=directory_acme&limit=100');
    await expectGolden('directory-users', list);
    for (const user of list.data) expect(await kept.get(`/directory_users/${user.id}`)).to.deep.equal(user);
  });

  it('shows groups, and those of one person', async () => {
    const list = await kept.list('/directory_groups?directory=directory_acme');
    await expectGolden('directory-groups', list);
    for (const group of list.data) expect(await kept.get(`/directory_groups/${group.id}`)).to.deep.equal(group);
    const [carol] = (await kept.list('/directory_users?directory=directory_acme&email=CAROL.SHAW@agency.example')).data;
    expect((await kept.list(`/directory_groups?user=${carol?.id ?? ''}&order=asc`)).data).to.deep.equal(carol?.groups);
  });

  it('tells events with what was before, and why', async () => {
    await expectGolden('events', await kept.list('/events?limit=100'));
  });

  it('tells who becomes inactive as deleted, and who is back as created, to who wants it so', async () => {
    await expectGolden('events-workos-default', await deleted.list('/events?limit=100'));
    const users = await deleted.all('/directory_users');
    expect(users.map(({ state }) => state)).to.deep.equal(users.map(() => 'active'));
    const everybody = await kept.all('/directory_users');
    const hidden = everybody.filter(({ state }) => state !== 'active');
    expect(hidden.map(({ first_name }) => first_name)).to.deep.equal(['Grace']);
    for (const { id } of hidden) expect((await deleted.ask(`/directory_users/${id}`)).status).to.equal(404);
    for (const { id } of hidden) expect((await deleted.ask(`/directory_groups?user=${id}`)).status).to.equal(404);
    for (const { id } of users) expect(await deleted.get(`/directory_users/${id}`)).to.have.property('id', id);
  });

  it('tells in words of its own what is asked for by name, and then only', async () => {
    const own = await kept.list('/events?events=rollcall.conflict.closed,rollcall.review.opened,dsync.group.created');
    await expectGolden('events-rollcall', own);
    const plain = withoutIds(await kept.list('/events?limit=100'));
    expect(plain).to.not.contain('"event": "rollcall.');
  });

  it('says by whose word somebody is active again', async () => {
    const events = (await kept.list('/events?limit=100')).data;
    const back = events.find(({ data }) => (data as Shown).first_name === 'Alan' && (data as Shown).state === 'active');
    expect(back?.data).to.have.nested.property('previous_attributes.state', 'inactive');
    expect(back?.context).to.include({ trigger: 'manual', directory: 'hr', source_id: 'E1003' });
  });

  it('answers nothing that another stringifying would change', async () => {
    for (const address of ['/directories', '/directory_users?limit=100', '/directory_groups', '/events?limit=100']) {
      const { text, body } = await kept.ask(address);
      expect(text).to.equal(JSON.stringify(body));
    }
  });
});
