import { join } from 'node:path';
import { expect } from 'chai';
import { findConnectors, type FoundPackage } from '#core/connectors/find.js';
import { loadPackage, type LoadedConnector } from '#core/connectors/load.js';
import { declaration, definitionOf, IMPORTS, installed, moduleOf, Projects, type Files } from './projects.js';

describe('core/connectors/load', () => {
  const projects = new Projects();
  afterEach(() => projects.remove());

  async function foundIn(files: Files): Promise<FoundPackage> {
    const root = await projects.make(files);
    const [found, ...more] = await findConnectors({ builtIn: [], root, configured: ['acme'] });
    if (found === undefined || more.length > 0) throw new Error('the case must hold one package');
    return found;
  }

  /** Loads the one package `acme`, whose index.js is `source`. */
  async function load(source: string, ids = ['acme'], more: Files = {}): Promise<LoadedConnector[]> {
    return loadPackage(await foundIn(installed('acme', ids, source, more)));
  }

  async function findingOf(source: string): Promise<{ code: string; message: string; mend: string }> {
    const [loaded, ...more] = await load(source);
    expect(more).to.deep.equal([]);
    if (loaded?.ok !== false) throw new Error('expected a broken connector');
    expect(loaded).to.include({ id: 'acme', package: 'acme' });
    expect(loaded.finding.where).to.deep.equal({ file: 'node_modules/acme/package.json' });
    return loaded.finding;
  }

  const idsOf = (loaded: readonly LoadedConnector[]): unknown[] => loaded.map(({ ok, id }) => [ok, id]);

  it('takes the default export', async () => {
    const [loaded] = await load(moduleOf('acme'));
    expect(loaded).to.deep.include({ ok: true, id: 'acme', package: 'acme' });
    expect(loaded?.ok === true && loaded.definition.title).to.equal('The acme directory');
  });

  it('takes named exports, several of them, beside what is no connector', async () => {
    const source = `${IMPORTS}\nexport const a = ${declaration('acme')};\nexport const b = ${declaration('acme-hr')};
      export const version = '1';\nexport default function helper() {}\n`;
    expect(idsOf(await load(source, ['acme-hr', 'acme']))).to.deep.equal([
      [true, 'acme-hr'],
      [true, 'acme'],
    ]);
  });

  it('takes one definition exported twice as one', async () => {
    expect(idsOf(await load(`${moduleOf('acme')}\nexport { default as acme } from './index.js';`))).to.deep.equal([
      [true, 'acme'],
    ]);
  });

  it('takes what CommonJS exports, whole and under "default"', async () => {
    const marked = `const definition = { [Symbol.for('rollcall.connector')]: 1, id: 'acme', apiVersion: 1, title: 'Acme',
      settings: { type: 'object' }, needs: {}, create() {},
      capabilities: { kinds: ['user'], full: true, delta: false, one: false, notifications: false } };`;
    for (const end of ['module.exports = definition', 'exports.default = definition', 'exports.acme = definition']) {
      expect(idsOf(await load(`${marked}\n${end};`, ['acme'], { type: 'commonjs' })), end).to.deep.equal([
        [true, 'acme'],
      ]);
    }
  });

  it('loads a package that only import may enter', async () => {
    const loaded = await load(moduleOf('acme'), ['acme'], { exports: { '.': { import: './index.js' } } });
    expect(idsOf(loaded)).to.deep.equal([[true, 'acme']]);
  });

  it('takes a decorated class', async () => {
    const source = `${IMPORTS}\nimport { inject, injectable } from 'inversify';
      class Acme { constructor(settings) { this.settings = settings; } async check() {} async *readFull() {} }
      inject(SETTINGS)(Acme, undefined, 0);\ninjectable()(Acme);
      export default ${declaration('acme', { needs: 'undefined', create: 'undefined', connector: 'Acme' })};`;
    expect(idsOf(await load(source))).to.deep.equal([[true, 'acme']]);
  });

  it('checks what is built in as well', async () => {
    const builtIn = (definition: ReturnType<typeof definitionOf>): FoundPackage => ({
      state: 'built-in',
      origin: 'built-in',
      name: 'built in',
      version: null,
      definition,
    });
    expect(idsOf(await loadPackage(builtIn(definitionOf('csv'))))).to.deep.equal([[true, 'csv']]);
    expect(idsOf(await loadPackage(builtIn(definitionOf('csv', { title: '' }))))).to.deep.equal([[false, 'csv']]);
  });

  it('names a package that throws while it loads, in one line', async () => {
    const finding = await findingOf(`throw new Error('no licence\\u001b[31m\\nsecond line');`);
    expect(finding).to.include({
      code: 'RC_CONNECTOR_IMPORT_FAILED',
      message: String.raw`The package "acme" cannot be loaded: no licence\x1b[31m.`,
    });
    expect(finding.mend).to.match(/^Update the package/);
  });

  it('names a package that throws what is no error', async () => {
    expect((await findingOf(`throw 'x';`)).message).to.equal('The package "acme" cannot be loaded: x.');
    expect((await findingOf(`throw null;`)).message).to.equal('The package "acme" cannot be loaded: null.');
  });

  it('names a package with a syntax error', async () => {
    expect(await findingOf('export default {')).to.include({ code: 'RC_CONNECTOR_IMPORT_FAILED' });
  });

  it('names a package that imports what is not installed, and says to install it', async () => {
    const finding = await findingOf(`import 'not-there';`);
    expect(finding.message).to.match(/not-there/);
    expect(finding.mend).to.match(/npm install/);
  });

  it('gives the advice of an error of Rollcall as it is', async () => {
    const finding = await findingOf(`import { RollcallError } from '@rollcall/connector-kit';
      throw new RollcallError('RC_ACME_LICENCE', 78, 'stop', { what: 'No licence', mend: 'Buy one.' });`);
    expect(finding.mend).to.equal('Buy one.');
  });

  it('names a package whose file is not there', async () => {
    const loaded = await load('', ['acme', 'acme-hr'], { exports: './dist/index.js' });
    expect(idsOf(loaded)).to.deep.equal([
      [false, 'acme'],
      [false, 'acme-hr'],
    ]);
    expect(loaded[0]?.ok === false && loaded[0].finding).to.include({ code: 'RC_CONNECTOR_IMPORT_FAILED' });
  });

  it('does not wait for a package that never finishes loading', async () => {
    const found = await foundIn(installed('acme', ['acme'], `await new Promise(() => {});\n${moduleOf('acme')}`));
    const [loaded] = await loadPackage(found, { importTimeoutMs: 20 });
    expect(loaded?.ok === false && loaded.finding.message).to.equal(
      'The package "acme" cannot be loaded: it did not finish loading within 0.02 s.',
    );
  });

  it('leaves no timer behind that would keep the process alive', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const found = await foundIn(installed('acme', ['acme'], moduleOf('acme')));
    const before = timers();
    await loadPackage(found);
    expect(timers()).to.equal(before);
  });

  it('names a package that exports no connector', async () => {
    for (const source of ['export {};', `export default { id: 'acme', apiVersion: 1 };`, 'export default null;']) {
      expect(await findingOf(source), source).to.include({ code: 'RC_CONNECTOR_NOT_EXPORTED' });
    }
  });

  it('names another version of the contract', async () => {
    expect(await findingOf(moduleOf('acme', { apiVersion: '2' }))).to.include({ code: 'RC_CONNECTOR_API_VERSION' });
  });

  it('names a settings schema that is none', async () => {
    expect(await findingOf(moduleOf('acme', { settings: `{ type: 'object', properties: 7 }` }))).to.include({
      code: 'RC_CONNECTOR_SETTINGS_INVALID',
    });
  });

  it('names two different connectors under one id', async () => {
    const source = `${IMPORTS}\nexport const a = ${declaration('acme')};\nexport const b = ${declaration('acme')};`;
    expect(await findingOf(source)).to.include({ code: 'RC_CONNECTOR_ID_DUPLICATE' });
  });

  it('names a connector that package.json does not announce, beside the good one', async () => {
    const source = `${IMPORTS}\nexport const a = ${declaration('acme')};\nexport const b = ${declaration('other', { title: '""' })};`;
    const [good, stray, ...more] = await load(source);
    expect([good?.ok, more]).to.deep.equal([true, []]);
    if (stray?.ok !== false) throw new Error('expected a broken connector');
    expect(stray.id).to.equal(null);
    expect(stray.findings.map(({ code }) => code)).to.deep.equal([
      'RC_CONNECTOR_NOT_ANNOUNCED',
      'RC_CONNECTOR_TITLE_INVALID',
    ]);
    expect(stray.finding.message).to.equal(
      'The package "acme" exports a connector "other" that its package.json does not announce.',
    );
  });

  it('survives a forged definition that throws when it is read', async () => {
    const source = `export default { [Symbol.for('rollcall.connector')]: 1, id: 'acme', get title() { throw new Error('trap'); } };`;
    expect((await findingOf(source)).message).to.equal('The package "acme" cannot be loaded: trap.');
  });

  it('tells what an unusable package lacks', async () => {
    const root = await projects.make({});
    const [found] = await findConnectors({ builtIn: [], root, configured: [join('.', 'acme')] });
    const loaded = found === undefined ? [] : await loadPackage(found);
    expect(idsOf(loaded)).to.deep.equal([[false, null]]);
    expect(loaded[0]?.ok === false && loaded[0].finding.code).to.equal('RC_CONNECTOR_PACKAGE_MISSING');
  });
});
