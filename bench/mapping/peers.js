import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Installs the pinned peers into this folder alone, once. */
export function installPeers() {
  if (existsSync(`${here}node_modules/jmespath`) && existsSync(`${here}node_modules/jsonata`)) return;
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-workspaces', '--ignore-scripts'], {
    cwd: here,
    stdio: 'inherit',
  });
}
