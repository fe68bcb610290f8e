import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import pg from 'pg';
import type { EventDocument, UserDocument } from '@rollcall/core';
import { PushedProject, tenantFile } from '../../support/pushed.js';
import { ScimPusher } from '../../support/pushed-scim.js';
import { onBothStores } from '../../support/stores.js';

const typesOf = (events: readonly EventDocument[]): string[] => events.map((event) => event.type);
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

onBothStores('core/reconciliation/pushes', (kind) => {
  let project: PushedProject;
  let okta: ScimPusher;

  beforeEach(async () => {
    project = await PushedProject.create(kind);
    okta = new ScimPusher(await project.port('okta'), () => project.now);
  });

  afterEach(() => project.remove());

  /** What happened since the last look. */
  let seen = 0;
  beforeEach(() => void (seen = 0));
  async function news(): Promise<readonly EventDocument[]> {
    await project.rollcall.pushes.settle();
    const events = await project.events(seen);
    seen = events.at(-1)?.sequence ?? seen;
    return events;
  }

  async function person(userName: string): Promise<UserDocument> {
    const found = (await project.users()).find((user) => user.attributes.userName === userName);
    if (found === undefined) throw new Error(`There is no ${userName}.`);
    return found;
  }

  it('needs no groups in the mapping of users: they are pushed', async () => {
    expect(await project.apply()).to.deep.equal([]);
  });

  it('creates, renames, deactivates and brings back one person, each with one event', async () => {
    const id = await okta.user('ada@acme.example', { externalId: '00u1', displayName: 'Ada', active: true });
    expect(typesOf(await news())).to.deep.equal(['user.created']);
    const ada = await person('ada@acme.example');
    expect(ada).to.deep.include({ active: true, inactive: null });
    await okta.patch(`/Users/${id}`, { op: 'replace', path: 'displayName', value: 'Ada L.' });
    await okta.patch(`/Users/${id}`, { op: 'replace', value: { active: false } });
    expect(typesOf(await news())).to.deep.equal(['user.updated', 'user.deactivated']);
    expect((await person('ada@acme.example')).inactive?.reason).to.equal('disabled');
    await okta.patch(`/Users/${id}`, { op: 'replace', value: { active: true } });
    expect(typesOf(await news())).to.deep.equal(['user.reactivated']);
    expect((await person('ada@acme.example')).id).to.equal(ada.id);
  });

  it('explains a pushed value by its run and raw record', async () => {
    const id = await okta.user('ada@acme.example', { title: 'Countess' });
    const door = await project.tenant();
    const { attributes } = await door.explain(`okta:${id}`, { attribute: 'title' });
    const { winner } = attributes.title as { winner: { runId: string } & Record<string, unknown> };
    expect(winner).to.deep.include({ directory: 'okta', sourceId: id, trigger: 'push', tier: 'push' });
    expect(winner.raw).to.deep.equal({ id, userName: 'ada@acme.example', title: 'Countess', active: true });
    expect(await door.runs.show(winner.runId)).to.deep.include({
      trigger: 'push',
      directory: 'okta',
      outcome: 'finished',
    });
  });

  it('keeps who is deleted, and knows them again when they are created anew', async () => {
    const id = await okta.user('ada@acme.example', { externalId: '00u1' });
    const ada = await person('ada@acme.example');
    await okta.send('DELETE', `/Users/${id}`);
    const gone = await person('ada@acme.example');
    expect(gone).to.deep.include({ id: ada.id, active: false });
    expect(gone.inactive?.reason).to.equal('removed_at_source');
    const again = await okta.user('ada.l@acme.example', { externalId: '00u1' });
    expect(again).to.not.equal(id);
    const back = await person('ada.l@acme.example');
    expect(back).to.deep.include({ id: ada.id, active: true });
    expect(back.records.map(({ sourceId, present, link }) => [sourceId, present, link.how])).to.have.deep.members([
      [id, false, 'created'],
      [again, true, 'scim'],
    ]);
    expect(typesOf(await news())).to.deep.equal(['user.created', 'user.deactivated', 'user.reactivated']);
    expect(await project.users()).to.have.length(1);
  });

  it('makes somebody else of a name that is given to somebody else', async () => {
    await okta.send('DELETE', `/Users/${await okta.user('ada@acme.example', { externalId: '00u1' })}`);
    await okta.user('ada@acme.example', { externalId: '00u2' });
    expect(await project.users()).to.have.length(2);
  });

  it('pushes a group: members come, go, and go with the group', async () => {
    const [ada, grace] = [await okta.user('ada'), await okta.user('grace')];
    const group = await okta.group('Engineering', [ada]);
    expect(typesOf(await news())).to.deep.equal(['user.created', 'user.created', 'group.created', 'membership.added']);
    await okta.patch(`/Groups/${group}`, { op: 'add', path: 'members', value: [{ value: grace }] });
    await okta.patch(`/Groups/${group}`, { op: 'replace', path: 'displayName', value: 'Platform' });
    await okta.patch(`/Groups/${group}`, { op: 'remove', path: `members[value eq "${ada}"]` });
    expect(typesOf(await news())).to.deep.equal(['membership.added', 'group.updated', 'membership.removed']);
    expect((await person('grace')).groups.map(({ displayName }) => displayName)).to.deep.equal(['Platform']);
    await okta.send('DELETE', `/Groups/${group}`);
    expect(typesOf(await news())).to.have.members(['group.removed', 'membership.removed']);
    expect((await person('grace')).groups).to.deep.equal([]);
  });

  it('keeps memberships of who is inactive, and ends those of who is deleted', async () => {
    const ada = await okta.user('ada');
    await okta.group('Engineering', [ada]);
    await okta.patch(`/Users/${ada}`, { op: 'replace', value: { active: false } });
    expect((await person('ada')).groups).to.have.length(1);
    await okta.send('DELETE', `/Users/${ada}`);
    expect((await person('ada')).groups).to.deep.equal([]);
  });

  it('binds a member that is named by the id of somebody deleted when they come back', async () => {
    const ada = await okta.user('ada', { externalId: '1' });
    await okta.send('DELETE', `/Users/${ada}`);
    await okta.group('Engineering', [ada]);
    await okta.user('ada', { externalId: '1' });
    expect((await person('ada')).groups.map(({ displayName }) => displayName)).to.deep.equal(['Engineering']);
  });

  it('resolves a manager who is pushed after whom they manage', async () => {
    await okta.user('ada', { [ENTERPRISE]: { manager: { value: 'grace@acme.example' } } });
    await okta.user('grace', { emails: [{ value: 'grace@acme.example', primary: true }] });
    await project.rollcall.pushes.settle();
    expect((await person('ada')).attributes.manager).to.equal((await person('grace')).id);
  });

  it('writes nothing for what is the same: no run, no event, no version', async () => {
    const body = { userName: 'ada', externalId: '1', displayName: 'Ada' };
    const id = await okta.user('ada', body);
    const group = await okta.group('Engineering', [id]);
    await news();
    const door = await project.tenant();
    const runs = (await door.runs.list()).items.length;
    expect((await okta.send('PUT', `/Users/${id}`, { ...body, active: true })).status).to.equal(200);
    expect((await okta.send('POST', '/Users', body)).status).to.equal(409);
    await okta.patch(`/Groups/${group}`, { op: 'add', path: 'members', value: [{ value: id }] });
    await okta.patch(`/Users/${id}`, { op: 'replace', path: 'displayName', value: 'Ada' });
    expect(await news()).to.deep.equal([]);
    expect((await door.runs.list()).items).to.have.length(runs);
    expect((await okta.send('GET', `/Users/${id}`)).document.meta).to.deep.include({ version: 'W/"1"' });
  });

  it('draws a group of more than a batch right after the answer', async () => {
    const store = await project.port('entra');
    const ids = Array.from({ length: 300 }, (_, i) => `m${String(i).padStart(3, '0')}`);
    await store.write(async (unit) => {
      const at = project.now;
      for (const id of ids)
        await unit.insert({
          kind: 'user',
          id,
          resource: { userName: id, active: true },
          keys: [],
          at,
          cause: 'x',
          formerId: null,
        });
      await unit.insert({
        kind: 'group',
        id: 'g',
        resource: { displayName: 'All' },
        keys: [],
        at,
        cause: 'x',
        formerId: null,
      });
      await unit.addMembers(
        'g',
        ids.map((id) => ({ id, kind: 'user' as const })),
        at,
      );
    });
    await project.rollcall.pushes.settle();
    expect((await project.groups()).map(({ displayName, members }) => [displayName, members])).to.deep.equal([
      ['All', 300],
    ]);
    const { items } = await (await project.tenant()).runs.list();
    expect(items.map(({ trigger, pending }) => [trigger, pending])).to.deep.equal([
      ['push', 0],
      ['push', 301],
    ]);
  });

  /** Another process pushes 300 people in a group and dies before a consequence of it is drawn. */
  const dieAfterPush = async (): Promise<void> => {
    const given = { store: project.store.configuration, folder: project.folder, ...(await project.enter('okta')) };
    const dying = fileURLToPath(new URL('../../support/dying-pusher.js', import.meta.url));
    const child = fork(dying, [JSON.stringify(given)], { stdio: 'ignore' });
    expect(await once(child, 'exit')).to.deep.equal([null, 'SIGKILL']);
    expect(await project.users()).to.deep.equal([]);
    expect(await okta.store.count('user')).to.equal(300);
  };

  it('takes over, where a service runs, what a process that was killed had committed', async () => {
    await dieAfterPush();
    const scheduler = project.rollcall.scheduler();
    project.now = new Date();
    await scheduler.drain();
    await project.rollcall.pushes.settle();
    expect(await project.users(), 'it may be at work on them').to.deep.equal([]);
    await (await project.tenant()).directories.pause('okta');
    project.now = new Date(Date.now() + 120_000);
    await scheduler.drain();
    await project.rollcall.pushes.settle();
    expect(await project.users(), 'nobody comes by a paused directory').to.deep.equal([]);
    await (await project.tenant()).directories.resume('okta');
    await scheduler.drain();
    await project.rollcall.pushes.settle();
    expect(await project.users()).to.have.length(300);
    expect((await project.groups()).map(({ members }) => members)).to.deep.equal([300]);
  });

  it('leaves to the next sync what a process that was killed had committed', async () => {
    await dieAfterPush();
    // The mark of another run is not this push's to take.
    await okta.user('ada');
    await project.rollcall.pushes.settle();
    expect(await project.users()).to.have.length(1);
    const { exitCode } = await (await project.tenant()).sync();
    expect(exitCode).to.equal(0);
    expect(await project.users()).to.have.length(301);
    expect((await project.groups()).map(({ members }) => members)).to.deep.equal([300]);
  });

  it('keeps evidence of a shadow directory and changes nobody until it is live', async () => {
    await project.change('acme', tenantFile({ mode: 'shadow' }));
    await okta.user('ada');
    expect(await news()).to.deep.equal([]);
    const { runs } = await (await project.tenant()).sync({ directories: ['okta'] });
    expect(runs.find(({ shadow }) => shadow)?.changes.users.created).to.equal(1);
    expect(await project.users()).to.deep.equal([]);
    await project.change('acme', tenantFile());
    await (await project.tenant()).sync();
    expect((await person('ada')).active).to.equal(true);
  });

  it('takes nothing where the directory is paused', async () => {
    await (await project.tenant()).directories.pause('okta');
    const refused = await okta.send('POST', '/Users', { userName: 'ada' }).catch((error: unknown) => error);
    expect(refused).to.deep.include({ code: 'RC_PUSH_CLOSED' });
    await (await project.tenant()).directories.resume('okta');
    expect(await okta.user('ada')).to.be.a('string');
  });

  it('holds a mass deactivation that is pushed one by one, and answers as the source wrote it', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 30; i += 1) ids.push(await okta.user(`p${i}`));
    await news();
    for (const id of ids) await okta.patch(`/Users/${id}`, { op: 'replace', value: { active: false } });
    await project.rollcall.pushes.settle();
    const inactive = (await project.users()).filter(({ active }) => !active);
    expect(inactive).to.have.length(24);
    const { items } = await (await project.tenant()).reviews({ all: true });
    expect(items[0]).to.deep.include({ kind: 'guard', guard: 'deactivations', directory: 'okta' });
    expect((await okta.send('GET', `/Users/${ids[29] ?? ''}`)).document.active).to.equal(false);
  });

  it('loses nobody when twenty PATCHes of one group run at once in two processes', async () => {
    const { id, token } = await project.enter('okta');
    const other = await project.another();
    const entry = await other.pushes.enter(id, token);
    if (!entry.admitted) throw new Error(entry.because);
    const elsewhere = new ScimPusher(entry.directory.store, () => project.now);
    const ids: string[] = [];
    for (let i = 0; i < 20; i += 1) ids.push(await okta.user(`p${i}`));
    const group = await okta.group('Everybody');
    const answers = await Promise.all(
      ids.map((value, i) =>
        (i % 2 === 0 ? okta : elsewhere).patch(`/Groups/${group}`, { op: 'add', path: 'members', value: [{ value }] }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([204]));
    for (const { pushes } of [project.rollcall, other]) await pushes.settle();
    expect((await okta.store.members(group, { limit: 100 })).map((member) => member.id)).to.deep.equal([...ids].sort());
    expect((await project.groups())[0]?.members).to.equal(20);
    const events = await project.events();
    expect(events.map(({ sequence }) => sequence)).to.deep.equal(events.map((_, i) => i + 1));
    expect(typesOf(events).filter((type) => type === 'membership.added')).to.have.length(20);
  });

  if (kind.name === 'SQLite')
    it('draws together what is pushed while others wait for the writer', async () => {
      await Promise.all(Array.from({ length: 20 }, (_, n) => okta.user(`p${n}`)));
      await project.rollcall.pushes.settle();
      const { items } = await (await project.tenant()).runs.list({ limit: 100 });
      const created = items.map(({ changes }) => changes.users.created);
      expect(created.reduce((sum, count) => sum + count, 0)).to.equal(20);
      expect(Math.max(...created)).to.be.greaterThan(1);
    });

  if (kind.name === 'PostgreSQL')
    it('answers while somebody else holds the tenant, and draws the consequences as soon as it is free', async () => {
      const { configuration } = project.store;
      if (configuration.client !== 'pg') throw new Error('This is not PostgreSQL.');
      const snapshot = new pg.Client({ connectionString: configuration.url });
      await snapshot.connect();
      try {
        await snapshot.query(`BEGIN; SELECT id FROM ${configuration.schema ?? ''}.tenant WHERE id = 'acme' FOR UPDATE`);
        const id = await okta.user('ada');
        expect((await okta.send('GET', `/Users/${id}`)).status).to.equal(200);
        expect(await project.users()).to.deep.equal([]);
        await snapshot.query('COMMIT');
      } finally {
        await snapshot.end();
      }
      await project.rollcall.pushes.settle();
      expect((await person('ada')).active).to.equal(true);
    });

  it('says when a source pushed last', async () => {
    const door = await project.tenant();
    const last = async (): Promise<unknown> => (await door.directories.list()).map(({ lastPushAt }) => lastPushAt);
    expect(await last()).to.deep.equal([null, null]);
    await okta.user('ada');
    expect(await last()).to.deep.equal(['2026-03-09T08:00:00Z', null]);
  });
});
