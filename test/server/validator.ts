import { createRequire } from 'node:module';

/** As much of Ajv as the tests need. */
interface Validator {
  addSchema(schema: object): void;
  compile(schema: object): ((value: unknown) => boolean) & { errors?: unknown };
}

/** The validator that core brings along: the one at the root of the tree is ESLint's, of another major version. */
export function openApiValidator(description: object): Validator {
  const fromCore = createRequire(import.meta.resolve('@rollcall/core'));
  const { Ajv2020 } = fromCore('ajv/dist/2020.js') as { Ajv2020: new (options: object) => Validator };
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ ...description, $id: 'api' });
  return ajv;
}
