import { expect } from 'chai';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { editorSchemas } from '#core/configuration/editor-schemas.js';
import { PROJECT_TEMPLATE } from '#core/configuration/project-template.js';
import type { Schema } from '#core/model/catalogue.js';
import { SchemaCheck } from '#core/rules/schema-check.js';
import { YamlText } from '#core/rules/yaml-text.js';

const folder = new URL('../../../../core/schemas/', import.meta.url);
const schemas = editorSchemas();

const written: Readonly<Record<string, string>> = {
  'rollcall.config.yaml': 'configuration.schema.json',
  'tenants/acme.yaml': 'tenant.schema.json',
  'mappings/hr.yaml': 'mapping.schema.json',
  'mappings/hr.test.yaml': 'cases.schema.json',
  'mappings/it.yaml': 'mapping.schema.json',
  'mappings/it.test.yaml': 'cases.schema.json',
};

describe('core/configuration/editor-schemas', () => {
  it('has a file for each schema and no other', () => {
    // UPDATE_GOLDEN=1 writes the files anew; the difference is for review.
    if (process.env.UPDATE_GOLDEN === '1') {
      for (const [name, schema] of Object.entries(schemas))
        writeFileSync(new URL(name, folder), `${JSON.stringify(schema, null, 2)}\n`);
    }
    expect(readdirSync(folder).sort()).to.deep.equal(Object.keys(schemas).sort());
  });

  for (const [name, schema] of Object.entries(schemas)) {
    it(`gives editors in ${name} what files are checked with`, () => {
      expect(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))).to.deep.equal(JSON.parse(JSON.stringify(schema)));
    });
  }

  const codes = (name: string, text: string): string[] => {
    const schema = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Schema;
    return new SchemaCheck(schema).errorsOf(new YamlText(text, 'x.yaml')).map(({ code }) => code);
  };

  for (const [file, name] of Object.entries(written)) {
    it(`accepts ${file} of a new project with ${name}, and no unknown key in it`, () => {
      const text = PROJECT_TEMPLATE.find((template) => template.file === file)?.text ?? '';
      expect(codes(name, text)).to.deep.equal([]);
      expect(codes(name, `${text}\nsomething: else\n`)).to.deep.equal(['RC_CONFIG_UNKNOWN_KEY']);
    });
  }

  it('knows the rules of a tenant file and the attributes of a mapping', () => {
    const tenant = 'tenant: a\ntimeZone: UTC\ndirectories: {}\n';
    expect(codes('tenant.schema.json', `${tenant}rules: { prioritty: [hr] }`)).to.deep.equal(['RC_CONFIG_UNKNOWN_KEY']);
    expect(codes('tenant.schema.json', `${tenant}rules: { priority: [hr] }`)).to.deep.equal([]);
    expect(codes('tenant.schema.json', `${tenant}rules: rules/a.yaml`)).to.deep.equal([]);
    const mapping = 'mapping: a\nkind: user\nsourceId: id\nattributes:\n';
    expect(codes('mapping.schema.json', `${mapping}  titel: t`)).to.deep.equal(['RC_CONFIG_UNKNOWN_KEY']);
    expect(codes('mapping.schema.json', `${mapping}  title: t\n  custom.badge: b`)).to.deep.equal([]);
  });
});
