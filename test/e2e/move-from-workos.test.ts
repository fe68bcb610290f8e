import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { runInProcess, wordsOf } from '../cli/support.js';
import { RunningService } from './running-service.js';
import { removesProjects, syncedProject } from './support.js';

const page = new URL('../../../docs/guides/move-from-workos.md', import.meta.url);

/** Every command line that the guide shows. */
async function linesOf(): Promise<string[]> {
  const text = await readFile(page, 'utf8');
  return [...text.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = '']) => block.split('\n').filter(Boolean));
}

describe('e2e/move-from-workos: docs/guides/move-from-workos.md', () => {
  removesProjects();

  it('shows command lines that work, in their order', async () => {
    const lines = await linesOf();
    const serve = lines.find((line) => line.startsWith('rollcall serve')) ?? '';
    const project = await syncedProject();
    await using service = new RunningService(
      project.start(wordsOf(serve.replace('rollcall ', '').replace('8080', '0'))),
    );
    const url = await service.url();
    let token = '';
    const counts: number[] = [];
    for (const line of lines.filter((each) => each !== serve)) {
      if (line.startsWith('rollcall ')) {
        const words = wordsOf(line.replace('rollcall ', ''));
        const { exitCode, stdout, error } = await runInProcess([...words, '--project', project.root]);
        expect(exitCode, `${line} ${JSON.stringify(error)}`).to.equal(0);
        token = /rck_\S+/.exec(stdout)?.[0] ?? token;
      } else {
        expect(line).to.match(/^curl -H "Authorization: Bearer \$TOKEN" /);
        const address = wordsOf(line).at(-1)?.replace('http://127.0.0.1:8080', url) ?? '';
        const answer = await fetch(address, { headers: { authorization: `Bearer ${token}` } });
        expect(answer.status, line).to.equal(200);
        counts.push(((await answer.json()) as { data: unknown[] }).data.length);
      }
    }
    expect(counts).to.have.length(5);
    for (const count of counts) expect(count).to.be.greaterThan(0);
    expect((await service.stop('SIGTERM')).exitCode).to.equal(0);
  });
});
