#!/usr/bin/env node
/** Installs the servers that tests speak to, with apt. Never through sudo: whoever is not root is told to be. */
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { isInPath, orSayWhy, SetupFailed } from './setup.mjs';

export const serverPackages = ['postgresql', 'openssh-server', 'libnss-wrapper'];

/** Whether packages may be installed here without having been asked to. */
export function mayInstall(env = process.env, uid = process.getuid?.()) {
  return isInPath('apt-get', env) && (uid === 0 || env.CI === 'true');
}

export function installServers(packages = serverPackages) {
  if (!isInPath('apt-get')) {
    throw new SetupFailed(`No apt-get here: install what Debian calls ${packages.join(', ')} by other means.`);
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const { status, stdout, stderr } = spawnSync('apt-get', args, {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (status === 0) continue;
    const tail = `${stdout}${stderr}`.trimEnd().split('\n').slice(-20).join('\n');
    const hint = process.getuid?.() === 0 ? '' : ' It takes root: run `npm run setup:servers` as root.';
    throw new SetupFailed(`${tail}\napt-get ${args[0]} failed (${status}).${hint}`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await orSayWhy(() => {
    installServers();
    console.error(`Installed: ${serverPackages.join(', ')}. The tests start and stop them by themselves.`);
  });
}
