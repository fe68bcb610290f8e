import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { breakingChanges } from '#server/openapi/breaking-changes.js';
import { apiDescription, changesSinceRelease } from '#server/openapi/file.js';

type Document = Record<string, unknown>;

const committed = new URL('../../../server/openapi.json', import.meta.url);

describe('server/openapi', () => {
  it('is committed as the routes describe it (npm run docs -w @rollcall/server)', async () => {
    expect(await readFile(committed, 'utf8')).to.equal(await apiDescription());
  });

  it('takes nothing away from the last release', async () => {
    expect(await changesSinceRelease()).to.deep.equal([]);
  });

  it('is OpenAPI 3.1, names each operation once, and lets a problem stand for every failure', async () => {
    const { openapi, paths } = JSON.parse(await apiDescription()) as {
      openapi: string;
      paths: Record<string, Document>;
    };
    expect(openapi).to.equal('3.1.0');
    const operations = Object.values(paths).flatMap((path) => Object.values(path)) as Document[];
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).to.equal(ids.length).and.equal(19);
    const guarded = operations.filter(({ security }) => security !== undefined);
    expect(guarded).to.have.length(17);
    for (const { responses } of guarded) expect(JSON.stringify(responses)).to.contain('application/problem+json');
  });

  describe('breaking changes', () => {
    let before: Document;
    beforeEach(async () => {
      before = JSON.parse(await readFile(committed, 'utf8')) as Document;
    });

    /** What is said of the document after an edit of it. */
    const after = (edit: (document: Document) => void): string[] => {
      const document = structuredClone(before);
      edit(document);
      expect(document).to.not.deep.equal(before);
      return breakingChanges(before, document);
    };
    const at = (document: Document, ...steps: string[]): Document =>
      steps.reduce((node, step) => node[step] as Document, document);
    const users = ['paths', '/v1/tenants/{tenant}/users'];
    const user = ['components', 'schemas', 'User'];

    it('are none where nothing changed or something was added', () => {
      expect(breakingChanges(before, structuredClone(before))).to.deep.equal([]);
      const added = after((document) => {
        at(document, 'paths')['/v1/new'] = { get: {} };
        at(document, ...users).post = { requestBody: { required: true } };
        at(document, ...user, 'properties').nickName = { type: 'string' };
        (at(document, ...users, 'get').parameters as object[]).push({ name: 'sort', in: 'query' });
      });
      expect(added).to.deep.equal([]);
    });

    it('are a path or an operation that is gone', () => {
      expect(after((document) => delete at(document, 'paths')['/v1/tenants'])).to.deep.equal(['/v1/tenants is gone']);
      expect(after((document) => delete at(document, ...users).get)).to.deep.equal([
        'GET /v1/tenants/{tenant}/users is gone',
      ]);
    });

    it('are a parameter that is gone, or needed now', () => {
      const gone = after((document) => {
        const get = at(document, ...users, 'get');
        get.parameters = (get.parameters as Document[]).filter(({ name }) => name !== 'reason');
      });
      expect(gone).to.deep.equal(['GET /v1/tenants/{tenant}/users: the parameter reason is gone']);
      const needed = after((document) => {
        for (const parameter of at(document, ...users, 'get').parameters as Document[]) parameter.required = true;
      });
      expect(needed.join()).to.contain('the parameter limit is needed now').and.not.contain('tenant is needed');
    });

    it('are a field of an answer that is gone, may be missing, or is something else, however deep', () => {
      const gone = after((document) => delete at(document, ...user, 'properties', 'groups', 'items', 'properties').id);
      expect(gone).to.include('GET /v1/tenants/{tenant}/users: 200.items[].groups[].id is gone');
      expect(gone).to.include('GET /v1/tenants/{tenant}/users/{who}: 200.user.groups[].id is gone');
      const missing = after((document) => {
        at(document, ...user).required = ['id'];
      });
      expect(missing).to.include('GET /v1/tenants/{tenant}/users/{who}: 200.user.active may be missing now');
      const other = after((document) => {
        at(document, ...user, 'properties', 'version').type = ['integer', 'null'];
      });
      expect(other).to.include('GET /v1/tenants/{tenant}/users/{who}: 200.user.version may be null now');
    });

    it('are an answer that is gone, and a body or a field of it that is needed now', () => {
      const gone = after((document) => delete at(document, ...users, 'get', 'responses')['200']);
      expect(gone).to.deep.equal(['GET /v1/tenants/{tenant}/users: the response 200 application/json is gone']);
      const body = (required: string[]): Document => ({
        required: true,
        content: { 'application/json': { schema: { type: 'object', required } } },
      });
      expect(after((document) => (at(document, ...users, 'get').requestBody = body([])))).to.deep.equal([
        'GET /v1/tenants/{tenant}/users: a body is needed now',
      ]);
      at(before, ...users, 'get').requestBody = body(['a']);
      expect(after((document) => (at(document, ...users, 'get').requestBody = body(['a', 'b'])))).to.deep.equal([
        'GET /v1/tenants/{tenant}/users: the field b of the body is needed now',
      ]);
    });
  });
});
