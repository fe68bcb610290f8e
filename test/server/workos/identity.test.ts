import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { readProject } from '@rollcall/core';
import { workosEvents } from '@rollcall/server';
import { HR_ROWS, IT_ROWS, NEXT_DAY } from '../../support/project.js';
import { onBothStores } from '../../support/stores.js';
import { ScimService } from '../scim-service.js';
import { TestService } from '../support.js';
import { Consumer, type Shown } from './support.js';

const CAROL = 'E1009;Carol;Shaw;carol@agency.example;Games;Active;2026-03-01;';

onBothStores('server/workos: who somebody is', (kind) => {
  let service: TestService;
  let consumer: Consumer;
  beforeEach(async () => {
    service = await TestService.open(kind);
    consumer = new Consumer(service, await service.key());
  });
  afterEach(() => service.close());

  const named = async (address: string): Promise<Shown> => {
    const [user] = (await consumer.list(`/directory_users?directory=directory_acme&email=${address}`)).data;
    if (user === undefined) throw new Error(`Nobody has ${address}.`);
    return user;
  };

  it('goes by the directory that the tenant names, else by the first that speaks for groups', async () => {
    expect(await named('ada@acme.example')).to.have.property('idp_id', '9001');
    await service.project.change('tenants/acme.yaml', 'directories:', 'identityDirectory: hr\ndirectories:');
    await service.rollcall.apply(await readProject(service.project.folder, { resolveFrom: import.meta.url }));
    const ada = await named('ada@acme.example');
    expect(ada).to.have.property('idp_id', 'E1001');
    expect(ada).to.have.nested.property('raw_attributes.work_email', 'ada@acme.example');
    // Who has no record there goes by the next best one.
    expect(await named('carol@agency.example')).to.have.property('idp_id', '9009');
    const found = await consumer.list('/directory_users?directory=directory_acme&idp_id=E1001');
    expect(found.data.map(({ id }) => id)).to.deep.equal([ada.id]);
  });

  it('deletes who was merged, answers for them as who they live on in, and makes them anew when that is undone', async () => {
    service.now = new Date(NEXT_DAY);
    await service.project.hr('2026-03-10', [...HR_ROWS, CAROL]);
    const door = await service.rollcall.tenant('acme');
    await door.sync();
    const shown = async (who: string): Promise<string> =>
      (await door.users.show(who)).id.replace('usr-', 'directory_user_');
    const old = await shown('it:9009');
    const young = await shown('hr:E1009');
    const last = (await consumer.all('/events', 50)).at(-1)?.id ?? '';
    const news = async (): Promise<[unknown, unknown][]> =>
      (await consumer.all(`/events?after=${last}`, 50)).map(({ event, data }) => [event, (data as Shown).id]);
    const [review] = (await door.reviews()).items.map(({ id }) => id);
    await door.reviewDecide(String(review), 'approve', 'the contractor was hired', 'test');

    const asked = await consumer.get(`/directory_users/${young}`);
    expect(asked).to.deep.equal(await consumer.get(`/directory_users/${old}`));
    expect(asked).to.include({ id: old, idp_id: '9009' });
    expect((await consumer.all('/directory_users')).map(({ id }) => id))
      .to.include(old)
      .and.not.include(young);
    expect(await consumer.list(`/directory_users?after=${young}&order=asc`)).to.have.property('data');
    expect(await news()).to.deep.include(['dsync.user.deleted', young]);
    const deletion = (await consumer.all(`/events?after=${last}`, 50)).find(
      ({ event }) => event === 'dsync.user.deleted',
    );
    expect(deletion?.context).to.include({ reason: 'merged', merged_into: old });
    expect(deletion?.data).to.include({ state: 'active', idp_id: 'E1009' });

    await door.reviewUndo(String(review), 'two Carols', 'test');
    expect(await news()).to.deep.include(['dsync.user.created', young]);
    expect(await consumer.get(`/directory_users/${young}`)).to.include({ id: young, idp_id: 'E1009' });
  });

  it('tells a group that goes without its members, and one that is renamed by its old name', async () => {
    const changed = async (): Promise<string> => (await named('ada@acme.example')).updated_at as string;
    const before = await changed();
    service.now = new Date(NEXT_DAY);
    await service.project.it(
      '2026-03-10',
      IT_ROWS.map((row) => row.replace('vpn|admins', 'vpn')),
    );
    await (await service.rollcall.tenant('acme')).sync();
    // A membership moves the person, so that "skip when older" is right.
    expect(before).to.equal('2026-03-09T08:00:00.000Z');
    expect(await changed()).to.equal('2026-03-10T08:00:00.000Z');
    const removed = (await consumer.all('/events', 50)).at(-1);
    expect(removed).to.have.property('event', 'dsync.group.user_removed');
    expect(removed?.data).to.have.nested.property('group.name', 'admins');
    expect(removed?.data).to.not.have.nested.property('user.groups');
    expect(removed?.context).to.include({ trigger: 'manual', directory: 'it' });
  });

  it('makes bodies for webhooks that are those of the list, byte for byte, and whose signature holds', async () => {
    const door = await service.rollcall.reading('acme');
    const events = (await door.events({ limit: 1_000 })).items;
    const texts = await workosEvents(service.rollcall)('acme', events);
    expect(texts).to.have.length(events.length);
    const listed = new Map((await consumer.all('/events', 100)).map((event) => [event.id, JSON.stringify(event)]));
    for (const [place, { id, type }] of events.entries()) {
      const text = texts[place];
      expect(text, type).to.equal(listed.get(id.replace('evt-', 'event_')));
      if (text === undefined) expect(type).to.match(/^(conflict|review)\./);
      // What an SDK before 9.3.1 verifies: the parsed object, written again.
      const sign = (body: string): string => createHmac('sha256', 'whsec_x').update(`1.${body}`).digest('hex');
      if (text !== undefined) expect(sign(JSON.stringify(JSON.parse(text)))).to.equal(sign(text));
    }
    expect(texts.filter((text) => text !== undefined)).to.have.length(listed.size);
    expect(await workosEvents(service.rollcall)('bravo', [])).to.deep.equal([]);
  });
});

onBothStores('server/workos: a provider that pushes', (kind) => {
  let service: ScimService;
  before(async () => {
    service = await ScimService.open(kind);
  });
  after(() => service.close());

  it('is known by the ids of the provider, as are its groups, which come, are renamed and go', async () => {
    const { rollcall } = service.project;
    const key = { name: 'app', tenants: ['acme'], rights: ['read' as const], by: 'test' };
    const { token } = await rollcall.apiKeys.create(key);
    const ask = async (address: string): Promise<Shown & { data: Shown[] }> => {
      const answer = await fetch(`${service.url}${address}`, { headers: { authorization: `Bearer ${token}` } });
      return (await answer.json()) as Shown & { data: Shown[] };
    };
    const person = await service.send('POST', '/Users', {
      body: {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        ...{ userName: 'ada@acme.example', externalId: '00u-ada', active: true, title: 'Countess' },
        emails: [{ value: 'ada@acme.example', primary: true }],
      },
    });
    const group = await service.send('POST', '/Groups', {
      body: {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
        ...{ displayName: 'Developers', externalId: '00g-dev', members: [{ value: person.document.id ?? null }] },
      },
    });
    const [ada] = (await ask('/directory_users')).data;
    expect(ada).to.include({ idp_id: '00u-ada', job_title: 'Countess' });
    expect(ada).to.have.nested.property('raw_attributes.userName', 'ada@acme.example');
    expect(ada?.groups).to.have.length(1);
    expect((await ask('/directory_users?directory=directory_acme&idp_id=00u-ada')).data).to.deep.equal([ada]);
    expect((await ask('/directory_groups')).data[0]).to.include({ name: 'Developers', idp_id: '00g-dev' });
    const patch = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'] };
    const rename = { ...patch, Operations: [{ op: 'replace', value: { displayName: 'Engineers' } }] };
    await service.send('PATCH', `/Groups/${group.document.id as string}`, { body: rename });
    await service.send('DELETE', `/Groups/${group.document.id as string}`);
    const events = (await ask('/events?limit=100')).data;
    expect(events.map(({ event }) => event)).to.deep.equal([
      'dsync.user.created',
      'dsync.group.created',
      'dsync.group.user_added',
      'dsync.group.updated',
      'dsync.group.deleted',
    ]);
    expect(events[3]?.data).to.deep.include({ name: 'Engineers', previous_attributes: { name: 'Developers' } });
    expect((await ask('/directory_groups')).data).to.deep.equal([]);
    expect(await ask(`/directory_groups/${(events[4]?.data as Shown).id}`)).to.include({ code: 'entity_not_found' });
  });
});
