import { expect } from 'chai';
import { PushedProject, tenantFile } from '../../support/pushed.js';
import { ScimPusher } from '../../support/pushed-scim.js';
import { onBothStores } from '../../support/stores.js';

const DAY_MS = 86_400_000;

onBothStores('a source that pushes and falls silent', (kind) => {
  let project: PushedProject;

  beforeEach(async () => {
    project = await PushedProject.create(kind);
  });

  afterEach(async () => {
    await project.remove();
  });

  const later = async (days: number): Promise<void> => {
    project.now = new Date(project.now.getTime() + days * DAY_MS);
    await project.rollcall.scheduler().drain();
  };

  const alarms = async (): Promise<string[]> => {
    const { items } = await (await project.tenant()).events({ limit: 1_000 });
    return items
      .filter(({ type }) => type.startsWith('directory.'))
      .map(({ type, data }) => `${type} ${(data as { directory: string }).directory}`);
  };

  const push = async (): Promise<void> => {
    const okta = new ScimPusher(await project.port('okta'), () => project.now);
    await okta.user('ada');
  };

  it('is reported after seven days, counted from when it was known first, and is well again with a push', async () => {
    await later(0);
    await later(6.9);
    expect(await alarms()).to.deep.equal([]);
    await push();
    await later(0.2);
    expect(await alarms()).to.deep.equal(['directory.stale entra']);
    await later(7);
    expect(await alarms()).to.deep.equal(['directory.stale entra', 'directory.stale okta']);
    const tiers = await (await project.tenant()).directories.schedule();
    const okta = tiers.find(({ directory, tier }) => directory === 'okta' && tier === 'push');
    expect(okta).to.include({ schedule: '7d', nextAt: null, freshAt: '2026-03-16T05:36:00Z' });
    expect(await project.rollcall.freshness()).to.deep.equal({ fresh: 0, failing: 0, stale: 2 });
  });

  it('is waited for as long as its tenant file says, or for ever', async () => {
    const text = tenantFile().replace('    settings: {}\n', "    settings: {}\n    schedule: { push: 'off' }\n");
    await project.change('acme', text);
    await later(0);
    await later(30);
    expect(await alarms()).to.deep.equal(['directory.stale entra']);
  });
});
