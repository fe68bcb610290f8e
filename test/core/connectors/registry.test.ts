import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isRollcallError, type RollcallError } from '@rollcall/connector-kit';
import { expect } from 'chai';
import { ConnectorRegistry } from '#core/connectors/registry.js';
import { definitionOf, installed, moduleOf, Projects, type Files } from './projects.js';

const csv = { definition: definitionOf('csv'), package: '@rollcall/connector-csv', version: '0.1.0' };

async function refusal(promise: Promise<unknown>): Promise<RollcallError> {
  try {
    await promise;
  } catch (error) {
    if (isRollcallError(error)) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

describe('core/connectors/registry', () => {
  const projects = new Projects();
  afterEach(() => projects.remove());

  async function open(files: Files, configured: string[] = [], builtIn = [csv]): Promise<ConnectorRegistry> {
    const names = Object.keys(files).flatMap(
      (path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(path)?.[1] ?? [],
    );
    const dependencies = Object.fromEntries(
      names.filter((name) => !configured.includes(name)).map((name) => [name, '1']),
    );
    const root = await projects.make({ 'package.json': { dependencies }, ...files });
    return ConnectorRegistry.open({ builtIn, root, configured });
  }

  const statuses = (registry: ConnectorRegistry): unknown[] =>
    registry
      .list()
      .map(({ id, package: name, origin, status, finding }) => [id, name, origin, status, finding?.code ?? null]);

  it("lists the built-in, the configured and the project's own, loading nothing", async () => {
    const registry = await open(
      {
        ...installed('acme', ['acme', 'acme-hr'], moduleOf('acme')),
        ...installed('beta', ['beta'], `throw new Error('run');`),
      },
      ['beta', 'gone'],
    );
    expect(registry.list().map(({ finding, ...row }) => ({ ...row, code: finding?.code ?? null }))).to.deep.equal([
      {
        id: 'csv',
        title: 'The csv directory',
        package: '@rollcall/connector-csv',
        version: '0.1.0',
        origin: 'built-in',
        status: 'ok',
        code: null,
      },
      { id: 'beta', package: 'beta', version: '1.2.3', origin: 'configured', status: 'not loaded', code: null },
      {
        id: null,
        package: 'gone',
        version: null,
        origin: 'configured',
        status: 'broken',
        code: 'RC_CONNECTOR_PACKAGE_MISSING',
      },
      { id: 'acme', package: 'acme', version: '1.2.3', origin: 'project', status: 'not loaded', code: null },
      { id: 'acme-hr', package: 'acme', version: '1.2.3', origin: 'project', status: 'not loaded', code: null },
    ]);
  });

  it('loads only the package that is asked for, and then knows its title', async () => {
    const registry = await open({
      ...installed('acme', ['acme'], moduleOf('acme')),
      ...installed('beta', ['beta'], `throw new Error('run');`),
    });
    expect((await registry.get('acme')).id).to.equal('acme');
    expect(registry.list().map(({ id, title, status }) => [id, title ?? null, status])).to.deep.equal([
      ['csv', 'The csv directory', 'ok'],
      ['acme', 'The acme directory', 'ok'],
      ['beta', null, 'not loaded'],
    ]);
  });

  it('gives the same definition each time, also to those who ask at once', async () => {
    const registry = await open(installed('acme', ['acme'], moduleOf('acme')));
    const [one, two] = await Promise.all([registry.get('acme'), registry.get('acme')]);
    expect(one)
      .to.equal(two)
      .and.to.equal(await registry.get('acme'));
    expect(await registry.get('csv')).to.equal(csv.definition);
  });

  it('looks at a package once: it goes on working when it is taken away', async () => {
    const root = await projects.make(installed('acme', ['acme'], moduleOf('acme')));
    const registry = await ConnectorRegistry.open({ builtIn: [], root, configured: ['acme'] });
    const first = await registry.get('acme');
    await rm(join(root, 'node_modules/acme'), { recursive: true });
    expect(await registry.get('acme')).to.equal(first);
  });

  it('refuses an unknown id and names the nearest', async () => {
    const registry = await open(installed('acme', ['acme-people'], moduleOf('acme-people')));
    const error = await refusal(registry.get('cvs'));
    expect(error).to.include({ code: 'RC_CONNECTOR_UNKNOWN', exitCode: 78, mend: 'Did you mean "csv"?' });
    expect(error.message).to.equal('There is no connector "cvs".');
    expect((await refusal(registry.get('acme-poeple'))).mend).to.equal('Did you mean "acme-people"?');
  });

  it('refuses an unknown id that is near to none, and names those that there are', async () => {
    expect((await refusal((await open({})).get('workday'))).mend).to.equal('Known: csv.');
    expect((await refusal((await open({}, [], [])).get('workday'))).mend).to.equal('There is none; install one.');
  });

  it('points to packages that cannot be used when an id is unknown', async () => {
    const registry = await open({}, ['rollcall-connector-workday']);
    expect((await refusal(registry.get('workday'))).mend).to.match(
      /1 named package cannot be used: rollcall plugin check$/,
    );
  });

  it('names a broken connector, leaves it out, and lets the others work', async () => {
    const registry = await open({
      ...installed('acme', ['acme'], moduleOf('acme')),
      ...installed('broken', ['broken'], `throw new Error('no licence');`),
    });
    const error = await refusal(registry.get('broken'));
    expect(error).to.include({ code: 'RC_CONNECTOR_BROKEN', exitCode: 78 });
    expect(error.message).to.equal(
      'The connector "broken" cannot be used. The package "broken" cannot be loaded: no licence.',
    );
    expect(error.where).to.deep.equal({ file: 'node_modules/broken/package.json' });
    expect(error.extra).to.deep.equal({ connector: 'broken', package: 'broken', reason: 'RC_CONNECTOR_IMPORT_FAILED' });
    expect((await registry.get('acme')).id).to.equal('acme');
    expect(statuses(registry)).to.deep.equal([
      ['csv', '@rollcall/connector-csv', 'built-in', 'ok', null],
      ['acme', 'acme', 'project', 'ok', null],
      ['broken', 'broken', 'project', 'broken', 'RC_CONNECTOR_IMPORT_FAILED'],
    ]);
  });

  it('lets one connector of a package work beside a broken one', async () => {
    const registry = await open(installed('acme', ['acme', 'acme-hr'], moduleOf('acme')));
    expect((await registry.get('acme')).id).to.equal('acme');
    expect((await refusal(registry.get('acme-hr'))).extra).to.include({ reason: 'RC_CONNECTOR_NOT_EXPORTED' });
  });

  it('prefers the built-in connector, and names the package that brings the same id', async () => {
    const registry = await open(installed('acme', ['csv'], moduleOf('csv', { title: '"Another"' })));
    expect(await registry.get('csv')).to.equal(csv.definition);
    const [finding, ...more] = await registry.check();
    expect(more).to.deep.equal([]);
    expect(finding).to.include({
      severity: 'error',
      code: 'RC_CONNECTOR_ID_DUPLICATE',
      package: 'acme',
      message:
        'The package "acme" brings a connector "csv", which Rollcall itself ("@rollcall/connector-csv") brings already; that one is used.',
    });
    expect(statuses(registry)).to.deep.equal([
      ['csv', '@rollcall/connector-csv', 'built-in', 'ok', null],
      ['csv', 'acme', 'project', 'broken', 'RC_CONNECTOR_ID_DUPLICATE'],
    ]);
  });

  it('only warns when a project installs the very package that is built in', async () => {
    const registry = await open(installed('@rollcall/connector-csv', ['csv'], moduleOf('csv')));
    expect((await registry.check()).map(({ severity, code }) => [severity, code])).to.deep.equal([
      ['warning', 'RC_CONNECTOR_ID_DUPLICATE'],
    ]);
  });

  it('prefers a configured package to one of the project', async () => {
    const registry = await open(
      {
        ...installed('acme', ['people'], moduleOf('people')),
        ...installed('beta', ['people'], moduleOf('people', { title: '"Beta"' })),
      },
      ['beta'],
    );
    expect((await registry.get('people')).title).to.equal('Beta');
    expect((await registry.check()).map(({ code, package: name }) => [code, name])).to.deep.equal([
      ['RC_CONNECTOR_ID_DUPLICATE', 'acme'],
    ]);
  });

  it('checks everything: what cannot be found, what cannot be loaded, what declares wrongly', async () => {
    const registry = await open(
      {
        ...installed('acme', ['acme'], moduleOf('acme')),
        ...installed('old', ['old'], moduleOf('old', { apiVersion: '0' })),
        ...installed('sloppy', ['sloppy'], moduleOf('sloppy', { title: '""', settings: '{}' })),
        ...installed('throws', ['throws'], 'throw new Error();'),
      },
      ['gone'],
    );
    const findings = await registry.check();
    expect(findings.map(({ package: name, code }) => [name, code])).to.deep.equal([
      ['gone', 'RC_CONNECTOR_PACKAGE_MISSING'],
      ['old', 'RC_CONNECTOR_API_VERSION'],
      ['sloppy', 'RC_CONNECTOR_TITLE_INVALID'],
      ['sloppy', 'RC_CONNECTOR_SETTINGS_INVALID'],
      ['throws', 'RC_CONNECTOR_IMPORT_FAILED'],
    ]);
    expect(await registry.check()).to.deep.equal(findings);
  });

  it('finds nothing to say about good connectors', async () => {
    expect(await (await open(installed('acme', ['acme'], moduleOf('acme')))).check()).to.deep.equal([]);
  });

  it('names a broken built-in connector once it is asked for', async () => {
    const registry = await open({}, [], [{ ...csv, definition: definitionOf('csv', { title: '' }) }]);
    expect(await refusal(registry.get('csv'))).to.include({ code: 'RC_CONNECTOR_BROKEN' });
    expect(statuses(registry)).to.deep.equal([
      ['csv', '@rollcall/connector-csv', 'built-in', 'broken', 'RC_CONNECTOR_TITLE_INVALID'],
    ]);
  });

  it('hands out lists that nobody can spoil', async () => {
    const registry = await open({});
    for (const row of registry.list()) row.status = 'broken';
    expect(registry.list().map(({ status }) => status)).to.deep.equal(['ok']);
  });
});
