import type { JsonObject } from '@rollcall/connector-kit';
import { expect } from 'chai';
import { BASE, resourcesOf, TestDirectory } from './support/directory.js';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';

describe('plugins/scim: what it says of itself', () => {
  it('D1: serves /ServiceProviderConfig, /Schemas and /ResourceTypes', async () => {
    const directory = new TestDirectory();
    for (const [path, type] of [
      ['/ServiceProviderConfig', 'ServiceProviderConfig'],
      [`/Schemas/${USER}`, 'Schema'],
      ['/ResourceTypes/User', 'ResourceType'],
    ] as const) {
      const { status, document } = await directory.get(path);
      expect(status).to.equal(200);
      expect(document.meta).to.deep.equal({ resourceType: type, location: `${BASE}${path}` });
      expect(document.schemas).to.deep.equal([`urn:ietf:params:scim:schemas:core:2.0:${type}`]);
    }
    for (const [path, count] of [
      ['/Schemas', 3],
      ['/ResourceTypes', 2],
    ] as const) {
      const list = await directory.get(path);
      expect(list.document).to.include({ totalResults: count, startIndex: 1, itemsPerPage: count });
      expect(resourcesOf(list)).to.have.length(count);
    }
  });

  it('D1: says what is true: each flag matches what happens', async () => {
    const directory = new TestDirectory();
    const { document } = await directory.get('/ServiceProviderConfig');
    const id = await directory.user('ada');
    const flag = (name: string): unknown => (document[name] as JsonObject).supported;
    expect(flag('patch')).to.equal(
      (await directory.patch(`/Users/${id}`, { op: 'add', path: 'title', value: 'x' })).status === 200,
    );
    expect(flag('bulk')).to.equal((await directory.post('/Bulk', {})).status !== 501);
    expect(flag('etag')).to.equal((await directory.get(`/Users/${id}`)).headers.ETag !== undefined);
    expect(flag('filter')).to.equal(
      (await directory.filter('/Users', 'userName eq "ada"')).document.totalResults === 1,
    );
    expect(document.filter).to.have.property('maxResults', 200);
    expect(document.pagination).to.include({ cursor: true, index: true, defaultPageSize: 100, maxPageSize: 200 });
  });

  it('D1: serves schemas without null and with spelled characteristics', async () => {
    const { body, document } = await new TestDirectory().get(`/Schemas/${USER}`);
    expect(body).not.to.include('null');
    for (const attribute of document.attributes as JsonObject[]) {
      expect(attribute).to.include.all.keys(
        'name',
        'type',
        'multiValued',
        'required',
        'caseExact',
        'mutability',
        'returned',
        'uniqueness',
        'description',
      );
    }
  });

  it('D2: finds a schema by its URN in any letters', async () => {
    const directory = new TestDirectory();
    for (const urn of [USER, USER.toLowerCase(), encodeURIComponent(USER), 'urn:scim:schemas:core:1.0:User']) {
      expect((await directory.get(`/Schemas/${urn}`)).document.id).to.equal(USER);
    }
  });

  it('D3: answers 404 in the form of SCIM where nothing is', async () => {
    const directory = new TestDirectory();
    for (const path of [
      '/Nope',
      '/Groups/1/2',
      '/Schemas/urn:none',
      '/ResourceTypes/Nope',
      '/ServiceProviderConfig/1',
      '/Users/%E0%A4%A',
      '/.search/x',
    ]) {
      const { status, document, headers } = await directory.get(path);
      expect(status, path).to.equal(404);
      expect(document).to.include({ status: '404' });
      expect(headers['Content-Type']).to.equal('application/scim+json; charset=utf-8');
    }
  });

  it('D4: answers 501 for /Bulk and /Me', async () => {
    const directory = new TestDirectory();
    expect((await directory.post('/Bulk', {})).document.status).to.equal('501');
    expect((await directory.get('/me')).document.status).to.equal('501');
  });

  it('takes no filter on what describes it', async () => {
    const directory = new TestDirectory();
    expect((await directory.filter('/Schemas', 'id pr')).status).to.equal(403);
    expect((await directory.filter('/ResourceTypes', 'id pr')).status).to.equal(403);
  });

  it('answers 405 with the methods that an address takes', async () => {
    const directory = new TestDirectory();
    const { status, headers, document } = await directory.send('DELETE', '/Users');
    expect([status, headers.Allow, document.status]).to.deep.equal([405, 'GET, POST', '405']);
    expect((await directory.send('CONSTRUCTOR', '/Users')).status).to.equal(405);
  });
});
