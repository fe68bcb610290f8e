import type { Sql } from '../store/table.js';
import { listDirectories, type Directory } from '../tenancy/directories.js';

/** The directories of a tenant by id; a tenant has few. */
export type DirectoriesById = ReadonlyMap<string, Directory>;

/** Loads them all in one statement. */
export async function directoriesById(sql: Sql, tenantId: string): Promise<DirectoriesById> {
  const directories = await listDirectories(sql, tenantId);
  return new Map(directories.map((directory) => [directory.id, directory]));
}

/** The name of a directory; its id where it is not there. */
export function nameOf(directories: DirectoriesById, id: string): string {
  return directories.get(id)?.name ?? id;
}

/** The place of a directory in the tenant's file. */
export function positionOf(directories: DirectoriesById, id: string): number {
  return directories.get(id)?.position ?? Number.MAX_SAFE_INTEGER;
}
