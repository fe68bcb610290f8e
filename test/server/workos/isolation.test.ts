import { expect } from 'chai';
import { onBothStores } from '../../support/stores.js';
import { TestService, type Answer } from '../support.js';
import { Consumer, type Shown } from './support.js';

onBothStores('server/workos: another tenant', (kind) => {
  let service: TestService;
  let ours: Consumer;
  let theirs: Record<'user' | 'group' | 'event' | 'directory', string[]>;

  before(async () => {
    service = await TestService.open(kind);
    ours = new Consumer(service, await service.key());
    const bravo = new Consumer(service, await service.key({ tenants: ['bravo'] }));
    const idsOf = async (address: string): Promise<string[]> => (await bravo.all(address)).map(({ id }) => id);
    theirs = {
      user: await idsOf('/directory_users'),
      group: await idsOf('/directory_groups'),
      event: await idsOf('/events'),
      directory: await idsOf('/directories'),
    };
  });
  after(() => service.close());

  const ask = (address: string, method = 'GET'): Promise<Answer> =>
    ours.ask(address, { method, headers: { 'x-request-id': 'the-same' } });
  const told = ({ status, text, headers }: Answer, id: string): unknown => [
    status,
    text.replaceAll(id, 'ID'),
    [...headers].filter(([name]) => !/^(date|content-length|x-ratelimit-(remaining|reset))$/.test(name)),
  ];
  const unknownLike = (id: string): string => `${id.slice(0, id.lastIndexOf('_') + 1)}${'0'.repeat(26)}`;

  it('has something to hide', () => {
    expect(Object.values(theirs).map((ids) => ids.length)).to.satisfy((counts: number[]) => counts.every((n) => n > 0));
  });

  it('answers a foreign id exactly like one that is not there, wherever it stands', async () => {
    const places: [keyof typeof theirs, string, string?][] = [
      ['directory', '/directories/ID'],
      ['directory', '/directories/ID', 'DELETE'],
      ['directory', '/directories?after=ID'],
      ['directory', '/directory_users?directory=ID'],
      ['directory', '/directory_groups?directory=ID'],
      ['user', '/directory_users/ID'],
      ['user', '/directory_users?after=ID'],
      ['user', '/directory_users?before=ID&order=asc'],
      ['user', '/directory_groups?user=ID'],
      ['group', '/directory_groups/ID'],
      ['group', '/directory_groups?before=ID'],
      ['group', '/directory_users?group=ID'],
      ['group', '/directory_users?directory=directory_acme&group=ID'],
      ['event', '/events?after=ID'],
      ['event', '/events?before=ID&order=desc'],
    ];
    for (const [object, place, method] of places) {
      for (const id of theirs[object]) {
        const unknown = unknownLike(id);
        const foreign = await ask(place.replace('ID', id), method);
        const missing = await ask(place.replace('ID', unknown), method);
        expect(foreign.status, `${place} ${foreign.text}`).to.be.within(400, 499);
        expect(told(foreign, id), place).to.deep.equal(told(missing, unknown));
      }
    }
    for (const list of ['/directories', '/events']) {
      const foreign = await ask(`${list}?organization_id=org_bravo`);
      expect(told(foreign, ''), list).to.deep.equal(told(await ask(`${list}?organization_id=org_nosuch`), ''));
    }
  });

  it('shows nothing of the other tenant in any list or object', async () => {
    const foreign = Object.values(theirs).flat();
    const lists = ['/directories', '/directory_users', '/directory_groups', '/events'];
    const names = 'rollcall.user.created,rollcall.membership.added,rollcall.conflict.opened';
    for (const address of [...lists.map((list) => `${list}?limit=100`), `/events?limit=100&events=${names}`]) {
      const { text, status } = await ask(address);
      expect(status).to.equal(200);
      for (const id of foreign) expect(text.includes(id), `${address} ${id}`).to.equal(false);
      expect(text).to.not.contain('bravo');
      for (const { id } of (JSON.parse(text) as { data: Shown[] }).data)
        if (!address.startsWith('/events'))
          expect((await ask(`${address.split('?')[0] ?? ''}/${id}`)).text).to.not.contain('bravo');
    }
  });

  it('logs no address with its values, no id and no token', () => {
    const log = service.log.join('\n');
    for (const id of Object.values(theirs).flat()) expect(log.includes(id), id).to.equal(false);
    expect(log).to.contain('/directory_users/:id');
    expect(log).to.not.contain(ours.token.slice(17));
  });
});
