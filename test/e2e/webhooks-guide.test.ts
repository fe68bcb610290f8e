import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, symlink } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { runInProcess, wordsOf } from '../cli/support.js';
import { RunningService } from './running-service.js';
import { removesProjects, syncedProject } from './support.js';

const page = new URL('../../../docs/guides/webhooks.md', import.meta.url);
const packages = fileURLToPath(new URL('../../../node_modules', import.meta.url));

/** The blocks of the guide in that language, in order. */
async function blocksOf(language: string): Promise<string[]> {
  const text = await readFile(page, 'utf8');
  return [...text.matchAll(/^```(\w+)\n(.*?)^```/gms)].flatMap(([, name, block = '']) =>
    name === language ? [block] : [],
  );
}

/** The first such part of a text; empty where there is none. */
const partOf = (text: string | undefined, pattern: RegExp): string => pattern.exec(text ?? '')?.[0] ?? '';

const ENDPOINT = /whe-[0-9a-z]{20,}/;

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return String(port);
}

describe('e2e/webhooks-guide: docs/guides/webhooks.md', () => {
  removesProjects();

  it('shows a receiver and command lines that work, in their order', async () => {
    const project = await syncedProject();
    const port = await freePort();
    const [allowed = ''] = await blocksOf('yaml');
    const [receiver = ''] = await blocksOf('js');
    await project.edit('rollcall.config.yaml', (text) => `${text}${allowed.replace('3000', port)}`);
    await project.write('receiver.mjs', receiver.replace('3000', port));
    await symlink(packages, project.file('node_modules'));
    const lines = (await blocksOf('sh')).flatMap((block) => block.split('\n').filter(Boolean));
    const run = async (line: string): Promise<string> => {
      const words = wordsOf(line.replace('rollcall ', '').replace(':3000', `:${port}`));
      const { exitCode, stdout, error } = await runInProcess([...words, '--project', project.root]);
      expect(exitCode, `${line} ${JSON.stringify(error)}`).to.equal(0);
      return stdout;
    };
    const created: string[] = [];
    for (const line of lines.filter((each) => each.includes('webhook create'))) created.push(await run(line));
    expect(created).to.have.length(2);
    const [elsewhere, local] = created;
    const [secret, id] = [partOf(local, /whsec_\S+/), partOf(local, ENDPOINT)];
    // The other endpoint is nowhere.
    await run(`rollcall webhook disable ${partOf(elsewhere, ENDPOINT)}`);
    const child = spawn(process.execPath, ['receiver.mjs'], {
      cwd: project.root,
      env: { WEBHOOK_SECRET: secret },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await using service = new RunningService(
        project.start(['serve', '--port', '0', '--slots', '0', '--quiet'], { now: null }),
      );
      await service.url();
      let heard = '';
      const told = new Promise<void>((resolve) => {
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          heard += text;
          if (/^3 user\.created usr-\S+$/m.test(heard)) resolve();
        });
      });
      for (const line of lines.filter((each) => !each.includes('webhook create'))) {
        await run(line.replace(/whe-\S+/, id));
        if (line.includes('recover')) await told;
      }
      expect((await service.stop('SIGTERM')).exitCode).to.equal(0);
    } finally {
      child.kill();
    }
  });
});
