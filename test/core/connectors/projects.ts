import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConnector, type ConnectorDefinition, type FactoryDefinition } from '@rollcall/connector-kit';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));

/** Contents of files by their path; what is no text is written as JSON. */
export type Files = Readonly<Record<string, unknown>>;

/** Makes real projects on disk and takes them away again. */
export class Projects {
  readonly #folders: string[] = [];

  /** A folder with `files`, and with the packages of this repository that connectors import. */
  async make(files: Files): Promise<string> {
    const root = await realpath(await mkdtemp(join(tmpdir(), 'rollcall-project-')));
    this.#folders.push(root);
    await mkdir(join(root, 'node_modules', '@rollcall'), { recursive: true });
    for (const name of ['@rollcall/connector-kit', 'inversify']) {
      await symlink(join(repository, 'node_modules', name), join(root, 'node_modules', name), 'dir');
    }
    for (const [path, content] of Object.entries(files)) {
      const file = join(root, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    }
    return root;
  }

  async remove(): Promise<void> {
    for (const folder of this.#folders.splice(0)) await rm(folder, { recursive: true, force: true });
  }
}

/** The files of an installed connector package. */
export function installed(name: string, ids: readonly string[], source: string, more: Files = {}): Files {
  return {
    [`node_modules/${name}/package.json`]: {
      name,
      version: '1.2.3',
      type: 'module',
      exports: './index.js',
      rollcall: { connectors: ids },
      ...more,
    },
    [`node_modules/${name}/index.js`]: source,
  };
}

/** The source of a declaration in plain JavaScript; `change` replaces parts of it, as source text. */
export function declaration(id: string, change: Readonly<Record<string, string>> = {}): string {
  const parts = {
    id: JSON.stringify(id),
    apiVersion: '1',
    title: JSON.stringify(`The ${id} directory`),
    settings: `{ type: 'object', properties: { url: { type: 'string' } } }`,
    capabilities: `{ kinds: ['user'], full: true, delta: false, one: false, notifications: false }`,
    needs: '{ settings: SETTINGS }',
    create: `({ settings }) => ({ settings, async check() { return { steps: [], sample: [] }; }, async *readFull() {} })`,
    ...change,
  };
  const body = Object.entries(parts).map(([key, value]) => `${key}: ${value}`);
  return `defineConnector({ ${body.join(', ')} })`;
}

export const IMPORTS = `import { defineConnector, SETTINGS } from '@rollcall/connector-kit';`;

/** A module whose default export declares one connector. */
export function moduleOf(id: string, change: Readonly<Record<string, string>> = {}): string {
  return `${IMPORTS}\nexport default ${declaration(id, change)};\n`;
}

/** A definition made in the test itself. */
export function definitionOf(id: string, change: Partial<FactoryDefinition> = {}): ConnectorDefinition {
  return defineConnector({
    id,
    apiVersion: 1,
    title: `The ${id} directory`,
    settings: { type: 'object' },
    capabilities: { kinds: ['user', 'group'], full: true, delta: false, one: false, notifications: false },
    needs: {},
    create: () => ({ check: () => Promise.resolve({ steps: [], sample: [] }), readFull: nothing }),
    ...change,
  });
}

// eslint-disable-next-line @typescript-eslint/require-await -- a read of an empty source
export async function* nothing(): AsyncGenerator<never> {
  yield* [];
}
