import { access, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { findConnectors, type FoundPackage } from '#core/connectors/find.js';
import { loadPackage } from '#core/connectors/load.js';
import { definitionOf, installed, moduleOf, Projects } from './projects.js';

const names = (found: readonly FoundPackage[]): string[] => found.map(({ name }) => name);

function findingOf(
  found: readonly FoundPackage[],
  index = 0,
): { code: string; message: string; mend: string; where: unknown } {
  const one = found[index];
  if (one?.state !== 'unusable') throw new Error(`expected an unusable package, found ${JSON.stringify(one)}`);
  return one.finding;
}

describe('core/connectors/find', () => {
  const projects = new Projects();
  afterEach(() => projects.remove());

  const find = (root: string | null, configured: string[] = []): Promise<FoundPackage[]> =>
    findConnectors({ builtIn: [], root, configured });

  it('lists what the caller hands in, with and without the name of a package', async () => {
    const found = await findConnectors({
      builtIn: [
        { definition: definitionOf('csv'), package: '@rollcall/connector-csv', version: '0.1.0' },
        { definition: definitionOf('own') },
      ],
      root: null,
    });
    expect(found.map(({ name, version, origin }) => ({ name, version, origin }))).to.deep.equal([
      { name: '@rollcall/connector-csv', version: '0.1.0', origin: 'built-in' },
      { name: 'built in', version: null, origin: 'built-in' },
    ]);
  });

  it('lists dependencies and development dependencies that announce connectors, and no others', async () => {
    const root = await projects.make({
      'package.json': {
        dependencies: { 'rollcall-connector-acme': '1', plain: '1' },
        devDependencies: { '@acme/people': '1' },
      },
      ...installed('rollcall-connector-acme', ['acme', 'acme-groups'], moduleOf('acme')),
      ...installed('@acme/people', ['people'], moduleOf('people')),
      'node_modules/plain/package.json': { name: 'plain', version: '1.0.0' },
      ...installed('rollcall-connector-stray', ['stray'], moduleOf('stray')),
    });
    const found = await find(root);
    expect(found).to.deep.equal([
      {
        state: 'installed',
        origin: 'project',
        name: 'rollcall-connector-acme',
        version: '1.2.3',
        ids: ['acme', 'acme-groups'],
        folder: join(root, 'node_modules/rollcall-connector-acme'),
        file: 'node_modules/rollcall-connector-acme/package.json',
        entry: { main: undefined, exports: './index.js' },
      },
      {
        state: 'installed',
        origin: 'project',
        name: '@acme/people',
        version: '1.2.3',
        ids: ['people'],
        folder: join(root, 'node_modules/@acme/people'),
        file: 'node_modules/@acme/people/package.json',
        entry: { main: undefined, exports: './index.js' },
      },
    ]);
  });

  it('runs no package', async () => {
    const leavesATrace = `import { writeFileSync } from 'node:fs';\nwriteFileSync(new URL('ran', import.meta.url), '');\n`;
    const root = await projects.make({
      'package.json': { dependencies: { 'rollcall-connector-acme': '1' } },
      ...installed('rollcall-connector-acme', ['acme'], leavesATrace + moduleOf('acme')),
    });
    const trace = (): Promise<boolean> =>
      access(join(root, 'node_modules/rollcall-connector-acme/ran')).then(
        () => true,
        () => false,
      );
    const [found] = await find(root);
    expect(await trace()).to.equal(false);
    if (found !== undefined) await loadPackage(found);
    expect(await trace()).to.equal(true);
  });

  it('works in a project without a package.json', async () => {
    const root = await projects.make(installed('rollcall-connector-acme', ['acme'], moduleOf('acme')));
    expect(await find(root)).to.deep.equal([]);
    expect(names(await find(root, ['rollcall-connector-acme']))).to.deep.equal(['rollcall-connector-acme']);
  });

  it('finds a package that npm put into a folder above, as in a workspace', async () => {
    const root = await projects.make({
      ...installed('rollcall-connector-acme', ['acme'], moduleOf('acme')),
      'sites/one/package.json': { dependencies: { 'rollcall-connector-acme': '1' } },
    });
    const [found] = await find(join(root, 'sites/one'));
    expect(found).to.include({ state: 'installed', file: '../../node_modules/rollcall-connector-acme/package.json' });
  });

  it('looks from where the project really is when a link leads to it', async () => {
    const root = await projects.make({
      ...installed('rollcall-connector-acme', ['acme'], moduleOf('acme')),
      'sites/one/package.json': { dependencies: { 'rollcall-connector-acme': '1' } },
    });
    const link = join(await projects.make({}), 'link');
    await symlink(join(root, 'sites/one'), link, 'dir');
    expect((await find(link)).map(({ name, state }) => [name, state])).to.deep.equal([
      ['rollcall-connector-acme', 'installed'],
    ]);
  });

  it('takes a package that a workspace links into node_modules for the one behind the link', async () => {
    const root = await projects.make({
      'package.json': { dependencies: { acme: '*' } },
      'connectors/acme/package.json': { name: 'acme', version: '1.0.0', rollcall: { connectors: ['acme'] } },
    });
    await symlink(join(root, 'connectors/acme'), join(root, 'node_modules/acme'), 'dir');
    const found = await find(root, ['./connectors/acme']);
    expect(found.map(({ origin }) => origin)).to.deep.equal(['configured']);
  });

  it('takes configured packages by name, by relative and by absolute path', async () => {
    const local = { name: 'local', version: '2.0.0', rollcall: { connectors: ['local'] } };
    const root = await projects.make({
      ...installed('acme', ['acme'], moduleOf('acme')),
      'connectors/local/package.json': local,
      'connectors/other/package.json': { ...local, name: 'other' },
    });
    const found = await find(root, ['acme', './connectors/local', join(root, 'connectors/other')]);
    expect(found.map(({ name, origin, state }) => [name, origin, state])).to.deep.equal([
      ['acme', 'configured', 'installed'],
      ['local', 'configured', 'installed'],
      ['other', 'configured', 'installed'],
    ]);
  });

  it('lists a package once that is configured and a dependency too', async () => {
    const root = await projects.make({
      'package.json': { dependencies: { acme: '1' }, devDependencies: { acme: '1' } },
      ...installed('acme', ['acme'], moduleOf('acme')),
    });
    const found = await find(root, ['acme', './node_modules/acme']);
    expect(found.map(({ origin }) => origin)).to.deep.equal(['configured']);
  });

  it('names a configured package that is not installed, and how to install it', async () => {
    const found = await find(await projects.make({}), ['rollcall-connector-acme']);
    expect(findingOf(found)).to.include({
      code: 'RC_CONNECTOR_PACKAGE_MISSING',
      message: 'The package "rollcall-connector-acme" is not installed.',
      mend: "Install it in the project's folder: npm install rollcall-connector-acme",
    });
    expect(findingOf(found).where).to.deep.equal({ file: 'rollcall.config.yaml' });
  });

  it('names a configured path that leads to no package', async () => {
    const root = await projects.make({ 'connectors/single.js': moduleOf('single') });
    const found = await find(root, ['./nowhere', './connectors/single.js']);
    expect([findingOf(found, 0).code, findingOf(found, 1).code]).to.deep.equal([
      'RC_CONNECTOR_PACKAGE_MISSING',
      'RC_CONNECTOR_PACKAGE_MISSING',
    ]);
    expect(findingOf(found, 1).mend).to.match(/folder of a package/);
  });

  it('names a dependency that is not installed when its name says that it is a connector', async () => {
    const root = await projects.make({
      'package.json': {
        dependencies: {
          'rollcall-connector-a': '1',
          '@acme/rollcall-connector-b': '1',
          '@rollcall/connector-c': '1',
          left: '1',
        },
      },
    });
    const found = await find(root);
    expect(names(found)).to.deep.equal(['rollcall-connector-a', '@acme/rollcall-connector-b', '@rollcall/connector-c']);
    expect(findingOf(found)).to.include({
      code: 'RC_CONNECTOR_PACKAGE_MISSING',
      mend: "Install it in the project's folder: npm install",
    });
  });

  it('names a package.json of the project that is no JSON', async () => {
    const found = await find(await projects.make({ 'package.json': '{ "dependencies": ' }));
    expect(findingOf(found)).to.include({ code: 'RC_CONNECTOR_PACKAGE_INVALID', mend: 'Correct package.json.' });
  });

  it('names a broken package.json of a connector, and passes over that of a stranger', async () => {
    const root = await projects.make({
      'package.json': { dependencies: { stranger: '1', 'rollcall-connector-acme': '1' } },
      'node_modules/stranger/package.json': '[]',
      'node_modules/rollcall-connector-acme/package.json': '[]',
    });
    const found = await find(root);
    expect(names(found)).to.deep.equal(['rollcall-connector-acme']);
    expect(findingOf(found)).to.deep.include({
      code: 'RC_CONNECTOR_PACKAGE_INVALID',
      where: { file: 'node_modules/rollcall-connector-acme/package.json' },
    });
  });

  const fields: [string, unknown][] = [
    ['an array', ['acme']],
    ['without connectors', {}],
    ['an empty list', { connectors: [] }],
    ['ids that are no text', { connectors: ['acme', 7] }],
    ['an id in capitals', { connectors: ['Acme'] }],
  ];
  for (const [how, rollcall] of fields) {
    it(`names a rollcall field that cannot be read: ${how}`, async () => {
      const root = await projects.make({
        'package.json': { dependencies: { acme: '1' } },
        ...installed('acme', [], moduleOf('acme'), { rollcall }),
      });
      expect(findingOf(await find(root))).to.include({
        code: 'RC_CONNECTOR_PACKAGE_INVALID',
        message: 'The package "acme" announces its connectors in a form that cannot be read.',
      });
    });
  }

  it('names a configured package without a rollcall field', async () => {
    const root = await projects.make({ 'node_modules/plain/package.json': { name: 'plain' } });
    expect(findingOf(await find(root, ['plain'])).message).to.equal('The package "plain" announces no connector.');
  });

  it('follows no name out of node_modules', async () => {
    const outside = { name: 'outside', rollcall: { connectors: ['outside'] } };
    const root = await projects.make({
      'package.json': { dependencies: { '../outside': '1' } },
      'outside/package.json': outside,
    });
    expect(await find(root)).to.deep.equal([]);
    expect(names(await find(root, ['./outside']))).to.deep.equal(['outside']);
  });
});
