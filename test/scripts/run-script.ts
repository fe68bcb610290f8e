import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../../..');

export interface Answer {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `node SCRIPT ARGS` with exactly this environment. */
export function runScript(script: string, args: string[], env: NodeJS.ProcessEnv = process.env): Answer {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', env });
  return { code: status, out: stdout, err: stderr };
}

/** A folder of its own for a test, removed with `remove`. */
export class Scratch {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'rollcall-scripts-'));

  at(...parts: string[]): string {
    return path.join(this.folder, ...parts);
  }

  write(file: string, text: string): string {
    mkdirSync(path.dirname(this.at(file)), { recursive: true });
    writeFileSync(this.at(file), text);
    return this.at(file);
  }

  read(file: string): string {
    return readFileSync(this.at(file), 'utf8');
  }

  link(file: string, target: string): void {
    mkdirSync(path.dirname(this.at(file)), { recursive: true });
    symlinkSync(target, this.at(file));
  }

  /** A PATH with these programs alone; each is a shell script (`exit 0` where no text is given). */
  programs(texts: Record<string, string>): string {
    mkdirSync(this.at('bin'), { recursive: true });
    for (const [name, text] of Object.entries(texts)) {
      this.write(`bin/${name}`, `#!/bin/sh\n${text}\n`);
      chmodSync(this.at('bin', name), 0o755);
    }
    return this.at('bin');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
