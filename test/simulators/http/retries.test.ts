import { expect } from 'chai';
import { ada, hire, linus, olga, vpn } from '../support/cast.js';
import { pairOf, type Pair } from '../support/provider-with.js';
import type { Fate } from '../support/service-provider.js';

/** Befalls the first `times` requests of that method and path. */
function first(
  times: number,
  method: string,
  path: RegExp,
  fate: Fate,
): (request: { method: string; path: string }) => Fate | undefined {
  let left = times;
  return (request) => {
    if (request.method !== method || !path.test(request.path) || left === 0) return undefined;
    left -= 1;
    return fate;
  };
}

const tooMany = (retryAfter?: string): Fate => ({
  kind: 'answer',
  status: 429,
  ...(retryAfter === undefined ? {} : { headers: { 'Retry-After': retryAfter } }),
});

describe('simulators/http: retries', () => {
  let pair: Pair;

  afterEach(async () => {
    await pair.close();
  });

  it('waits as many seconds as Retry-After says', async () => {
    pair = await pairOf('okta', {}, { fate: first(2, 'POST', /Users/, tooMany('17')) });
    await pair.simulator.apply([hire(ada)]);
    expect(pair.waits).to.deep.equal([17_000, 17_000]);
    expect(pair.simulator.counters.rateLimited).to.equal(2);
    expect(pair.simulator.problems).to.deep.equal([]);
  });

  it('ignores a Retry-After that is a date, and doubles Okta’s five minutes', async () => {
    const date = tooMany('Wed, 21 Oct 2026 07:28:00 GMT');
    pair = await pairOf('okta', {}, { fate: first(3, 'GET', /Users/, date) });
    await pair.simulator.apply([hire(ada)]);
    expect(pair.waits).to.deep.equal([300_000, 600_000, 1_200_000]);
  });

  it('gives up after ten attempts and tells the administrator', async () => {
    pair = await pairOf('okta', {}, { fate: first(99, 'POST', /Users/, tooMany()) });
    await pair.simulator.apply([hire(ada)]);
    expect(pair.server.requests.filter((line) => line === 'POST /Users')).to.have.length(10);
    expect(pair.simulator.problems).to.deep.equal([
      { task: 'hire ada', message: 'POST /scim/v2/acme/Users: given up after 10 attempts; 429', status: 429 },
    ]);
    expect((await pair.simulator.compare()).map(({ kind, key }) => [kind, key])).to.deep.equal([['missing', 'ada']]);
  });

  it('tries a failed request of Entra again in the next cycle', async () => {
    pair = await pairOf('entra', {}, { fate: first(2, 'POST', /Users/, { kind: 'answer', status: 503 }) });
    await pair.simulator.apply([hire(ada)]);
    expect(pair.waits).to.deep.equal([2_400_000, 4_800_000]);
    expect(await pair.simulator.compare()).to.deep.equal([]);
  });

  it('sends a creation again whose socket closed after the work, and adopts who is there', async () => {
    pair = await pairOf('okta', {}, { fate: first(1, 'POST', /Users/, { kind: 'drop after' }) });
    await pair.simulator.apply([hire(ada)]);
    expect(pair.server.requests).to.deep.equal([
      'GET /Users',
      'POST /Users',
      'POST /Users',
      'GET /Users',
      'GET /Users/u-1',
      'PUT /Users/u-1',
    ]);
    expect(pair.simulator.problems).to.deep.equal([]);
    expect(await pair.simulator.compare()).to.deep.equal([]);
  });

  it('sends again what the server never saw', async () => {
    pair = await pairOf('rippling', {}, { fate: first(2, 'POST', /Groups/, { kind: 'drop before' }) });
    await pair.simulator.apply([hire(ada), hire(olga), vpn]);
    expect(pair.waits).to.deep.equal([1_000, 2_000]);
    expect(await pair.simulator.compare()).to.deep.equal([]);
  });

  it('gives a silent server up after the timeout and sends the request again', async () => {
    pair = await pairOf('jumpcloud', { timeoutMs: 50 }, { fate: first(1, 'POST', /Users/, { kind: 'silence' }) });
    await pair.simulator.apply([hire(ada)]);
    expect(pair.waits).to.deep.equal([1_000]);
    expect(await pair.simulator.compare()).to.deep.equal([]);
  });

  for (const dialect of ['okta', 'entra', 'jumpcloud', 'onelogin', 'rippling'] as const)
    it(`${dialect}: drops every answer once, and ends where it would have ended`, async () => {
      const seen = new Set<string>();
      const fate = ({ method, path }: { method: string; path: string }): Fate | undefined => {
        const request = `${method} ${path}`;
        if (method === 'GET' || seen.has(request)) return undefined;
        seen.add(request);
        return { kind: 'drop after' };
      };
      pair = await pairOf(dialect, {}, { fate });
      await pair.simulator.apply([hire(ada), hire(linus), hire(olga), vpn]);
      await pair.simulator.apply([{ kind: 'members', group: 'vpn', add: ['linus'], remove: ['ada'] }]);
      await pair.simulator.apply([{ kind: 'deactivate', person: 'olga', because: 'left' }]);
      await pair.simulator.apply([{ kind: 'delete', person: 'olga' }]);
      expect(pair.simulator.problems).to.deep.equal([]);
      expect(await pair.simulator.compare()).to.deep.equal([]);
      expect(seen.size).to.be.greaterThan(3);
    });

  it('drops answers itself when it is told to: the server has done the work', async () => {
    pair = await pairOf('okta', { faults: { drops: 0.3 }, seed: 5 });
    await pair.simulator.assign();
    expect(pair.simulator.counters.drops).to.be.greaterThan(10);
    expect(pair.simulator.counters.retries).to.equal(pair.simulator.counters.drops);
    // Each dropped answer cost the connection that it came over.
    expect(pair.server.connections).to.equal(pair.simulator.counters.drops + 1);
    await pair.server.untilClosed(pair.simulator.counters.drops);
    expect(await pair.simulator.compare()).to.deep.equal([]);
  });

  it('sends writes twice when it is told to, and never reads', async () => {
    pair = await pairOf('okta', { faults: { duplicates: 1 } });
    await pair.simulator.apply([hire(ada)]);
    expect(pair.server.requests).to.deep.equal(['GET /Users', 'POST /Users', 'POST /Users']);
    expect(await pair.simulator.compare()).to.deep.equal([]);
  });

  it('does not follow a redirect, and does not repeat what was refused', async () => {
    const elsewhere: Fate = { kind: 'answer', status: 307, headers: { Location: 'http://127.0.0.1:9/' } };
    pair = await pairOf('okta', {}, { fate: first(1, 'GET', /Users/, elsewhere) });
    await pair.simulator.apply([hire(ada)]);
    expect(pair.server.requests).to.deep.equal(['GET /Users']);
    expect(pair.simulator.problems.map(({ status }) => status)).to.deep.equal([307]);
  });

  it('sends the same requests for the same seed', async () => {
    pair = await pairOf('entra', { faults: { duplicates: 0.2, drops: 0.2, shuffle: true }, seed: 11 });
    await pair.simulator.assign();
    await pair.simulator.runWeek();
    const requests = [...pair.server.requests];
    await pair.close();
    pair = await pairOf('entra', { faults: { duplicates: 0.2, drops: 0.2, shuffle: true }, seed: 11 });
    await pair.simulator.assign();
    await pair.simulator.runWeek();
    expect(sorted(pair.server.requests)).to.deep.equal(sorted(requests));
  });
});

/** Two copies that go out at once may arrive in either order, and ids with them. */
function sorted(requests: readonly string[]): string[] {
  return requests.map((line) => line.replace(/[ug]-\d+/, 'ID')).sort();
}
