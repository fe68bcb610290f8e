import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import scim, { observationOf, readSettings } from '@rollcall/connector-scim';
import { expect } from 'chai';
import { checkManifest } from '#core/connectors/check-manifest.js';

const PLUGIN = fileURLToPath(new URL('../../../../plugins/scim/', import.meta.url));
const README = readFileSync(`${PLUGIN}README.md`, 'utf8');

describe('plugins/scim: the connector', () => {
  it('is one that the runtime accepts', () => {
    expect(checkManifest(scim, '@rollcall/connector-scim')).to.deep.equal([]);
  });

  it('reads nothing, so that it proves nobody absent', async () => {
    const connector = scim.create({ settings: {} });
    const request = {
      kinds: ['user', 'group'] as const,
      mark: () => Promise.resolve(1),
      accepted: {},
      force: true,
      signal: new AbortController().signal,
    };
    const pages: unknown[] = [];
    for await (const page of connector.readFull(request)) pages.push(page);
    expect(pages).to.deep.equal([]);
  });

  it('says in its check that there is nothing to reach', async () => {
    const { steps, sample } = await scim.create({ settings: {} }).check(new AbortController().signal);
    expect(steps.map(({ ok }) => ok)).to.deep.equal([true]);
    expect(sample).to.deep.equal([]);
  });

  it('observes a resource under the id that was issued', () => {
    const resource = { userName: 'ada', active: true };
    expect(observationOf({ id: 's-1', resource })).to.deep.equal({ sourceId: 's-1', raw: { id: 's-1', ...resource } });
  });

  it('fills in the settings that are left out', () => {
    expect(readSettings({})).to.deep.equal({ conflicts: 'reactivate', accept: 'negotiate' });
    const written = { conflicts: 'strict', accept: 'application/json' };
    expect(readSettings(written)).to.deep.equal(written);
    expect(readSettings({ accept: 'application/scim+json' }).accept).to.equal('application/scim+json');
  });
});

describe('plugins/scim/README', () => {
  it('names every setting and its values', () => {
    for (const [key, property] of Object.entries(scim.settings.properties as Record<string, { enum: string[] }>)) {
      expect(README).to.include(`\`${key}\``);
      for (const value of property.enum) expect(README).to.include(`\`${value}\``);
    }
  });

  it('names every note and every cause', () => {
    const read = (name: string): string => readFileSync(`${PLUGIN}src/${name}`, 'utf8');
    const notes = [...read('http/request.ts').matchAll(/readonly note: '(\w+)'/g)].map(([, note = '']) => note);
    const causes = [...read('store.ts').matchAll(/'(scim\.\w+)'/g)].map(([, cause = '']) => cause);
    expect(notes.length).to.be.greaterThan(7);
    expect(causes.length).to.be.greaterThan(5);
    for (const word of [...notes, ...causes]) expect(README, word).to.include(`\`${word}\``);
  });

  it('is of a package without dependencies beside the kit', () => {
    const sources = readdirSync(`${PLUGIN}src`, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const imported = sources.flatMap((name) =>
      [...readFileSync(`${PLUGIN}src/${name}`, 'utf8').matchAll(/from '([^.'][^']*)'/g)].map(([, from]) => from),
    );
    expect(new Set(imported)).to.deep.equal(new Set(['@rollcall/connector-kit', 'node:crypto']));
  });
});
