import type { FastifyRequest } from 'fastify';
import type { TenantNames } from '@rollcall/core';
import type { SurfaceContext } from '../options.js';
import type { WorkosProfile } from './event-names.js';

/** What the routes of the WorkOS-compatible API are built with. */
export type WorkosContext = Pick<SurfaceContext, 'rollcall' | 'limits'>;

/** The tenants that the request's key is good for. */
export async function tenantsOf({ rollcall }: WorkosContext, { apiKey }: FastifyRequest): Promise<TenantNames> {
  return apiKey?.tenants ?? (await rollcall.tenants());
}

/** How the key's consumer wants to see who is inactive. */
export function profileOf({ apiKey }: FastifyRequest): WorkosProfile {
  return apiKey?.consumer.inactive === 'deleted' ? 'workos_default' : 'keep_inactive';
}

/** The id that the path ends with. */
export function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id;
}
