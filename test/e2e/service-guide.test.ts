import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { runInProcess, wordsOf } from '../cli/support.js';
import { RunningService } from './running-service.js';
import { removesProjects, syncedProject } from './support.js';

const page = new URL('../../../docs/guides/service.md', import.meta.url);

/** Every command line that the guide shows. */
async function linesOf(): Promise<string[]> {
  const text = await readFile(page, 'utf8');
  return [...text.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = '']) => block.split('\n').filter(Boolean));
}

describe('e2e/service-guide: docs/guides/service.md', () => {
  removesProjects();

  it('shows command lines that work, in their order', async () => {
    const [serve = '', ...lines] = await linesOf();
    expect(serve).to.equal('rollcall serve --port 8080');
    const project = await syncedProject();
    await using service = new RunningService(
      project.start(wordsOf(serve.replace('rollcall ', '').replace('8080', '0'))),
    );
    const url = await service.url();
    const { token } = await project.json<{ token: string }>(['apikey', 'create', 'of-the-reader'], 0);
    let made = '';
    for (const line of lines) {
      if (line.startsWith('rollcall ')) {
        const words = wordsOf(line.replace('rollcall ', '').replace(/key-\S+/, made));
        const { exitCode, stdout, error } = await runInProcess([...words, '--project', project.root]);
        expect(exitCode, `${line} ${JSON.stringify(error)}`).to.equal(0);
        if (line.includes(' create ')) made = /key-[0-9a-z]{20,}/.exec(stdout)?.[0] ?? made;
      } else {
        expect(line).to.match(/^curl -H "Authorization: Bearer \$TOKEN" /);
        const address = wordsOf(line).at(-1)?.replace('http://127.0.0.1:8080', url) ?? '';
        const answer = await fetch(address, { headers: { authorization: `Bearer ${token}` } });
        expect(answer.status, line).to.equal(200);
        expect(((await answer.json()) as { format: string }).format).to.match(/^rollcall\.(users|explain|events)\/1$/);
      }
    }
    expect((await service.stop('SIGTERM')).exitCode).to.equal(0);
  });
});
