// A service of thirty lines that embeds Rollcall: it syncs a project's tenant when it starts and serves its people.
// Run it in a project (rollcall init . --example): node server.mjs [PROJECT] ; then: curl localhost:$PORT/users
import { createServer } from 'node:http';
import csv from '@rollcall/connector-csv';
import { createRollcall, errorBody, readProject } from '@rollcall/core';

const root = process.argv[2] ?? process.cwd();
const configuration = await readProject(root, { resolveFrom: import.meta.url });
const rollcall = await createRollcall({ store: configuration.store, connectors: [csv], root, configuration });
await rollcall.apply(configuration);
const tenant = await rollcall.tenant(configuration.tenants[0].tenant);
await tenant.sync();

const routes = {
  '/users': (url) => tenant.users.list({ after: url.searchParams.get('after') ?? undefined }),
  '/explain': (url) => tenant.explain(url.searchParams.get('who') ?? ''),
};
const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const route = routes[url.pathname];
  try {
    const body = route
      ? await route(url)
      : { error: { code: 'NOT_FOUND', message: 'GET /users or /explain?who=hr:E1003' } };
    response.writeHead(route ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  } catch (error) {
    response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: errorBody(error) }));
  }
});
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () =>
  console.log(`http://127.0.0.1:${server.address().port}`),
);
process.once('SIGTERM', () => server.close(() => rollcall.close()));
