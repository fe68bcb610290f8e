import type { ConnectorDefinition } from '@rollcall/connector-kit';
import { expect } from 'chai';
import { checkManifest } from '#core/connectors/check-manifest.js';
import { definitionOf, nothing } from './projects.js';

const capabilities = { kinds: ['user'], full: true, delta: false, one: false, notifications: false };

class Plain {
  check = (): Promise<never> => Promise.reject(new Error('unused'));
  readFull = nothing;
}

/** A definition with parts that TypeScript would refuse, as plain JavaScript may send them. */
function altered(change: Readonly<Record<string, unknown>>): ConnectorDefinition {
  return { ...definitionOf('acme'), ...change };
}

const codes = (definition: ConnectorDefinition): string[] => checkManifest(definition, 'pkg').map(({ code }) => code);

const broken: [string, Record<string, unknown>, string, RegExp][] = [
  ['no id', { id: undefined }, 'RC_CONNECTOR_ID_INVALID', /id undefined/],
  ['an id with capitals', { id: 'Acme' }, 'RC_CONNECTOR_ID_INVALID', /"Acme"/],
  ['an id that begins with a digit', { id: '1acme' }, 'RC_CONNECTOR_ID_INVALID', /"1acme"/],
  ['an id with an underscore', { id: 'acme_hr' }, 'RC_CONNECTOR_ID_INVALID', /"acme_hr"/],
  ['an id without end', { id: 'a'.repeat(65) }, 'RC_CONNECTOR_ID_INVALID', /…/],
  ['another version of the contract', { apiVersion: 2 }, 'RC_CONNECTOR_API_VERSION', /version 2 .* speaks version 1/],
  ['a version as text', { apiVersion: '1' }, 'RC_CONNECTOR_API_VERSION', /version "1"/],
  ['no title', { title: '' }, 'RC_CONNECTOR_TITLE_INVALID', /title/],
  ['a title of two lines', { title: 'CSV\nfiles' }, 'RC_CONNECTOR_TITLE_INVALID', /title/],
  ['no settings', { settings: undefined }, 'RC_CONNECTOR_SETTINGS_INVALID', /no JSON Schema/],
  ['settings that are a list', { settings: [] }, 'RC_CONNECTOR_SETTINGS_INVALID', /no JSON Schema/],
  ['settings of no type', { settings: {} }, 'RC_CONNECTOR_SETTINGS_INVALID', /type object/],
  ['settings that are a text', { settings: { type: 'string' } }, 'RC_CONNECTOR_SETTINGS_INVALID', /type object/],
  [
    'a schema against its own rules',
    { settings: { type: 'object', required: 'url' } },
    'RC_CONNECTOR_SETTINGS_INVALID',
    /required/,
  ],
  [
    'a reference to nowhere',
    { settings: { type: 'object', $ref: '#/$defs/x' } },
    'RC_CONNECTOR_SETTINGS_INVALID',
    /\$defs/,
  ],
  [
    'another dialect',
    { settings: { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' } },
    'RC_CONNECTOR_SETTINGS_INVALID',
    /draft-07/,
  ],
  [
    'a secret mark that is a text',
    { settings: { type: 'object', properties: { password: { type: 'string', secret: 'yes' } } } },
    'RC_CONNECTOR_SETTINGS_INVALID',
    /secret/,
  ],
  ['no capabilities', { capabilities: undefined }, 'RC_CONNECTOR_CAPABILITIES_INVALID', /missing/],
  ['no kinds', { capabilities: { ...capabilities, kinds: [] } }, 'RC_CONNECTOR_CAPABILITIES_INVALID', /kinds/],
  [
    'an unknown kind',
    { capabilities: { ...capabilities, kinds: ['device'] } },
    'RC_CONNECTOR_CAPABILITIES_INVALID',
    /kinds/,
  ],
  [
    'a kind twice',
    { capabilities: { ...capabilities, kinds: ['user', 'user'] } },
    'RC_CONNECTOR_CAPABILITIES_INVALID',
    /twice/,
  ],
  [
    'a capability left out',
    { capabilities: { kinds: ['user'], full: true } },
    'RC_CONNECTOR_CAPABILITIES_INVALID',
    /"delta"/,
  ],
  [
    'a capability as text',
    { capabilities: { ...capabilities, one: 'no' } },
    'RC_CONNECTOR_CAPABILITIES_INVALID',
    /"one"/,
  ],
  [
    'volatile keys as text',
    { capabilities: { ...capabilities, volatile: 'etag' } },
    'RC_CONNECTOR_CAPABILITIES_INVALID',
    /volatile/,
  ],
  ['a push as text', { capabilities: { ...capabilities, push: 'yes' } }, 'RC_CONNECTOR_CAPABILITIES_INVALID', /"push"/],
  ['neither factory nor class', { create: undefined }, 'RC_CONNECTOR_FORM_INVALID', /neither/],
  ['a factory without needs', { needs: undefined }, 'RC_CONNECTOR_FORM_INVALID', /without "needs"/],
  ['a need that is no token', { needs: { http: 'http' } }, 'RC_CONNECTOR_FORM_INVALID', /"http"/],
  ['both forms', { connector: Plain }, 'RC_CONNECTOR_FORM_INVALID', /both/],
  [
    'a class that is none',
    { connector: {}, create: undefined, needs: undefined },
    'RC_CONNECTOR_FORM_INVALID',
    /no class/,
  ],
];

describe('core/connectors/check-manifest', () => {
  it('finds nothing in a good declaration of either form', () => {
    expect(codes(definitionOf('acme-hr2'))).to.deep.equal([]);
    expect(codes(altered({ connector: Plain, create: undefined, needs: undefined }))).to.deep.equal([]);
    expect(codes(altered({ capabilities: { ...capabilities, volatile: ['etag'] } }))).to.deep.equal([]);
    expect(codes(altered({ capabilities: { ...capabilities, full: false, push: true } }))).to.deep.equal([]);
  });

  for (const [what, change, code, message] of broken) {
    it(`names ${what}`, () => {
      const findings = checkManifest(altered(change), 'rollcall-connector-acme', { file: 'package.json' });
      expect(findings).to.have.length(1);
      const [finding] = findings;
      expect(finding).to.deep.include({
        severity: 'error',
        code,
        package: 'rollcall-connector-acme',
        where: { file: 'package.json' },
      });
      expect(finding?.message)
        .to.match(message)
        .and.match(/^The package "rollcall-connector-acme" .*[^.]\.$/s);
      expect(finding?.mend).to.match(/^[A-Z].*\.$/s);
    });
  }

  it('names everything that is wrong at once', () => {
    expect(codes(altered({ id: 'A', title: '', settings: {}, create: undefined }))).to.deep.equal([
      'RC_CONNECTOR_ID_INVALID',
      'RC_CONNECTOR_TITLE_INVALID',
      'RC_CONNECTOR_SETTINGS_INVALID',
      'RC_CONNECTOR_FORM_INVALID',
    ]);
  });

  it('judges nothing else in a declaration for another version of the contract', () => {
    expect(codes(altered({ apiVersion: 2, id: 'A', capabilities: {} }))).to.deep.equal(['RC_CONNECTOR_API_VERSION']);
  });

  it('accepts settings that mark secrets, name formats, choose by a key and carry keywords of their own', () => {
    const settings = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        password: { type: 'string', secret: true },
        url: { type: 'string', format: 'uri', help: 'Where the source answers.' },
        from: {
          type: 'object',
          discriminator: { propertyName: 'via' },
          required: ['via'],
          oneOf: [{ properties: { via: { const: 'folder' } } }, { properties: { via: { const: 'sftp' } } }],
        },
      },
      additionalProperties: false,
    };
    expect(codes(altered({ settings }))).to.deep.equal([]);
  });
});
