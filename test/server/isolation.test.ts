import { expect } from 'chai';
import { onBothStores } from '../support/stores.js';
import { TestService, type Answer } from './support.js';

/** Every id and name that somebody of the other tenant may be known by. */
interface Names {
  who: string[];
  group: string[];
  run: string[];
}

onBothStores('server/isolation: every route of the OpenAPI document', (kind) => {
  let service: TestService;
  let token: string;
  let paths: string[];
  let theirs: Names;

  before(async () => {
    service = await TestService.open(kind);
    token = await service.key();
    const description = await service.request('/v1/openapi.json', null);
    paths = Object.keys(description.body.paths as object).filter((path) => path.includes('{tenant}'));
    const bravo = await service.rollcall.reading('bravo');
    const idsOf = (items: readonly { id: string }[]): string[] => items.map(({ id }) => id);
    theirs = {
      who: idsOf((await bravo.users.list()).items),
      group: idsOf((await bravo.groups.list()).items),
      run: (await bravo.runs.list()).items.map(({ runId }) => String(runId)),
    };
  });
  after(() => service.close());

  const fill = (path: string, tenant: string, names: Record<string, string>): string =>
    path.replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(name === 'tenant' ? tenant : (names[name] ?? '')),
    );
  const ask = (path: string): Promise<Answer> =>
    service.request(path, token, { headers: { 'x-request-id': 'the-same' } });
  const told = ({ status, text, headers }: Answer): unknown => [
    status,
    text,
    [...headers].filter(([name]) => !['date', 'x-ratelimit-remaining', 'x-ratelimit-reset'].includes(name)),
  ];

  it('crawls them all', () => {
    expect(paths).to.have.length(16);
    expect(theirs).to.satisfy(
      (names: Names) => names.who.length === 4 && names.group.length === 2 && names.run.length === 2,
    );
  });

  it('answers a foreign tenant exactly like one that is not there', async () => {
    for (const path of paths) {
      const names = { who: 'hr:E1001', group: 'vpn', run: theirs.run[0] ?? '' };
      const foreign = await ask(fill(path, 'bravo', names));
      const missing = await ask(fill(path, 'nosuch', names));
      expect(foreign.status, path).to.equal(404);
      expect(told(foreign), path).to.deep.equal(told(missing));
    }
  });

  it('answers a foreign id in its own tenant exactly like one that is not there', async () => {
    for (const path of paths.filter((each) => /\{(who|group|run)\}/.test(each))) {
      const kindOf = (/\{(who|group|run)\}/.exec(path)?.[1] ?? 'who') as keyof Names;
      for (const id of theirs[kindOf]) {
        const unknown = `${id.slice(0, 4)}${'0'.repeat(id.length - 4)}`;
        const foreign = await ask(fill(path, 'acme', { [kindOf]: id }));
        const missing = await ask(fill(path, 'acme', { [kindOf]: unknown }));
        expect(foreign.status, `${path} ${foreign.text}`).to.equal(404);
        expect(foreign.text.replaceAll(id, 'ID'), path).to.equal(missing.text.replaceAll(unknown, 'ID'));
      }
    }
  });

  it('shows nothing of the other tenant, whatever is asked for', async () => {
    const foreign = [...theirs.who, ...theirs.group, ...theirs.run];
    for (const path of paths) {
      const run = (await (await service.rollcall.reading('acme')).runs.list()).items[0]?.runId;
      const answer = await ask(fill(path, 'acme', { who: 'hr:E1001', group: 'vpn', run: String(run) }));
      expect(answer.status, path).to.equal(200);
      for (const id of foreign) expect(answer.text.includes(id), `${path} ${id}`).to.equal(false);
    }
    for (const query of [`memberships?user=${theirs.who[0] ?? ''}`, `memberships?group=${theirs.group[0] ?? ''}`])
      expect((await ask(`/v1/tenants/acme/${query}`)).body.items, query).to.deep.equal([]);
  });

  it('lets no key of acme into bravo by another spelling of the address', async () => {
    for (const tenant of [
      'BRAVO',
      'bravo%20',
      'bravo%2F',
      '%62ravo',
      './bravo',
      'acme/../bravo',
      'acme%2F..%2Fbravo',
    ]) {
      const { status, text } = await ask(`/v1/tenants/${tenant}/users`);
      expect(status, tenant).to.equal(404);
      for (const id of theirs.who) expect(text, tenant).to.not.contain(id);
    }
  });
});
