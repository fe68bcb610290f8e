import { expect } from 'chai';
import { PersonnelProject } from '../../support/personnel-project.js';
import type { HeldAnswer } from '../../support/personnel-source.js';
import { onBothStores } from '../../support/stores.js';

onBothStores('two lanes of one directory', (kind) => {
  let project: PersonnelProject;

  beforeEach(async () => {
    project = await PersonnelProject.create(kind);
    for (const id of ['ada', 'alan', 'grace', 'zoe']) project.source.put({ id });
    await project.pass(0);
    await project.pass(5);
  });

  afterEach(async () => {
    await project.close();
  });

  const hold = (path: string): HeldAnswer => project.source.hold(path);

  const stateOf = async (login: string): Promise<unknown[]> => {
    const user = await project.user(login);
    return [user?.active, user?.attributes.department];
  };

  it('never keep who leaves waiting for a whole read', async () => {
    const page = hold('/people?page=1');
    const whole = project.readAll();
    await page.reached;
    project.source.put({ id: 'alan', works: false });
    await project.tell('alan');
    await project.pass(0);
    expect(await stateOf('alan')).to.deep.equal([false, 'Research']);
    page.letGo();
    await whole;
    expect(await stateOf('alan')).to.deep.equal([false, 'Research']);
  });

  it('field failure 21: a removal that races a running whole read stays a removal', async () => {
    // The page with alan was made while he was there, and arrives when he is gone.
    const page = hold('/people?page=0');
    const whole = project.readAll();
    await page.reached;
    project.source.remove('alan');
    await project.tell('alan');
    await project.pass(0);
    expect(await stateOf('alan')).to.deep.equal([false, 'Research']);
    page.letGo();
    await whole;
    await project.pass(5);
    expect(await stateOf('alan')).to.deep.equal([false, 'Research']);
    expect(await project.events('user.reactivated')).to.deep.equal([]);
  });

  it('come to what is true where a single read arrives after a whole read that began later', async () => {
    project.source.put({ id: 'ada', team: 'Engines' }, { silently: true });
    const one = hold('/people/ada');
    await project.tell('ada');
    const fast = project.pass(0);
    await one.reached;
    project.source.put({ id: 'ada', team: 'Research' }, { silently: true });
    await project.readAll();
    one.letGo();
    await fast;
    expect(await stateOf('ada')).to.deep.equal([true, 'Research']);
    expect(await project.events('user.updated')).to.deep.equal([]);
  });

  it('come to what is true where a single read that began earlier changes what a whole read saw already', async () => {
    project.source.put({ id: 'ada', team: 'Engines' }, { silently: true });
    const one = hold('/people/ada');
    await project.tell('ada');
    const fast = project.pass(0);
    await one.reached;
    project.source.put({ id: 'ada', team: 'Research' }, { silently: true });
    // Ada's page is seen, and is as it was: nothing is written of it. Then the older answer comes.
    const page = hold('/people?page=1');
    const whole = project.readAll();
    await page.reached;
    one.letGo();
    await fast;
    page.letGo();
    await whole;
    await project.pass(5);
    expect(await stateOf('ada')).to.deep.equal([true, 'Research']);
  });

  it('look again at who was seen and not met, instead of taking them for gone', async () => {
    const page = hold('/people?page=1');
    const whole = project.readAll();
    await page.reached;
    // Sorted before the page that is read: the whole read does not meet her.
    project.source.put({ id: 'aaa' });
    await project.tell('aaa');
    await project.pass(0);
    page.letGo();
    await whole;
    await project.pass(5);
    expect(await stateOf('aaa')).to.deep.equal([true, 'Research']);
    expect(await project.events('user.deactivated')).to.deep.equal([]);
  });

  it('bury who is gone also where the numbers agree by chance', async () => {
    const page = hold('/people?page=1');
    project.source.remove('zoe', { silently: true });
    const whole = project.readAll();
    await page.reached;
    project.source.put({ id: 'aaa' }, { silently: true });
    await project.tell('aaa');
    await project.pass(0);
    page.letGo();
    await whole;
    await project.pass(5);
    expect(await stateOf('zoe')).to.deep.equal([false, 'Research']);
    expect(await stateOf('aaa')).to.deep.equal([true, 'Research']);
  });

  it('leave the marks of the other lane to it', async () => {
    const page = hold('/people?page=1');
    project.source.put({ id: 'ada', team: 'Engines' }, { silently: true });
    const whole = project.readAll();
    await page.reached;
    project.source.put({ id: 'zoe', team: 'Engines' });
    await project.pass(5);
    const fast = (await project.runs()).find(({ tier }) => tier === 'delta');
    expect(fast?.changes.users.updated).to.equal(1);
    page.letGo();
    await whole;
    const events = await project.events('user.updated');
    expect(events).to.have.length(2);
  });

  it('do not take each other for dead', async () => {
    const page = hold('/people?page=1');
    const whole = project.readAll();
    await page.reached;
    await project.pass(5);
    expect((await project.runs()).filter(({ outcome }) => outcome === 'interrupted')).to.deep.equal([]);
    page.letGo();
    await whole;
    expect((await project.runs()).map(({ outcome }) => outcome)).to.not.include('interrupted');
  });

  it('draw what a run that was stopped half-way had read: the stream does not bring it again', async () => {
    for (const id of ['b1', 'b2', 'b3']) project.source.put({ id });
    const asked = project.source.countOf('/changes?since=4');
    const second = hold(`/changes?since=${String((await project.rows('cursor'))[0]?.cursor)}`);
    project.now = new Date(project.now.getTime() + 5 * 60_000);
    const scheduler = project.rollcall.scheduler();
    scheduler.start();
    await second.reached;
    // The first page arrives and is kept; the answer to the second one never comes.
    const last = hold('/changes?since=6');
    second.letGo();
    await last.reached;
    await scheduler.stop();
    last.letGo();
    expect((await project.runs())[0]).to.deep.include({ tier: 'delta', outcome: 'interrupted' });
    expect(await stateOf('b1')).to.deep.equal([undefined, undefined]);
    const other = await project.another();
    await project.pass(1, other);
    for (const id of ['b1', 'b2', 'b3']) expect(await stateOf(id), id).to.deep.equal([true, 'Research']);
    expect(project.source.countOf('/changes?since=4')).to.equal(asked + 1);
  });

  it('wake the scheduler of their process when something is told', async () => {
    const one = hold('/people/alan');
    const scheduler = project.rollcall.scheduler();
    scheduler.start();
    await project.tell('alan');
    await one.reached;
    one.letGo();
    await scheduler.stop();
    expect(project.source.countOf('/people/alan')).to.equal(1);
  });
});
