import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { POPULATION } from '../v1/schemas/population.js';
import { WORK } from '../v1/schemas/work.js';

/** Version of the API, not of the package: it changes when what stands under `/v1` does. */
const API_VERSION = '1.0.0';

/** Collects the OpenAPI document from the schemas of all routes, and serves it. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  for (const [name, schema] of Object.entries({ ...POPULATION, ...WORK })) app.addSchema({ $id: name, ...schema });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Rollcall',
        version: API_VERSION,
        description:
          'Reading what Rollcall knows of the people of a tenant. Documents are those of the command line; keys may be added, none is renamed or removed.',
      },
      tags: [
        { name: 'reading', description: 'The population of a tenant, and how it came to be.' },
        { name: 'service', description: 'The health of the service.' },
      ],
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: rck_…' },
        },
      },
    },
    refResolver: { buildLocalReference: (json, _baseUri, _fragment, i) => nameOf(json.$id, i) },
  });
}

/** Serves the document; public, since it says nothing of any tenant. */
export function serveDescription(app: FastifyInstance): void {
  app.get('/v1/openapi.json', { schema: { hide: true } }, () => app.swagger());
}

function nameOf(id: unknown, i: number): string {
  return typeof id === 'string' ? id : `def-${i}`;
}
