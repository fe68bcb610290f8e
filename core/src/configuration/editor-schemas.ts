import { casesSchema } from '../mapping/cases-schema.js';
import { mappingSchema } from '../mapping/mapping-schema.js';
import { catalogueOf, type Schema } from '../model/catalogue.js';
import { rulesSchema } from '../rules/rules-schema.js';
import { configurationSchema } from './configuration-schema.js';
import { tenantSchema } from './tenant-schema.js';

/** JSON Schemas by file name, as editors get them: the very ones with which files are checked. */
export function editorSchemas(): Readonly<Record<string, Schema>> {
  const { $schema, ...rules } = rulesSchema;
  return {
    'configuration.schema.json': configurationSchema,
    'tenant.schema.json': tenantSchema(rules),
    'rules.schema.json': { $schema, ...rules },
    'mapping.schema.json': mappingSchema(catalogueOf().keys()),
    'cases.schema.json': casesSchema,
  };
}
