import { expect } from 'chai';
import { HR_ROWS, IT_ROWS, NEXT_DAY } from '../support/project.js';
import { onBothStores } from '../support/stores.js';
import { refusalOf, TestService, type Item } from './support.js';
import { openApiValidator } from './validator.js';

type Cursor = string | number | null;

onBothStores('server/reading', (kind) => {
  let service: TestService;
  let token: string;
  before(async () => {
    service = await TestService.open(kind);
    token = await service.key();
  });
  after(() => service.close());

  const get = async (path: string): Promise<Awaited<ReturnType<TestService['request']>>> => {
    const answer = await service.request(`/v1/tenants/acme${path}`, token);
    expect(answer.status, `${path} ${answer.text}`).to.equal(200);
    expect(answer.headers.get('content-type'), path).to.match(/^application\/json/);
    return answer;
  };

  it('answers the documents of the command line', async () => {
    const door = await service.rollcall.reading('acme');
    const same = async (path: string, format: string, document: object): Promise<void> => {
      expect((await get(path)).body, path).to.deep.equal(JSON.parse(JSON.stringify({ format, ...document })));
    };
    await same('/users', 'rollcall.users/1', await door.users.list());
    await same('/users?active=false', 'rollcall.users/1', await door.users.list({ active: false }));
    await same('/users?reason=pre_hire', 'rollcall.users/1', await door.users.list({ reason: 'pre_hire' }));
    await same('/users/hr:E1003', 'rollcall.user/1', { user: await door.users.show('hr:E1003') });
    await same('/users/userName=ada', 'rollcall.user/1', { user: await door.users.show('userName=ada') });
    await same(
      '/users/email%3Dcarol%40agency.example/explain',
      'rollcall.explain/1',
      await door.explain('userName=carol'),
    );
    await same(
      '/users/hr:E1001/explain?attribute=active',
      'rollcall.explain/1',
      await door.explain('hr:E1001', { attribute: 'active' }),
    );
    await same('/users/hr:E1003/history', 'rollcall.history/1', await door.history('hr:E1003'));
    await same('/groups', 'rollcall.groups/1', await door.groups.list());
    await same('/groups/vpn', 'rollcall.group/1', { group: await door.groups.show('vpn') });
    await same('/memberships', 'rollcall.memberships/1', await door.memberships());
    await same('/directories', 'rollcall.directory-list/1', { items: await door.directories.list(), next: null });
    await same('/runs', 'rollcall.runs/1', await door.runs.list());
    await same('/conflicts', 'rollcall.conflicts/1', await door.conflicts());
    await same('/reviews?all=true', 'rollcall.reviews/1', await door.reviews({ all: true }));
    await same('/findings', 'rollcall.findings-list/1', await door.findings());
    await same('/overrides', 'rollcall.override-list/1', await door.overrides.list());
    await same('/quarantine', 'rollcall.quarantine/1', await door.quarantine());
    await same('/events', 'rollcall.events/1', await door.events());
  });

  it('answers what its OpenAPI document promises', async () => {
    const description = await service.request('/v1/openapi.json', null);
    const ajv = openApiValidator(description.body);
    const operations = Object.keys(description.body.paths as object).filter((path) => path.startsWith('/v1/tenants'));
    const run = (await get('/runs')).body.items?.[0]?.runId;
    for (const path of operations) {
      const named = path
        .replace('{tenant}', 'acme')
        .replace('{who}', 'hr:E1003')
        .replace('{group}', 'vpn')
        .replace('{run}', String(run));
      const { body, status } = await service.request(named, token);
      expect(status, named).to.equal(200);
      const place = path.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D');
      const schema = { $ref: `api#/paths/${place}/get/responses/200/content/application~1json/schema` };
      const isValid = ajv.compile(schema);
      expect(isValid(body), `${named} ${JSON.stringify(isValid.errors)}`).to.equal(true);
    }
    const problem = ajv.compile({ $ref: 'api#/components/schemas/Problem' });
    expect(problem((await service.request('/v1/tenants/nosuch/users', token)).body)).to.equal(true);
    expect(operations).to.have.length(17);
  });

  it('filters memberships by user and group, and shows runs by id', async () => {
    const all = (await get('/memberships')).body.items ?? [];
    expect(all).to.have.length(4);
    const user = String(all[0]?.user);
    const group = (all[0]?.group as Item).id;
    const ofUser = (await get(`/memberships?user=${user}`)).body.items ?? [];
    expect(ofUser).to.deep.equal(all.filter((item) => item.user === user));
    const ofGroup = (await get(`/memberships?group=${String(group)}`)).body.items ?? [];
    expect(ofGroup).to.deep.equal(all.filter((item) => (item.group as Item).id === group));
    expect((await get('/memberships?at=2026-03-08T00:00:00Z')).body.items).to.deep.equal([]);
    expect((await get('/memberships?at=2026-03-09T08:00:00Z')).body.items).to.deep.equal(all);
    const [run] = (await get('/runs?directory=it')).body.items ?? [];
    expect(run).to.include({ directory: 'it', outcome: 'finished' });
    expect((await get(`/runs/${String(run?.runId)}`)).body.run).to.deep.equal(run);
  });

  it('refuses what cannot be meant, with a code of its own', async () => {
    const refusals: [string, number, string][] = [
      ['/users/usr-none', 404, 'RC_USER_NOT_FOUND'],
      ['/users/nobody', 404, 'RC_USER_NOT_FOUND'],
      ['/users/hr:E9/explain', 404, 'RC_USER_NOT_FOUND'],
      ['/users/hr:E1003?at=yesterday', 400, 'RC_USAGE_INSTANT'],
      ['/users/hr:E1003/explain?attribute=deparment', 400, 'RC_USAGE_ATTRIBUTE'],
      ['/users?reason=bored', 400, 'RC_USAGE_REASON'],
      ['/users?active=perhaps', 400, 'RC_HTTP_REQUEST_INVALID'],
      ['/users?limit=0', 400, 'RC_HTTP_REQUEST_INVALID'],
      ['/users?limit=1001', 400, 'RC_HTTP_REQUEST_INVALID'],
      ['/users?limit=1e3x', 400, 'RC_HTTP_REQUEST_INVALID'],
      ['/users?limit=1&limit=2', 400, 'RC_HTTP_REQUEST_INVALID'],
      ['/users?activ=true', 400, 'RC_HTTP_REQUEST_INVALID'],
      ['/users?filter=userName%20eq%20%22ada%22', 400, 'RC_HTTP_REQUEST_INVALID'],
      ['/users/%00', 400, 'RC_HTTP_REQUEST_INVALID'],
      ['/users/a%00b/history', 400, 'RC_HTTP_REQUEST_INVALID'],
      ['/users?reason=%00', 400, 'RC_HTTP_REQUEST_INVALID'],
      ['/users/%ff', 400, 'RC_HTTP_URL_INVALID'],
      ['/users/%E0%A4%A', 400, 'RC_HTTP_URL_INVALID'],
      ['/groups/none', 404, 'RC_GROUP_NOT_FOUND'],
      ['/runs/run-none', 404, 'RC_RUN_NOT_FOUND'],
      ['/runs?directory=nowhere', 404, 'RC_DIRECTORY_UNKNOWN'],
      ['/events?type=user.create', 400, 'RC_USAGE_EVENT_TYPE'],
      ['/events?after=-1', 400, 'RC_HTTP_REQUEST_INVALID'],
      ['/events?after=2147483648', 400, 'RC_HTTP_REQUEST_INVALID'],
      ['/events?wait=61', 400, 'RC_HTTP_REQUEST_INVALID'],
      [`/users/${'x'.repeat(3_000)}`, 414, 'RC_HTTP_URL_TOO_LONG'],
      ["/users/userName='%20OR%201=1--", 404, 'RC_USER_NOT_FOUND'],
      ['/users/userName=%22;%20drop%20table%20user', 404, 'RC_USER_NOT_FOUND'],
      ['/users/userName=%3F%3F', 404, 'RC_USER_NOT_FOUND'],
      ['/groups/%25', 404, 'RC_GROUP_NOT_FOUND'],
      ['/memberships?user=%27%20OR%201=1--', 200, ''],
    ];
    for (const [path, status, code] of refusals) {
      const answer = await service.request(`/v1/tenants/acme${path}`, token);
      expect(refusalOf(answer), `${path.slice(0, 80)} ${answer.text.slice(0, 200)}`).to.deep.equal([
        status,
        code === '' ? undefined : code,
      ]);
      if (status === 200) expect(answer.body.items).to.deep.equal([]);
      else expect(answer.headers.get('content-type')).to.equal('application/problem+json; charset=utf-8');
    }
  });
});

onBothStores('server/reading: pages', (kind) => {
  let service: TestService;
  let token: string;
  beforeEach(async () => {
    service = await TestService.open(kind);
    token = await service.key({ tenants: null });
  });
  afterEach(() => service.close());

  const page = async (path: string, after?: Cursor): Promise<{ items: readonly Item[]; next: Cursor }> => {
    const mark = after === undefined ? '' : `&after=${encodeURIComponent(String(after))}`;
    const answer = await service.request(`/v1/tenants/acme${path}${mark}`, token);
    expect(answer.status, `${path} ${answer.text}`).to.equal(200);
    return { items: answer.body.items ?? [], next: answer.body.next ?? null };
  };

  it('pages through every list to the same items as one page has', async () => {
    const paths = ['/users', '/users/hr:E1001/history', '/groups', '/memberships', '/runs', '/conflicts', '/events'];
    for (const path of paths) {
      const { items: all } = await page(`${path}?limit=1000`);
      const paged: Item[] = [];
      let next: Cursor | undefined;
      do {
        const part = await page(`${path}?limit=1`, next);
        paged.push(...part.items);
        next = part.next;
      } while (next !== null);
      expect(paged, path).to.deep.equal(all).and.have.length.greaterThan(1);
    }
  });

  it('keeps pages where they are while people are added', async () => {
    const before = (await page('/users?limit=1000')).items.map(({ id }) => id);
    const first = await page('/users?limit=2');
    const runs = await page('/runs?limit=1');
    service.now = new Date(NEXT_DAY);
    await service.project.hr('2026-03-10', [
      ...HR_ROWS,
      'E1004;Carl;Gauss;carl@acme.example;Research;Active;2020-01-06;',
    ]);
    await (await service.rollcall.tenant('acme')).sync();
    const second = await page('/users?limit=2', first.next);
    const third = await page('/users?limit=2', second.next);
    const ids = [first, second, third].flatMap(({ items }) => items.map(({ id }) => id));
    expect(ids.slice(0, 4)).to.deep.equal(before);
    expect(ids).to.have.length(5);
    const older = await page('/runs?limit=100', runs.next);
    expect(older.items).to.have.length(1);
  });

  it('pages through the members of a group', async () => {
    const shown = async (after?: Cursor): Promise<{ membersPage: Item[]; membersNext: Cursor }> => {
      const mark = after === undefined ? '' : `&after=${encodeURIComponent(String(after))}`;
      const answer = await service.request(`/v1/tenants/acme/groups/vpn?limit=2${mark}`, token);
      return answer.body.group as { membersPage: Item[]; membersNext: Cursor };
    };
    const first = await shown();
    const rest = await shown(first.membersNext);
    expect([first.membersPage.length, rest.membersPage.length, rest.membersNext]).to.deep.equal([2, 1, null]);
  });

  it('refuses a cursor that was altered, of another list, filter, tenant or installation', async () => {
    const { next } = await page('/users?limit=1');
    const cursor = String(next);
    const refuse = async (path: string, after: string): Promise<void> => {
      const answer = await service.request(`${path}&after=${encodeURIComponent(after)}`, token);
      expect(refusalOf(answer), `${path} ${after}`).to.deep.equal([400, 'RC_CURSOR_INVALID']);
      expect(answer.text).to.not.contain('usr-');
    };
    for (let i = 0; i < cursor.length; i++)
      await refuse(
        '/v1/tenants/acme/users?limit=1',
        `${cursor.slice(0, i)}${cursor[i] === 'A' ? 'B' : 'A'}${cursor.slice(i + 1)}`,
      );
    for (const other of ['x', '.', cursor.split('.')[0] ?? '', `${cursor}=`, `${cursor}.`, '-1', "' OR 1=1"])
      await refuse('/v1/tenants/acme/users?limit=1', other);
    await refuse('/v1/tenants/bravo/users?limit=1', cursor);
    await refuse('/v1/tenants/acme/groups?limit=1', cursor);
    await refuse('/v1/tenants/acme/users?limit=1&active=true', cursor);
    await refuse('/v1/tenants/acme/users/hr:E1001/history?limit=1', cursor);
    await service.server?.drain();
    await service.start();
    await refuse('/v1/tenants/acme/users?limit=1', cursor);
  });

  it('reads the cursors of another process of the same installation, and any size of page', async () => {
    const secretKey = Buffer.alloc(32, 7);
    await service.server?.drain();
    await service.start({ secretKey });
    const { next } = await page('/users?limit=1');
    await service.server?.drain();
    await service.start({ secretKey });
    expect((await page('/users?limit=50', next)).items).to.have.length(3);
  });

  it('names the candidates of a name that means several', async () => {
    service.now = new Date(NEXT_DAY);
    await service.project.it('2026-03-10', [...IT_ROWS, '9010,,carla,carol@agency.example,true,,vpn']);
    await (await service.rollcall.tenant('acme')).sync();
    const answer = await service.request('/v1/tenants/acme/users/email=carol@agency.example', token);
    expect(refusalOf(answer)).to.deep.equal([409, 'RC_USER_AMBIGUOUS']);
    expect(answer.body.candidates).to.have.length(2);
  });

  it('shows a person as of a moment', async () => {
    service.now = new Date(NEXT_DAY);
    await service.project.hr('2026-03-10', [
      ...HR_ROWS.slice(0, 2),
      HR_ROWS[2]?.replace('Terminated', 'Active').replace('2026-03-06', '') ?? '',
    ]);
    await (await service.rollcall.tenant('acme')).sync();
    const activeAt = async (at: string): Promise<unknown> =>
      ((await service.request(`/v1/tenants/acme/users/hr:E1003${at}`, token)).body.user as Item).active;
    expect([await activeAt(''), await activeAt('?at=2026-03-09T12:00:00Z')]).to.deep.equal([true, false]);
    const explained = await service.request(
      '/v1/tenants/acme/users/hr:E1003/explain?attribute=active&at=2026-03-09T12:00:00Z',
      token,
    );
    expect(explained.text).to.contain('terminated');
  });
});
