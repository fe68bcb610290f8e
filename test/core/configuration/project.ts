import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { initProject } from '#core/configuration/init-project.js';

/** A project of its own for each test, as `init --example` writes it. */
export class ExampleProject {
  private constructor(readonly root: string) {}

  static async create(): Promise<ExampleProject> {
    const root = await mkdtemp(path.join(tmpdir(), 'rollcall-configuration-'));
    await initProject(root, { example: true });
    return new ExampleProject(root);
  }

  /** Replaces a text that must be there. */
  async edit(file: string, from: string, to: string): Promise<void> {
    const absolute = path.join(this.root, file);
    const text = await readFile(absolute, 'utf8');
    if (!text.includes(from)) throw new Error(`${file} does not hold: ${from}`);
    await writeFile(absolute, text.replace(from, to));
  }

  async write(file: string, text: string): Promise<void> {
    await writeFile(path.join(this.root, file), text);
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}
