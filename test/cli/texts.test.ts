import type { Rollcall, TenantDoor } from '@rollcall/core';
import { expect } from 'chai';
import { widthOf } from '#cli/terminal/width.js';
import { ACTIVE, ALAN, CONFLICT, NOBODY, REVIEW, run, sync } from './documents.js';
import { runInProcess, type InProcess } from './support.js';

/** A project whose one tenant answers with these. */
function answering(door: object, more: InProcess = {}): InProcess {
  const rollcall = { tenant: () => Promise.resolve({ tenant: 'acme', ...door } as TenantDoor) } as unknown as Rollcall;
  return { project: { rollcall, tenants: ['acme'] }, ...more };
}

async function textOf(line: string, door: object, more: InProcess = {}): Promise<string> {
  const { stdout, error } = await runInProcess(line, answering(door, more));
  expect(error).to.equal(null);
  return stdout;
}

describe('cli: texts for people', () => {
  it('explain in sentences, with the place of each word', async () => {
    const explain = () => Promise.resolve({ user: 'usr-3', at: ACTIVE.since, attributes: { active: ACTIVE } });
    expect(
      await textOf('explain hr:E1003 --attribute active', { explain, users: { show: () => Promise.resolve(ALAN) } }),
    ).to.equal(
      [
        'Alan Turing is inactive since 2026-03-09 08:00 UTC: terminated',
        '  because hr says inactive: status "Terminated" (E1003, hr-2026-03-09.csv line 4; mapping mappings/hr.yaml line 11)',
        '  it was read 2026-03-09 08:00 UTC (full, manual, run-1)',
        '  the expression is $lookup($statuses, status) != "terminated" (mapping hr, version sha256:ab)',
        '  the change is chg-3',
        '  the rule is attributes.active (vote) of rules version 1',
        '  but it says active: enabled "true" (9003, it-2026-03-09.csv line 3; mapping mappings/it.yaml line 9)',
        '  employment agrees',
        '  the disagreement is open as conflict cfl-1',
        '',
        'How it came to be: rollcall history hr:E1003',
        '',
      ].join('\n'),
    );
  });

  it('explain with employment, with an override, with nobody', async () => {
    const say = async (attribute: object): Promise<string> => {
      const explain = () =>
        Promise.resolve({
          user: 'usr-3',
          at: ACTIVE.since,
          attributes: { active: { ...ACTIVE, others: [], conflictId: null, ...attribute } },
        });
      const text = await textOf('explain hr:E1003', { explain, users: { show: () => Promise.resolve(ALAN) } });
      return text.split('\n').slice(1, 3).join('\n');
    };
    const start = { ...ACTIVE.winner, attribute: 'employment.startDate', value: '2026-03-16' };
    expect(
      await say({ winner: { directory: null, kind: 'employment', value: 'pre_hire', vote: 'deny', from: [start] } }),
    ).to.match(
      /^ {2}because employment says pre_hire\n {2}hr says employment\.startDate 2026-03-16: status "Terminated" \(E1003, /,
    );
    expect(
      await say({
        winner: {
          directory: null,
          kind: 'override',
          value: true,
          setBy: 'kim',
          until: '2026-04-01T00:00:00Z',
          reason: 'handover',
        },
      }),
    ).to.contain('because of an override by kim until 2026-04-01 00:00 UTC: handover');
    expect(await say({ winner: null })).to.contain('because no directory says active');
  });

  it('show a person with what is unknown, held apart and linked', async () => {
    const text = await textOf('users show hr:E1003', { users: { show: () => Promise.resolve(ALAN) } });
    expect(text).to.contain('Alan Turing  usr-3\ninactive since 2026-03-09 08:00 UTC: terminated\n');
    expect(text).to.contain('department       Research (unknown now, last good value)');
    expect(text).to.contain('Groups: vpn (it)');
    expect(text).to.match(/it:9003 +yes +active +sure: employee number/);
    expect(text).to.contain('1 open conflict: cfl-1');
    expect(text).to.match(/rollcall explain hr:E1003\n$/);
  });

  it('keep every line of a table inside a narrow terminal, ids whole', async () => {
    const long = { ...ALAN, attributes: { displayName: '山田太郎 '.repeat(10) } };
    const list = () => Promise.resolve({ items: [ALAN, long], next: 'c1' });
    const text = await textOf('users list', { users: { list } }, { columns: 50, env: { NO_COLOR: '1' } });
    const rows = text.split('\n').slice(0, 3);
    expect(Math.max(...rows.map(widthOf))).to.be.at.most(50);
    expect(rows[2]).to.match(/^usr-3 .*…/);
    expect(text).to.contain('There are more: rollcall users list --after c1');
  });

  it('are coloured on a terminal alone, and never with --no-color', async () => {
    const door = { users: { list: () => Promise.resolve({ items: [ALAN], next: null }) } };
    expect(await textOf('users list', door, { columns: 80 })).to.contain('\u001b[31mterminated');
    expect(await textOf('users list --no-color', door, { columns: 80 })).to.not.contain('\u001b');
    expect(await textOf('users list', door)).to.not.contain('\u001b');
  });

  it('spell out control characters in names', async () => {
    const evil = { ...ALAN, attributes: { displayName: 'A\u001b[2Jlan\nTuring\u202e' } };
    const text = await textOf('users list', { users: { list: () => Promise.resolve({ items: [evil], next: null }) } });
    expect(text)
      .to.contain(String.raw`A\x1b[2Jlan\nTuring\u202e`)
      .and.not.contain('\u001b');
  });

  it('tell what a sync read, changed, held, doubted and could not do', async () => {
    const changes = {
      ...NOBODY,
      users: { ...NOBODY.users, created: 2, deactivated: 1 },
      memberships: { added: 1, removed: 0 },
    };
    const held = [{ reviewId: 'rev-1', guard: 'absences', count: 42, limit: 15 }];
    const doubts = [{ doubt: 'empty' as const, before: 3, now: 0, attributes: [] }];
    const error = {
      code: 'RC_FILE_TRUNCATED',
      message: 'A quote is never closed.',
      where: { file: 'it.csv', line: 3 },
      mend: 'Upload it again.',
    };
    const runs = [
      run({
        changes,
        conflicts: { opened: 1, closed: 0 },
        records: { read: 3, new: 2, changed: 1, same: 0, stale: 0, absent: 0, quarantined: 0 },
      }),
      run({ directory: 'it', outcome: 'held', held, doubts }),
      run({ directory: 'idp', outcome: 'failed', error }),
    ];
    const { stdout, exitCode } = await runInProcess(
      'sync',
      answering({ sync: () => Promise.resolve(sync(runs, { exitCode: 1 })) }),
    );
    expect(exitCode).to.equal(1);
    expect(stdout).to.contain(
      'hr  finished\n  3 records read: 2 new, 1 changed\n  2 users created, 1 deactivated; 1 membership added; 1 conflict opened\n',
    );
    expect(stdout).to.contain(
      '  held by guard absences: 42 users, the limit is 15\n  doubted: the file is empty (3 before, 0 now)\n',
    );
    expect(stdout).to.contain(
      '  Error: A quote is never closed. (RC_FILE_TRUNCATED)\n    in it.csv:3\n    → Upload it again.\n',
    );
  });

  for (const [outcome, hint] of [
    ['failed', 'Look for what is wrong: rollcall doctor'],
    ['busy', 'Look for what is wrong: rollcall doctor'],
    ['stopped', 'Too many records could not be used: rollcall quarantine list'],
    ['interrupted', 'Go on where it stopped: rollcall sync'],
  ] as const) {
    it(`lead from a run that is ${outcome} to what is wrong`, async () => {
      const runs = [run({ conflicts: { opened: 1, closed: 0 } }), run({ directory: 'it', outcome })];
      const text = await textOf('sync', { sync: () => Promise.resolve(sync(runs)) });
      expect(text.trimEnd().split('\n').at(-1)).to.equal(hint);
    });
  }

  it('have no hints with --quiet, yet say that a page is not the last one', async () => {
    const runs = { sync: () => Promise.resolve(sync([run({})])) };
    expect(await textOf('sync', runs)).to.contain('rollcall users list');
    expect(await textOf('sync --quiet', runs)).to.not.contain('rollcall ');
    const list = () => Promise.resolve({ items: [ALAN], next: 'abc' });
    const quiet = await textOf('users list --quiet', { users: { list } });
    expect(quiet)
      .to.match(/There are more: rollcall users list --after abc\n$/)
      .and.not.contain('explain');
  });

  it('end a decision with what else waits only where something does', async () => {
    const item = { ...REVIEW, status: 'approved', decidedAt: '2026-03-09T08:00:00Z', decidedBy: 'kim', reason: 'so' };
    const approve = (open: object[]) =>
      textOf('review approve rev-1 --reason so', {
        reviewDecide: () => Promise.resolve({ item, runs: [] }),
        reviews: () => Promise.resolve({ items: open, next: null }),
      });
    expect(await approve([])).to.not.contain('What else waits');
    expect(await approve([REVIEW])).to.contain('What else waits: rollcall review list');
  });

  it('show what is pinned, when an override ended and why, and how to end one that stands', async () => {
    const override = {
      id: 'ovr-1',
      user: 'usr-3',
      who: { sourceId: 'hr:E1003', name: 'Alan Turing' },
      attribute: 'active',
      value: true,
      kind: 'override',
      reason: 'handover',
      by: 'kim',
      setAt: '2026-03-09T08:00:00Z',
      until: '2026-03-12T08:00:00Z',
      endedAt: null,
      endedReason: null,
      pins: null,
    };
    const ended = { ...override, id: 'ovr-0', endedAt: '2026-03-10T08:00:00Z', endedReason: 'replaced' };
    const pin = { ...override, id: 'rev-1/rec-1', kind: 'pin', pins: 'absence', until: null };
    const list = (...items: object[]) =>
      textOf('override list --all', { overrides: { list: () => Promise.resolve({ items, next: null }) } });
    const all = await list(ended, override, pin);
    expect(all).to.contain('2026-03-10 08:00 UTC, replaced').and.contain('active (its record counts as there)');
    expect(all).to.contain('End one: rollcall override clear ovr-1\n');
    const past = await list(ended, pin);
    expect(past).to.contain('ENDED').and.not.contain('override clear');
    expect(await list(override)).to.not.contain('ENDED');
  });

  it('name both sides of a conflict', async () => {
    const text = await textOf('conflicts list', {
      conflicts: () => Promise.resolve({ items: [CONFLICT], next: null }),
    });
    expect(text).to.match(/cfl-1 +Alan Turing \(hr:E1003\) +active +hr: inactive +it: active +2026-03-09 08:00 UTC/);
    expect(text).to.contain('rollcall explain hr:E1003 --attribute active');
  });

  it('say what a finding is about', async () => {
    const finding = (about: string, detail: object, closedAt: string | null = null) => ({
      id: 'fnd-1',
      name: 'schemaDrift',
      subject: `hr/user/${about}`,
      detail,
      firstAt: '2026-03-09T08:00:00Z',
      lastAt: '2026-03-10T08:00:00Z',
      count: 2,
      closedAt,
    });
    const of = (...items: object[]) =>
      textOf('findings list', { findings: () => Promise.resolve({ items, next: null }) });
    expect(await of(finding('status', { what: 'vanished' }))).to.match(
      /^FINDING +ABOUT +WHAT +READS +SINCE +LAST\nschemaDrift +hr\/user\/status +the column is gone +2 +2026-03-09 08:00 UTC +2026-03-10 08:00 UTC\n/,
    );
    const over = finding('phone', { what: 'presence', before: 90, now: 20, records: 40 }, '2026-03-11T08:00:00Z');
    const text = await of(over);
    expect(text).to.contain('filled in less often; before 90, now 20, records 40');
    expect(text).to.match(/OVER\n.*2026-03-11 08:00 UTC\n/);
  });

  it('say so where a list is empty', async () => {
    const none = () => Promise.resolve({ items: [], next: null, user: 'usr-3' });
    expect(await textOf('users list', { users: { list: none } })).to.equal('Nobody.\n');
    expect(await textOf('conflicts list', { conflicts: none })).to.equal('No conflicts.\n');
    expect(await textOf('findings list', { findings: none })).to.equal('Nothing was found.\n');
    expect(await textOf('events list', { events: none })).to.equal('No events.\n');
    expect(await textOf('history hr:E1003', { history: none })).to.equal('No changes.\n');
  });
});
