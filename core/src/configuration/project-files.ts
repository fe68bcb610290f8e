import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** A text with the name under which people know its file. */
export interface FoundFile {
  /** Relative to the project, with `/`; a package's file as `@rollcall/mappings/hr-csv/user.yaml`. */
  file: string;
  text: string;
}

/** Finds the files that configuration names. */
export class ProjectFiles {
  /** @param resolveFrom - file URLs or paths from where packages are looked for, beside the project itself. */
  constructor(
    readonly root: string,
    private readonly resolveFrom: readonly string[],
  ) {}

  /** How people are told of a file. */
  shown(absolute: string): string {
    return path.relative(this.root, absolute).split(path.sep).join('/');
  }

  /**
   * A file named in another file: relative to the one that names it, else to the project. Null where it is in neither.
   */
  async read(named: string, holder: string): Promise<FoundFile | null> {
    const bases = [...new Set([path.dirname(path.resolve(this.root, holder)), this.root])];
    for (const base of bases) {
      const absolute = path.resolve(base, named);
      const text = await readText(absolute);
      if (text !== null) return { file: this.shown(absolute), text };
    }
    return null;
  }

  /** A file that a package brings: from the project's packages, else from those of whoever runs Rollcall. */
  async readFromPackage(specifier: string): Promise<FoundFile | null> {
    const bases = [path.join(this.root, 'package.json'), ...this.resolveFrom, import.meta.url];
    for (const base of bases) {
      const absolute = resolved(specifier, base);
      const text = absolute === null ? null : await readText(absolute);
      if (text !== null) return { file: specifier, text };
    }
    return null;
  }
}

function resolved(specifier: string, base: string): string | null {
  try {
    return createRequire(base.startsWith('file:') ? base : pathToFileURL(base)).resolve(specifier);
  } catch {
    return null;
  }
}

/** Null where there is no such file; a file that cannot be read is an error of the system. */
export async function readText(absolute: string): Promise<string | null> {
  try {
    return await readFile(absolute, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return null;
    throw error;
  }
}
