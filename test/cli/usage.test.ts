import type { ApplyDocument, ProjectConfiguration, Rollcall, TenantDoor } from '@rollcall/core';
import { expect } from 'chai';
import { Output } from '#cli/output.js';
import { NOBODY, PLAN, run, sync } from './documents.js';
import { runInProcess, type InProcess } from './support.js';

type Asked = Record<string, unknown>;

function project(door: object, tenants: readonly string[] = ['acme']): InProcess {
  const directories = [{ name: 'hr' }, { name: 'it' }];
  const configuration = {
    tenants: tenants.map((tenant) => ({ tenant, directories })),
  } as unknown as ProjectConfiguration;
  const rollcall = {
    tenant: (tenant: string) => Promise.resolve({ tenant, ...door } as TenantDoor),
  } as unknown as Rollcall;
  return { project: { rollcall, tenants, configuration } };
}

describe('cli: what a command line asks for', () => {
  const wrong: [string, string, RegExp][] = [
    ['users list --actve', 'RC_USAGE_FLAG_UNKNOWN', /--active/],
    ['users list --limit ten', 'RC_USAGE_NUMBER_INVALID', /--limit/],
    ['users list --limit 0', 'RC_USAGE_NUMBER_INVALID', /--limit/],
    ['users list --active --inactive', 'RC_USAGE_FLAG_INVALID', /users list --help/],
    ['users list --limit', 'RC_USAGE_FLAG_INVALID', /users list --help/],
    ['users show', 'RC_USAGE_ARGUMENT_MISSING', /users show --help/],
    ['doctor now', 'RC_USAGE_ARGUMENT_UNEXPECTED', /doctor --help/],
    ['explain hr:E1003 --at noon', 'RC_USAGE_INSTANT_INVALID', /ISO 8601/],
    ['events list --after soon', 'RC_USAGE_NUMBER_INVALID', /--after/],
    ['apply', 'RC_USAGE_CONFIRMATION_NEEDED', /rollcall apply --yes/],
    ['apply --plan --yes', 'RC_USAGE_FLAG_INVALID', /apply --help/],
    ['sync hrr', 'RC_USAGE_DIRECTORY_UNKNOWN', /"hr"/],
  ];
  for (const [line, code, mend] of wrong) {
    it(`answers ${line} with 64 and a way out`, async () => {
      const { exitCode, error } = await runInProcess(line, project({}));
      expect({ exitCode, code: error?.code }).to.deep.equal({ exitCode: 64, code });
      expect(error?.mend).to.match(mend);
      expect(error?.message)
        .to.match(/^[A-Z"-].*\.$/)
        .and.not.contain('\n');
    });
  }

  it('hands filters and pages on', async () => {
    const asked: Asked[] = [];
    const list = (request: Asked) => Promise.resolve({ items: [], next: null, asked: asked.push(request) });
    await runInProcess('users list --reason terminated --limit 5 --after c1 --json', project({ users: { list } }));
    await runInProcess('users list --active', project({ users: { list } }));
    await runInProcess('events list --after 7 --type user.created', project({ events: list }));
    await runInProcess('conflicts list --all', project({ conflicts: list }));
    expect(asked).to.deep.equal([
      { limit: 5, after: 'c1', active: false, reason: 'terminated' },
      { limit: 100, active: true },
      { limit: 100, after: 7, type: 'user.created' },
      { limit: 100, all: true },
    ]);
  });

  it('hands the instant of --at on in UTC', async () => {
    const asked: unknown[] = [];
    const explain = (who: string, request: unknown) => {
      asked.push([who, request]);
      return Promise.resolve({ user: 'usr-1', at: '', attributes: {} });
    };
    await runInProcess('explain hr:E1003 --attribute active --at 2026-03-09T09:00+01:00 --json', project({ explain }));
    expect(asked).to.deep.equal([['hr:E1003', { attribute: 'active', at: '2026-03-09T08:00:00Z' }]]);
  });

  it('needs a tenant where there are two, but for what takes all', async () => {
    const both = project({ users: {}, sync: () => Promise.resolve(sync([run()])) }, ['acme', 'globex']);
    const { exitCode, error } = await runInProcess('users list', both);
    expect({ exitCode, code: error?.code }).to.deep.equal({ exitCode: 64, code: 'RC_USAGE_TENANT_NEEDED' });
    expect(error?.mend).to.contain('acme, globex');
    const { stdout } = await runInProcess('sync --json', both);
    expect((JSON.parse(stdout) as { runs: unknown[] }).runs).to.have.length(2);
  });

  it('lets the contract decide which exit code speaks for several tenants, and one failing tenant stop no other', async () => {
    const codes: Record<string, number> = { acme: 4, globex: 3 };
    const rollcall = {
      tenant: (tenant: string) => {
        if (tenant === 'broken') return Promise.reject(new Error('no'));
        return Promise.resolve({
          tenant,
          sync: () => Promise.resolve(sync([run({ tenant })], { exitCode: codes[tenant] ?? 0 })),
        });
      },
    } as unknown as Rollcall;
    const ask = (tenants: string[]) => runInProcess('sync --json', { project: { rollcall, tenants } });
    expect((await ask(['acme', 'globex'])).exitCode).to.equal(3);
    const { exitCode, stdout } = await ask(['broken', 'acme']);
    expect(exitCode).to.equal(1);
    const { runs, tenants } = JSON.parse(stdout) as {
      runs: { tenant: string }[];
      tenants: { tenant: string; error: { code: string } | null }[];
    };
    expect(runs.map(({ tenant }) => tenant)).to.deep.equal(['acme']);
    expect(tenants[0]?.error?.code).to.equal('RC_UNEXPECTED');
  });

  describe('apply', () => {
    const applied = (isApplied: boolean): ApplyDocument => ({
      format: 'rollcall.apply/1',
      exitCode: 0,
      applied: isApplied,
      tenants: [
        {
          tenant: 'acme',
          created: true,
          directories: [],
          mappings: [],
          rules: { change: 'added', version: 1 },
          redo: [],
          warnings: [],
        },
      ],
    });
    const asked: boolean[] = [];
    const rollcall = {
      apply: (_configuration: unknown, options?: { plan?: boolean }) => {
        asked.push(options?.plan === true);
        return Promise.resolve(applied(options?.plan !== true));
      },
      tenants: () => Promise.resolve(['acme']),
    } as unknown as Rollcall;
    const configuration = { tenants: [{ tenant: 'acme' }] } as unknown as ProjectConfiguration;
    const applying = (line: string, typed?: string) => {
      asked.length = 0;
      return runInProcess(line, {
        project: { rollcall, configuration, tenants: ['acme'] },
        ...(typed === undefined ? {} : { typed }),
      });
    };

    it('asks a person, and stores on yes alone', async () => {
      const yes = await applying('apply', 'y');
      expect(asked).to.deep.equal([true, false]);
      expect(yes.stderr).to.contain('new tenant').and.contain('Store this? [y/N]');
      expect(yes.stdout).to.contain('rollcall sync');
      for (const typed of ['n', '', 'what']) {
        const no = await applying('apply', typed);
        expect(asked, typed).to.deep.equal([true]);
        expect(no, typed).to.deep.include({ exitCode: 0, stdout: 'Nothing was stored.\n' });
      }
    });

    it('asks nobody with --yes, and stores nothing with --plan', async () => {
      await applying('apply --yes');
      expect(asked).to.deep.equal([false]);
      const { stdout } = await applying('apply --plan');
      expect(asked).to.deep.equal([true]);
      expect(stdout).to.contain('Nothing was stored.').and.contain('rollcall apply --yes');
    });
  });

  describe('plans, decisions and overrides', () => {
    const answering = (line: string, door: object) => runInProcess(line, project(door));

    it('plans, and leaves the exit code to --detailed-exitcode', async () => {
      const asked: Asked[] = [];
      const plan = (options: Asked) => {
        asked.push(options);
        return Promise.resolve({ ...PLAN, exitCode: options.detailedExitCode === true ? 2 : 0 });
      };
      const { exitCode, stdout } = await answering('plan hr', { plan });
      expect(exitCode).to.equal(0);
      expect(stdout).to.contain(
        'user.deactivated Ada Lovelace (hr:E1001)\n    active: active → inactive  (terminated, hr)',
      );
      expect(stdout)
        .to.contain('would be held by guard absences: 12 users, the limit is 10')
        .and.contain('rollcall sync hr');
      expect((await answering('plan --detailed-exitcode --json', { plan })).exitCode).to.equal(2);
      expect(asked[0]).to.deep.include({ directories: ['hr'] });
    });

    it('decides reviews with a reason that says something', async () => {
      const asked: unknown[] = [];
      const review = {
        id: 'rev-1',
        status: 'approved',
        kind: 'guard',
        guard: 'absences',
        doubt: null,
        directory: 'hr',
        openedAt: '2026-03-09T08:00:00Z',
        counts: {},
        sample: [],
        decidedAt: null,
      };
      const reviewDecide = (...words: unknown[]) => {
        asked.push(words.slice(0, 3));
        return Promise.resolve({
          item: review,
          runs: [run({ changes: { ...NOBODY, users: { ...NOBODY.users, deactivated: 1 } } })],
        });
      };
      const reviews = () => Promise.resolve({ items: [], next: null });
      expect((await answering('review approve rev-1 --reason " "', { reviewDecide })).error?.code).to.equal(
        'RC_USAGE_REASON_EMPTY',
      );
      const { stdout, exitCode } = await answering('review approve rev-1 --reason "they left"', {
        reviewDecide,
        reviews,
      });
      expect(exitCode).to.equal(0);
      expect(stdout).to.contain('1 user deactivated');
      await answering('review reject rev-1 --reason no --json', { reviewDecide });
      expect(asked).to.deep.equal([
        ['rev-1', 'approve', 'they left'],
        ['rev-1', 'reject', 'no'],
      ]);
    });

    it('takes a merge back with a reason', async () => {
      const asked: unknown[] = [];
      const reviewUndo = (id: string, reason: string) => {
        asked.push([id, reason]);
        return Promise.resolve({ item: { id: 'rev-1', status: 'undone', kind: 'correlation' }, runs: [] });
      };
      const { stdout } = await answering('review undo rev-1 --reason "two people" --json', { reviewUndo });
      expect(JSON.parse(stdout)).to.deep.include({ format: 'rollcall.review-undo/1', exitCode: 0, runs: [] });
      expect((await answering('review undo rev-1', { reviewUndo })).error?.code).to.equal('RC_USAGE_FLAG_INVALID');
      expect(asked).to.deep.equal([['rev-1', 'two people']]);
    });

    it('sets overrides from JSON, and ends them by id or by person', async () => {
      const asked: unknown[] = [];
      const item = {
        id: 'ovr-1',
        who: { name: 'Alan', sourceId: 'hr:E1003' },
        attribute: 'department',
        value: 'Research',
        reason: 'moves',
        until: null,
      };
      const answer = (...words: unknown[]) => {
        asked.push(words.slice(0, 3));
        return Promise.resolve({ item, runs: [] });
      };
      const overrides = { set: answer, clear: answer };
      await answering(`override set hr:E1003 department '"Research"' --reason moves --until 2026-04-01`, { overrides });
      await answering('override clear ovr-1', { overrides });
      await answering('override clear hr:E1003 department', { overrides });
      expect(asked[0]).to.deep.equal(['hr:E1003', 'department', 'Research']);
      expect((asked[1] as unknown[])[0]).to.deep.equal({ id: 'ovr-1' });
      expect((asked[2] as unknown[])[0]).to.deep.equal({ who: 'hr:E1003', attribute: 'department' });
      const unquoted = await answering('override set hr:E1003 department Research --reason moves --until 2026-04-01', {
        overrides,
      });
      expect(unquoted.error?.code).to.equal('RC_USAGE_VALUE_INVALID');
      expect((await answering('override clear hr:E1003', { overrides })).error?.code).to.equal(
        'RC_USAGE_ARGUMENT_MISSING',
      );
    });
  });

  it('keeps progress quiet with --quiet, and warnings not', () => {
    const written: string[] = [];
    const stderr = { isTTY: true, columns: 60, write: (text: string) => written.push(text) > 0 };
    const streams = { stdout: stderr, stderr, stdin: process.stdin };
    const output = new Output(streams, { json: false, quiet: true, noColor: false }, {});
    output.progress({ tenant: 'acme', directory: 'hr', phase: 'read', done: 1 });
    output.note('a hint');
    expect(written).to.deep.equal([]);
    output.warn('a warning');
    expect(written).to.deep.equal(['a warning\n']);
  });
});
