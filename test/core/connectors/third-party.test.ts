import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Connector, JsonObject, Logger, Page, ReadRequest } from '@rollcall/connector-kit';
import { expect } from 'chai';
import { Container } from 'inversify';
import { openDirectoryScope, type DirectoryScope } from '#core/connectors/directory-scope.js';
import { ConnectorRegistry } from '#core/connectors/registry.js';
import { Projects, type Files } from './projects.js';

const fixtures = fileURLToPath(new URL('../../../fixtures/connectors/', import.meta.url));
const packages = ['rollcall-connector-ndjson', 'rollcall-connector-decorated', 'rollcall-connector-broken'];
const silent: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

async function readUsers(connector: Connector): Promise<unknown[]> {
  let marks = 0;
  const request: ReadRequest = {
    kinds: ['user'],
    mark: () => Promise.resolve((marks += 1)),
    accepted: {},
    force: false,
    signal: new AbortController().signal,
  };
  const pages: Page[] = [];
  for await (const page of connector.readFull(request)) pages.push(page);
  return pages.flatMap(({ observations }) => observations.map(({ raw }) => raw));
}

describe('core/connectors, packages of third parties', () => {
  const projects = new Projects();
  afterEach(() => projects.remove());

  async function projectWith(files: Files = {}): Promise<{ root: string; registry: ConnectorRegistry }> {
    const dependencies = Object.fromEntries(packages.map((name) => [name, '1.0.0']));
    const root = await projects.make({ 'package.json': { dependencies }, ...files });
    for (const name of packages) await cp(join(fixtures, name), join(root, 'node_modules', name), { recursive: true });
    return { root, registry: await ConnectorRegistry.open({ builtIn: [], root }) };
  }

  async function open(
    registry: ConnectorRegistry,
    root: string,
    id: string,
    settings: JsonObject,
  ): Promise<DirectoryScope> {
    const definition = await registry.get(id);
    const project = { root, spool: join(root, '.rollcall') };
    return openDirectoryScope(new Container(), definition, {
      settings,
      project,
      clock: { now: () => new Date(0) },
      log: silent,
    });
  }

  it('lists them without running one', async () => {
    const { registry } = await projectWith();
    expect(registry.list().map(({ id, status }) => [id, status])).to.deep.equal([
      ['ndjson', 'not loaded'],
      ['decorated', 'not loaded'],
      ['broken', 'not loaded'],
    ]);
  });

  it('reads through a connector of the first form', async () => {
    const { root, registry } = await projectWith({
      'people/user.ndjson': '{"id":"1","name":"Ada"}\n{"id":"2","name":"Grace"}\n',
      'people/group.ndjson': '',
    });
    const scope = await open(registry, root, 'ndjson', { folder: 'people' });
    expect(await readUsers(scope.connector)).to.deep.equal([
      { id: '1', name: 'Ada' },
      { id: '2', name: 'Grace' },
    ]);
    await scope.close();
  });

  it('reads through a connector of the second form, each directory with its own people', async () => {
    const { root, registry } = await projectWith();
    const one = await open(registry, root, 'decorated', { people: [{ id: 'ada' }] });
    const two = await open(registry, root, 'decorated', { people: [{ id: 'grace' }] });
    await two.close();
    expect(await readUsers(one.connector)).to.deep.equal([{ id: 'ada' }]);
    await one.close();
  });

  it('names the broken one and leaves it out', async () => {
    const { registry } = await projectWith();
    expect((await registry.check()).map(({ package: name, code, message }) => [name, code, message])).to.deep.equal([
      [
        'rollcall-connector-broken',
        'RC_CONNECTOR_IMPORT_FAILED',
        'The package "rollcall-connector-broken" cannot be loaded: this package cannot be imported.',
      ],
    ]);
    expect(registry.list().map(({ id, title, status }) => [id, title ?? null, status])).to.deep.equal([
      ['ndjson', (await registry.get('ndjson')).title, 'ok'],
      ['decorated', 'People written into the settings', 'ok'],
      ['broken', null, 'broken'],
    ]);
  });
});
