import { fileError } from '#core/rules/finding.js';
import { YamlText } from '#core/rules/yaml-text.js';
import { checkSettings, resolveSettings, secretsIn, type SettingsPlaces } from '#core/configuration/settings.js';
import type { JsonObject, JsonSchema } from '@rollcall/connector-kit';
import { expect } from 'chai';
import { brief, errorsOf, rejectionsOf } from '../mapping/errors.js';

const secret = { type: 'string', secret: true };
const schema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['from'],
  $defs: {
    login: { type: 'object', additionalProperties: false, properties: { user: { type: 'string' }, token: secret } },
  },
  properties: {
    from: {
      oneOf: [
        {
          type: 'object',
          additionalProperties: false,
          required: ['folder'],
          properties: { folder: { type: 'string' } },
        },
        {
          type: 'object',
          additionalProperties: false,
          required: ['sftp'],
          properties: { sftp: { $ref: '#/$defs/sftp' } },
        },
      ],
    },
    logins: { type: 'array', items: { $ref: '#/$defs/login' } },
    headers: { type: 'object', additionalProperties: secret },
    port: { type: 'integer', description: 'A whole number.' },
    archive: { oneOf: [{ const: false }, { type: 'string' }] },
  },
};
const sftp = {
  type: 'object',
  additionalProperties: false,
  required: ['host'],
  oneOf: [{ required: ['password'] }, { required: ['privateKey'] }],
  properties: { host: { type: 'string' }, password: secret, privateKey: secret },
};
(schema.$defs as Record<string, unknown>).sftp = sftp;

function placesIn(yaml: YamlText): SettingsPlaces {
  const where = { tenant: 'acme', directory: 'hr', file: 'tenants/acme.yaml' };
  return {
    where,
    keyPlace: (path) => yaml.keyPlace(path),
    valuePlace: (path) => yaml.valuePlace(path),
    errorAt: (place, code, what, mend) => fileError(code, what, { ...where, ...place }, mend),
  };
}

function check(text: string): ReturnType<typeof errorsOf> {
  const yaml = new YamlText(text, 'tenants/acme.yaml');
  return errorsOf(() => {
    checkSettings(yaml.value as JsonObject, schema, placesIn(yaml));
  });
}

describe('core/configuration/settings', () => {
  for (const text of [
    'from: { folder: in }',
    "from: { sftp: { host: h, password: 'env:P' } }",
    "{ from: { folder: a }, logins: [{ token: 'file:t' }] }",
    '{ from: { folder: a }, archive: false }',
  ]) {
    it(`is content with ${text}`, () => {
      expect(check(text)).to.deep.equal([]);
    });
  }

  const refused: [string, string[], string?][] = [
    ['form: { folder: a }', ['RC_CONFIG_UNKNOWN_KEY 1:1'], 'Did you mean "from"?'],
    ['from: { fodler: a }', ['RC_CONFIG_UNKNOWN_KEY 1:9'], 'Did you mean "folder"?'],
    ['from: {}', ['RC_CONFIG_INVALID 1:7'], 'Write one of folder, sftp.'],
    ['from: { folder: a, sftp: {} }', ['RC_CONFIG_INVALID 1:7']],
    ["from: { sftp: { hots: h, password: 'env:P' } }", ['RC_CONFIG_UNKNOWN_KEY 1:17'], 'Did you mean "host"?'],
    ['from: { sftp: { host: h } }', ['RC_CONFIG_INVALID 1:15'], 'Write one of password, privateKey.'],
    [
      "from: { sftp: { host: h, password: 'env:P', privateKey: 'env:K' } }",
      ['RC_CONFIG_INVALID 1:15'],
      'Write one of password, privateKey.',
    ],
    ['{ from: { folder: a }, port: x }', ['RC_CONFIG_INVALID 1:30'], 'A whole number.'],
    ['{ from: { folder: 7 } }', ['RC_CONFIG_INVALID 1:19'], 'Put it in quotes.'],
    [
      'from: { sftp: { host: h, password: geheim } }',
      ['RC_SECRET_LITERAL 1:36'],
      'Write env:NAME or file:PATH, and put the secret there.',
    ],
    ['{ from: { folder: a }, logins: [{}, { token: geheim }] }', ['RC_SECRET_LITERAL 1:46']],
    ['{ from: { folder: a }, headers: { X-Key: geheim } }', ['RC_SECRET_LITERAL 1:42']],
  ];
  for (const [text, expected, mend] of refused) {
    it(`refuses ${text}`, () => {
      const errors = check(text);
      expect(errors.map(brief)).to.deep.equal(expected);
      expect(errors[0]?.where).to.include({ tenant: 'acme', directory: 'hr', file: 'tenants/acme.yaml' });
      expect(errors[0]).to.have.property('exitCode', 78);
      expect(JSON.stringify(errors) + errors.map(({ message }) => message).join()).not.to.include('geheim');
      if (mend !== undefined) expect(errors[0]?.mend).to.equal(mend);
    });
  }

  const settings: JsonObject = {
    from: { sftp: { host: 'env:HOST', password: 'env:P' } },
    logins: [{ user: 'u', token: 'env:T' }],
    headers: { a: 'env:P' },
  };

  it('hands the connector what the references stand for, and leaves other texts and the settings themselves alone', async () => {
    const before = structuredClone(settings);
    const resolved = await resolveSettings(settings, schema, {
      root: '/',
      env: { P: 'p', T: 't', HOST: 'no' },
      where: {},
    });
    expect(resolved).to.deep.equal({
      from: { sftp: { host: 'env:HOST', password: 'p' } },
      logins: [{ user: 'u', token: 't' }],
      headers: { a: 'p' },
    });
    expect(settings).to.deep.equal(before);
  });

  it('says whose secret is missing', async () => {
    const where = { tenant: 'acme', directory: 'hr' };
    const [error] = await rejectionsOf(resolveSettings(settings, schema, { root: '/', env: { P: 'p' }, where }));
    expect(error).to.deep.include({ code: 'RC_SECRET_MISSING', where });
  });

  it('lists the references', () => {
    expect(secretsIn(settings, schema, {}).map(({ text }) => text)).to.deep.equal(['env:P', 'env:T', 'env:P']);
  });
});
