import { expect } from 'chai';
import { ServiceProvider, token } from './service-provider.js';

/** The server that the simulators are tested with has to be strict itself. */
describe('simulators/support: service provider', () => {
  let server: ServiceProvider;
  let url: string;

  beforeEach(async () => {
    server = new ServiceProvider();
    url = await server.start();
    server.resources.create('Users', { userName: 'ada', emails: [{ type: 'work', value: 'ada@x.io' }] });
  });

  afterEach(async () => {
    await server.stop();
  });

  async function ask(method: string, path: string, body?: unknown): Promise<[number, string | undefined]> {
    const init = {
      method,
      headers: { authorization: token },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    const response = await fetch(`${url}${path}`, init);
    const text = await response.text();
    const scimType = text === '' ? undefined : (JSON.parse(text) as { scimType?: string }).scimType;
    return [response.status, scimType];
  }

  function patch(...Operations: unknown[]): Promise<[number, string | undefined]> {
    return ask('PATCH', '/Users/u-1', { Operations });
  }

  it('refuses what RFC 7644 refuses', async () => {
    expect(await ask('GET', '/Users?filter=userName%20xx%20%22a%22')).to.deep.equal([400, 'invalidFilter']);
    expect(await ask('POST', '/Users', { userName: 'ADA' })).to.deep.equal([409, 'uniqueness']);
    expect(await ask('POST', '/Users', { userName: 'x', active: 'maybe' })).to.deep.equal([400, 'invalidValue']);
    expect(await ask('POST', '/Users', {})).to.deep.equal([400, 'invalidValue']);
    expect(await ask('PUT', '/Users/none', { userName: 'x' })).to.deep.equal([404, undefined]);
    expect(await patch({ op: 'replace', path: 'foo.bar', value: 1 })).to.deep.equal([400, 'invalidPath']);
    expect(await patch({ op: 'remove' })).to.deep.equal([400, 'noTarget']);
    expect(await patch({ op: 'remove', path: 'userName' })).to.deep.equal([400, 'mutability']);
    expect(await patch({ op: 'replace', value: { id: 'other' } })).to.deep.equal([400, 'mutability']);
    expect(await patch({ op: 'turn', path: 'title' })).to.deep.equal([400, 'invalidSyntax']);
    expect(await patch()).to.deep.equal([400, 'invalidSyntax']);
    expect(await ask('POST', '/Groups', { displayName: 'g', members: [{ value: 'none' }] })).to.deep.equal([
      400,
      'invalidValue',
    ]);
  });

  it('applies all operations of a PATCH or none', async () => {
    expect(
      await patch({ op: 'replace', path: 'title', value: 'x' }, { op: 'replace', path: 'nope', value: 1 }),
    ).to.deep.equal([400, 'invalidPath']);
    expect(server.resources.get('Users', 'u-1').attributes).not.to.have.property('title');
  });

  it('takes "False" for false, and an e-mail that is not there for a new one', async () => {
    await patch(
      { op: 'Replace', path: 'active', value: 'False' },
      { op: 'Add', path: 'emails[type eq "home"].value', value: 'h@x.io' },
    );
    const { active, emails } = server.resources.get('Users', 'u-1').attributes;
    expect([active, emails]).to.deep.equal([
      false,
      [
        { type: 'work', value: 'ada@x.io' },
        { type: 'home', value: 'h@x.io' },
      ],
    ]);
  });
});
