import type { Logger } from '@rollcall/connector-kit';
import { expect } from 'chai';
import { Container } from 'inversify';
import { openDirectoryScope, type ScopeValues } from '#core/connectors/directory-scope.js';
import { ConnectorRegistry } from '#core/connectors/registry.js';
import { declaration, IMPORTS, installed, Projects } from './projects.js';

const silent: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

function valuesOf(url: string): ScopeValues {
  return {
    settings: { url },
    project: { root: '/project', spool: '/spool' },
    clock: { now: () => new Date(0) },
    log: silent,
  };
}

describe('core/connectors, from a package on disk to a connector', () => {
  const projects = new Projects();
  afterEach(() => projects.remove());

  const forms: [string, string][] = [
    ['factory', `${IMPORTS}\nexport default ${declaration('acme')};`],
    [
      'decorated class',
      `${IMPORTS}\nimport { inject, injectable } from 'inversify';
      class Acme { constructor(settings) { this.settings = settings; } async check() {} async *readFull() {} }
      inject(SETTINGS)(Acme, undefined, 0);\ninjectable()(Acme);
      export default ${declaration('acme', { needs: 'undefined', create: 'undefined', connector: 'Acme' })};`,
    ],
  ];
  for (const [form, source] of forms) {
    it(`makes the connector of a third party: ${form}`, async () => {
      const root = await projects.make(installed('acme', ['acme'], source));
      const registry = await ConnectorRegistry.open({ builtIn: [], root, configured: ['acme'] });
      const definition = await registry.get('acme');
      const scope = openDirectoryScope(new Container(), definition, valuesOf('third'));
      expect(scope.connector).to.have.deep.property('settings', { url: 'third' });
      await scope.close();
    });
  }
});
