import { expect } from 'chai';
import { once } from 'node:events';
import { rename, rm } from 'node:fs/promises';
import type { Finding, SyncDocument } from '@rollcall/core';
import { everybody, runOf, type ErrorAnswer } from './cli-documents.js';
import {
  appliedProject,
  emptyProject,
  ended,
  hrFile,
  initialisedProject,
  NEXT_DAY,
  nextHr,
  removesProjects,
  syncedProject,
  type TestProject,
} from './support.js';

/** What every error document must say. */
function expectExplained({ format, exitCode, error }: ErrorAnswer, expected: { exitCode: number; code: string }): void {
  expect({ format, exitCode, code: error.code }).to.deep.equal({ format: 'rollcall.error/1', ...expected });
  expect(error.message).to.match(/^\S.*\.$/s);
  expect(error.mend).to.not.equal('');
  expect(JSON.stringify(error)).to.not.match(/\bat .*\.js:\d+|node_modules/);
}

describe('e2e/cli-failures', () => {
  removesProjects();

  describe('configuration', () => {
    it('does nothing but init without the secret key', async () => {
      const project = await syncedProject();
      await rm(project.file('.rollcall/secret.key'));
      for (const command of [['sync'], ['users', 'list'], ['doctor'], ['mapping', 'lint', 'mappings/hr.yaml']]) {
        expectExplained(await project.json<ErrorAnswer>(command, 78), { exitCode: 78, code: 'RC_SECRET_MISSING' });
      }
      await project.json(['init', 'another'], 0);
    });

    it('syncs nothing that was never applied', async () => {
      const project = await initialisedProject();
      expectExplained(await project.json<ErrorAnswer>(['sync'], 78), { exitCode: 78, code: 'RC_NOT_APPLIED' });
    });

    it('says of an empty tenant file what belongs into it', async () => {
      const project = await initialisedProject();
      await project.write('tenants/acme.yaml', '');
      const answer = await project.json<ErrorAnswer>(['apply', '--yes'], 78);
      expectExplained(answer, { exitCode: 78, code: 'RC_CONFIG_INVALID' });
      expect(answer.error.message).to.equal('The file is empty.');
      expect(answer.error.mend).to.match(/^Write it as keys with their values; needed are .*tenant/);
    });

    it('warns of a tenant whose file is gone, until it is back', async () => {
      const project = await syncedProject();
      const file = project.file('tenants/acme.yaml');
      await rename(file, project.file('acme.yaml'));
      for (const args of [['apply', '--plan'], ['apply', '--yes'], ['doctor']]) {
        const answer = await project.json<{ warnings?: Finding[]; findings?: Finding[] }>(args, 0);
        const [warning, ...others] = answer.warnings ?? answer.findings ?? [];
        expect(others).to.deep.equal([]);
        expect(warning).to.deep.include({ code: 'RC_TENANT_FILE_MISSING', where: { tenant: 'acme' } });
      }
      await rename(project.file('acme.yaml'), file);
      expect(await project.json(['doctor'], 0)).to.deep.include({ findings: [] });
      expect(await everybody(project)).to.have.length(4);
    });

    it('takes mappings by the names that the configuration takes', async () => {
      const project = await initialisedProject();
      for (const name of ['@rollcall/mappings/hr-csv', '@rollcall/mappings/scim/group.yaml', 'mappings/hr.yaml']) {
        const answer = await project.json<{ findings: unknown[]; cases: number }>(['mapping', 'test', name], 0);
        expect(answer.findings).to.deep.equal([]);
        expect(answer.cases).to.be.greaterThan(0);
      }
      const answer = await project.json<ErrorAnswer>(['mapping', 'test', '@rollcall/mappings/hr-cvs'], 1);
      expectExplained(answer, { exitCode: 1, code: 'RC_FILE_NOT_FOUND' });
    });

    it('says where a project is missing', async () => {
      const project = await emptyProject();
      expectExplained(await project.json<ErrorAnswer>(['sync'], 78), { exitCode: 78, code: 'RC_PROJECT_NOT_FOUND' });
    });

    it('does not write over a project that is there', async () => {
      const project = await initialisedProject();
      const before = await project.read('tenants/acme.yaml');
      expectExplained(await project.json<ErrorAnswer>(['init'], 1), { exitCode: 1, code: 'RC_INIT_NOT_EMPTY' });
      expect(await project.read('tenants/acme.yaml')).to.equal(before);
    });
  });

  describe('the command line', () => {
    let project: TestProject;
    before(async () => {
      project = await syncedProject();
    });

    const wrong: [string[], string, string][] = [
      [['usres', 'list'], 'RC_USAGE_COMMAND_UNKNOWN', 'rollcall users list'],
      [['users'], 'RC_USAGE_COMMAND_INCOMPLETE', 'rollcall users show'],
      [['users', 'list', '--actve'], 'RC_USAGE_FLAG_UNKNOWN', '--active'],
      [['sync', '--tenant', 'acne'], 'RC_USAGE_TENANT_UNKNOWN', '"acme"'],
    ];
    for (const [args, code, hint] of wrong) {
      it(`answers ${args.join(' ')} with 64 and ${hint}`, async () => {
        const answer = await project.json<ErrorAnswer>(args, 64);
        expectExplained(answer, { exitCode: 64, code });
        expect(answer.error.mend).to.contain(hint);
      });
    }

    it('wants a tenant where there are two, and takes both where it may', async () => {
      const two = await initialisedProject();
      await two.write(
        'tenants/globex.yaml',
        (await two.read('tenants/acme.yaml')).replace('tenant: acme', 'tenant: globex').replace('Acme Ltd', 'Globex'),
      );
      await two.json(['apply', '--yes'], 0);
      const answer = await two.json<ErrorAnswer>(['users', 'list'], 64);
      expectExplained(answer, { exitCode: 64, code: 'RC_USAGE_TENANT_NEEDED' });
      expect(answer.error.mend).to.contain('acme, globex');
      const document = await two.json<SyncDocument>(['sync'], 0);
      expect(document.runs.map(({ tenant, directory }) => `${tenant}/${directory ?? ''}`)).to.deep.equal([
        'acme/hr',
        'acme/it',
        'globex/hr',
        'globex/it',
      ]);
      await two.json(['users', 'list', '--tenant', 'globex'], 0);
    });

    it('says who is not found, with 1', async () => {
      expectExplained(await project.json<ErrorAnswer>(['users', 'show', 'hr:E9999'], 1), {
        exitCode: 1,
        code: 'RC_USER_NOT_FOUND',
      });
      expectExplained(await project.json<ErrorAnswer>(['groups', 'show', 'nobody'], 1), {
        exitCode: 1,
        code: 'RC_GROUP_NOT_FOUND',
      });
    });

    it('names the candidates where several are meant', async () => {
      const twins = await syncedProject();
      await nextHr(twins, hrFile({ E1002: { work_email: 'ada@acme.example' } }));
      await twins.run(['sync'], { now: NEXT_DAY });
      const answer = await twins.json<ErrorAnswer>(['explain', 'email=ada@acme.example'], 1, { now: NEXT_DAY });
      expectExplained(answer, { exitCode: 1, code: 'RC_USER_AMBIGUOUS' });
      expect(answer.error.candidates).to.be.an('array').with.length(2);
    });

    it('refuses a clock that is no instant', async () => {
      const invalid = await project.json<ErrorAnswer>(['sync'], 64, { now: 'noon' });
      expectExplained(invalid, { exitCode: 64, code: 'RC_USAGE_CLOCK_INVALID' });
    });

    it('spells out control characters of what was typed', async () => {
      const { exitCode, stderr } = await project.run(['\u001b[31musers']);
      expect(exitCode).to.equal(64);
      expect(stderr).to.contain('\\x1b[31musers').and.not.contain('\u001b');
    });

    for (const args of [['users', 'list'], ['sync', '--json'], ['--version']]) {
      it(`says in one line that the answer of ${args.join(' ')} cannot be written`, async () => {
        const { exitCode, stderr } = await project.run(args, { stdoutFile: '/dev/full' });
        expect(stderr).to.equal('Error: The output cannot be written (ENOSPC). (RC_OUTPUT_REFUSED)\n');
        expect(exitCode).to.equal(1);
      });
    }

    for (const file of ['missing/plan.json', 'inbox', 'rollcall.config.yaml/plan.json']) {
      it(`says before it reads that a plan cannot be kept in ${file}`, async () => {
        const answer = await project.json<ErrorAnswer>(['plan', '--out', file], 64);
        expectExplained(answer, { exitCode: 64, code: 'RC_USAGE_OUT_REFUSED' });
        expect(answer.error.message).to.contain(file);
      });
    }

    it('names the candidates of a person as people know them', async () => {
      const several = await appliedProject();
      await nextHr(several, hrFile({ E1003: { work_email: 'ada@acme.example' } }));
      await several.json(['sync', 'hr'], 0, { now: NEXT_DAY });
      const { exitCode, stderr } = await several.run(['users', 'show', 'email=ada@acme.example']);
      expect(exitCode).to.equal(1);
      expect(stderr).to.match(/^ {2}- usr-\w+ {2}Ada Lovelace \(hr:E1001\)$/m);
      expect(stderr).to.match(/^ {2}- usr-\w+ {2}Alan Turing \(hr:E1003\)$/m);
    });

    it('prints a stack for nobody but who asks for it', async () => {
      const quiet = await project.run(['users', 'show', 'hr:E9999']);
      expect(quiet.stderr).to.not.match(/^\s+at /m);
      const loud = await project.run(['users', 'show', 'hr:E9999', '--json'], { env: { ROLLCALL_DEBUG: '1' } });
      expect(loud.stderr).to.match(/^\s+at /m);
      expect(() => JSON.parse(loud.stdout) as unknown).to.not.throw();
    });
  });

  describe('the source', () => {
    it('says once what went wrong', async () => {
      const project = await syncedProject();
      await rename(project.file('inbox/hr'), project.file('inbox/elsewhere'));
      const { stdout, stderr } = await project.run(['sync', 'hr'], { now: NEXT_DAY });
      expect({ errors: stdout.match(/Error:/g)?.length, stderr }).to.deep.equal({ errors: 1, stderr: '' });
    });
  });

  describe('signals', () => {
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      it(`stops between two batches at ${signal} with ${code}, and the next run finishes`, async () => {
        const project = await appliedProject();
        const rows = Array.from(
          { length: 3000 },
          (_, at) => `E${at + 5000};First;Last${at};;Research;Active;2020-01-06;`,
        );
        await nextHr(project, hrFile() + rows.join('\n') + '\n');
        const child = project.start(['sync', 'hr', '--json'], { now: NEXT_DAY, env: { ROLLCALL_DEBUG: '1' } });
        const answer = ended(child);
        await isAtWork(child.stderr);
        child.kill(signal);
        const { exitCode, stdout, stderr } = await answer;
        expect(exitCode, stderr).to.equal(code);
        expect(JSON.parse(stdout)).to.deep.include({ exitCode: code });
        const next = await project.json<SyncDocument>(['sync', 'hr'], 0, { now: NEXT_DAY });
        expect(runOf(next, 'hr').outcome).to.equal('finished');
        expect(await everybody(project)).to.have.length(100);
      });
    }
  });
});

/** Until the work has begun to tell how far it is. */
async function isAtWork(stderr: NodeJS.ReadableStream): Promise<void> {
  for (let text = ''; !text.includes('reading');) text += String((await once(stderr, 'data'))[0]);
}
