import { expect } from 'chai';
import type { Readable } from 'node:stream';
import { listCommands, type ListedCommand } from '#cli/command-list.js';
import { DOCUMENTS } from '#cli/documents.js';
import { runInProcess, wordsOf } from '../cli/support.js';
import { tenantFile } from '../support/pushed.js';
import { RunningService } from './running-service.js';
import {
  emptyProject,
  ended,
  FIRST_DAY,
  hrFile,
  NEXT_DAY,
  nextHr,
  removesProjects,
  syncedProject,
  type TestProject,
} from './support.js';

/** Exit codes that an example may end with beside 0. */
const OTHER_CODES: Readonly<Record<string, number>> = { '--detailed-exitcode': 2 };

/** What an example needs beside a synced project. */
async function prepare(project: TestProject): Promise<void> {
  await project.write(
    'record.json',
    JSON.stringify({ employee_id: 'E1004', status: 'Active', department: 'Research' }),
  );
  await project.write(
    'rules.yaml',
    'priority: [hr, it]\nattributes:\n  active: { from: [hr, it] }\n  department: { from: [it, hr] }\n',
  );
}

async function runExample(
  project: TestProject,
  line: string,
  now: string,
): Promise<{ exitCode: number; stdout: string; said: string }> {
  const before = process.cwd();
  process.chdir(project.root);
  try {
    const ended = await runInProcess(line.replace(/^rollcall /, ''), { env: { ROLLCALL_NOW: now } });
    return { ...ended, said: `${line}: ${JSON.stringify(ended)}` };
  } finally {
    process.chdir(before);
  }
}

/** Waits until a stream says a word. */
function heard(stream: Readable, word: string): Promise<void> {
  let text = '';
  return new Promise((resolve) => {
    stream.on('data', (part: string) => {
      text += part;
      if (text.includes(word)) resolve();
    });
  });
}

/** Every key of a document that is ours to describe is described. */
function expectDocumented({ format, ...keys }: { format?: string }, said: string): void {
  expect(format, said).to.match(/^rollcall\.[a-z-]+\/1$/);
  const described = DOCUMENTS[format ?? ''];
  if (described !== undefined) expect(Object.keys(described), said).to.include.members(Object.keys(keys));
}

const commands: ListedCommand[] = await listCommands();
const withId = (name: string): boolean =>
  /^(review (approve|reject|undo)|override clear|apikey (rotate|revoke)|directory (rotate-token|tokens|revoke-token)|webhook (show|update|rotate-secret|disable|enable|remove|resend|recover)|events (tail|resend)|serve)$/.test(
    name,
  );

describe('e2e/cli-examples: what --help shows works', () => {
  removesProjects();

  for (const { name, examples } of commands.filter((command) => !withId(command.name))) {
    it(`runs the examples of ${name}`, async () => {
      expect(examples).to.have.length(2);
      const project = name === 'init' ? await emptyProject() : await syncedProject();
      if (name !== 'init') await prepare(project);
      for (const { command } of examples) {
        const { exitCode, stdout, said } = await runExample(project, command, FIRST_DAY);
        const others = Object.entries(OTHER_CODES).flatMap(([flag, code]) => (command.includes(flag) ? [code] : []));
        expect([0, ...others], said).to.include(exitCode);
        if (command.includes('--json')) expectDocumented(JSON.parse(stdout) as object, said);
        else expect(stdout, said).to.not.equal('');
      }
    });
  }

  for (const { name, examples } of commands.filter(
    (command) => command.name === 'review approve' || command.name === 'review reject',
  )) {
    it(`runs the examples of ${name} on a review that is open`, async () => {
      for (const { command } of examples) {
        const project = await syncedProject();
        await nextHr(project, hrFile({ E1001: null, E1002: null, E1003: null }));
        await runExample(project, 'rollcall sync', NEXT_DAY);
        const { items } = await project.json<{ items: { id: string }[] }>(['review', 'list'], 0, { now: NEXT_DAY });
        const { exitCode, said } = await runExample(
          project,
          command.replace(/rev-\S+/, items[0]?.id ?? 'none'),
          NEXT_DAY,
        );
        expect(exitCode, said).to.equal(0);
      }
    });
  }

  it('runs the examples of the tokens of a directory that is pushed to', async () => {
    const examplesOf = (name: string): string[] =>
      commands
        .filter((command) => command.name === name)
        .flatMap(({ examples }) => examples.map(({ command }) => command));
    const project = await syncedProject();
    await project.write('tenants/acme.yaml', tenantFile());
    await runExample(project, 'rollcall apply --yes', FIRST_DAY);
    let id = '';
    for (const line of [...examplesOf('directory rotate-token'), ...examplesOf('directory tokens')]) {
      const { exitCode, stdout, said } = await runExample(project, line, FIRST_DAY);
      expect(exitCode, said).to.equal(0);
      if (!line.includes('--json')) continue;
      const document = JSON.parse(stdout) as { format: string; directoryToken?: { id: string } };
      expectDocumented(document, said);
      id = document.directoryToken?.id ?? id;
    }
    for (const line of examplesOf('directory revoke-token')) {
      const { exitCode, stdout, said } = await runExample(project, line.replace(/(dtk-|rcd_)\S+/, id), FIRST_DAY);
      expect(exitCode, said).to.equal(0);
      if (line.includes('--json')) expectDocumented(JSON.parse(stdout) as object, said);
    }
  });

  for (const { name, examples } of commands.filter((command) => command.name === 'review undo')) {
    it(`runs the examples of ${name} on a merge that was approved`, async () => {
      for (const { command } of examples) {
        const project = await syncedProject();
        await nextHr(project, `${hrFile()}E1009;Carol;Shaw;carol@agency.example;Games;Active;2026-03-01;\n`);
        await runExample(project, 'rollcall sync', NEXT_DAY);
        const { items } = await project.json<{ items: { id: string }[] }>(['review', 'list'], 0, { now: NEXT_DAY });
        const id = items[0]?.id ?? 'none';
        await runExample(project, `rollcall review approve ${id} --reason hired`, NEXT_DAY);
        const { exitCode, stdout, said } = await runExample(project, command.replace(/rev-\S+/, id), NEXT_DAY);
        expect(exitCode, said).to.equal(0);
        if (command.includes('--json')) expectDocumented(JSON.parse(stdout) as object, said);
        else expect(stdout, said).to.contain('1 user reactivated');
      }
    });
  }

  for (const { name, examples } of commands.filter((command) => command.name === 'override clear')) {
    it(`runs the examples of ${name} on an override that is set`, async () => {
      for (const { command } of examples) {
        const project = await syncedProject();
        await runExample(
          project,
          'rollcall override set hr:E1003 active true --reason handover --until 2099-03-31',
          FIRST_DAY,
        );
        const { items } = await project.json<{ items: { id: string }[] }>(['override', 'list'], 0);
        const { exitCode, said } = await runExample(
          project,
          command.replace(/ovr-\S+/, items[0]?.id ?? 'none'),
          FIRST_DAY,
        );
        expect(exitCode, said).to.equal(0);
      }
    });
  }

  for (const { name, examples } of commands.filter(({ name: each }) => /^apikey (rotate|revoke)$/.test(each))) {
    it(`runs the examples of ${name} on a key that was made`, async () => {
      for (const { command } of examples) {
        const project = await syncedProject();
        const { apiKey } = await project.json<{ apiKey: { id: string } }>(['apikey', 'create', 'intranet'], 0);
        const { exitCode, stdout, said } = await runExample(project, command.replace(/key-\S+/, apiKey.id), FIRST_DAY);
        expect(exitCode, said).to.equal(0);
        if (command.includes('--json')) expectDocumented(JSON.parse(stdout) as object, said);
        else expect(stdout, said).to.contain('intranet');
      }
    });
  }

  for (const { name, examples } of commands.filter(
    ({ name: each }) => /^(webhook|events resend)/.test(each) && withId(each),
  )) {
    it(`runs the examples of ${name} on an endpoint that was made`, async () => {
      for (const { command } of examples) {
        const project = await syncedProject();
        const create = ['webhook', 'create', 'https://app.example/webhooks', '--description', 'intranet'];
        const { webhook } = await project.json<{ webhook: { id: string } }>(create, 0);
        const line = command.replace(/whe-\S+/, webhook.id);
        const { exitCode, stdout, said } = await runExample(project, line, FIRST_DAY);
        expect(exitCode, said).to.equal(0);
        if (command.includes('--json')) expectDocumented(JSON.parse(stdout) as object, said);
        else expect(stdout, said).to.contain(webhook.id);
      }
    });
  }

  for (const { name, examples } of commands.filter((command) => command.name === 'events tail')) {
    it(`runs the examples of ${name} until Ctrl-C`, async () => {
      for (const { command } of examples) {
        const project = await syncedProject();
        const child = project.start(wordsOf(command.replace(/^rollcall /, '')));
        const done = ended(child);
        const isWaiting = heard(child.stderr, 'Waiting for events');
        const isTold = heard(child.stdout, 'user.deactivated');
        await isWaiting;
        await nextHr(project, hrFile({ E1001: null }));
        await project.json(['sync'], 0, { now: NEXT_DAY });
        await isTold;
        child.kill('SIGINT');
        expect((await done).exitCode, command).to.equal(0);
      }
    });
  }

  for (const { name, examples } of commands.filter((command) => command.name === 'serve')) {
    it(`runs the examples of ${name} until it is stopped`, async () => {
      for (const { command } of examples) {
        const project = await syncedProject();
        const args = wordsOf(command.replace(/^rollcall /, '').replace('8080', '0'));
        await using service = new RunningService(project.start(args));
        expect(await service.url(), command).to.match(/^http:\/\/(127\.0\.0\.1|0\.0\.0\.0):\d+$/);
        const { exitCode, stdout, stderr } = await service.stop('SIGTERM');
        expect(exitCode, stderr).to.equal(0);
        if (command.includes('--json')) expectDocumented(JSON.parse(stdout) as object, stdout);
      }
    });
  }
});
