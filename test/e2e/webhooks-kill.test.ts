import { expect } from 'chai';
import { Receiver } from '../support/receiver.js';
import { RunningService } from './running-service.js';
import { FIRST_DAY, removesProjects, syncedProject, type TestProject } from './support.js';

const LATER = '2026-03-09T08:05:00Z';
const SERVE = ['serve', '--port', '0', '--slots', '0', '--quiet'];

describe('e2e/webhooks: a service that is killed or stopped while it sends', () => {
  removesProjects();

  /** A synced project whose events are all due at a receiver; answers their ids. */
  async function dueAt(receiver: Receiver): Promise<{ project: TestProject; ids: string[] }> {
    const project = await syncedProject();
    await project.edit('rollcall.config.yaml', (text) => `${text}webhooks: { allowHosts: ['127.0.0.1'] }\n`);
    const { webhook } = await project.json<{ webhook: { id: string } }>(['webhook', 'create', receiver.url()], 0);
    await project.json(['webhook', 'recover', webhook.id, '--since', '2026-03-09'], 0);
    const { items } = await project.json<{ items: { id: string }[] }>(['events', 'list'], 0);
    return { project, ids: items.map(({ id }) => id) };
  }

  const deliveries = async (project: TestProject): Promise<unknown[]> =>
    (await project.json<{ items: unknown[] }>(['webhook', 'deliveries'], 0)).items;

  it('sends again, under the same ids, what it had not stored, and nothing is lost', async () => {
    await using receiver = await Receiver.open();
    const { project, ids } = await dueAt(receiver);
    const killed = new RunningService(project.start(SERVE, { now: FIRST_DAY }));
    await new Promise<void>((resolve) => {
      receiver.answer = async () => {
        if (receiver.received.length < 3) return 204;
        await killed.stop('SIGKILL');
        resolve();
        return 204;
      };
    });
    expect(receiver.ids).to.deep.equal(ids.slice(0, 3));
    expect(await deliveries(project)).to.deep.equal([]);
    receiver.forget();
    const all = new Promise<void>((resolve) => {
      receiver.answer = () => {
        if (receiver.received.length === ids.length) resolve();
        return 204;
      };
    });
    await using service = new RunningService(project.start(SERVE, { now: LATER }));
    await all;
    expect((await service.stop('SIGTERM')).exitCode).to.equal(0);
    expect(receiver.ids).to.deep.equal(ids);
    expect(await deliveries(project)).to.have.length(ids.length);
  });

  it('ends while a receiver keeps it waiting, and what was not answered stays due', async () => {
    await using receiver = await Receiver.open();
    const { project, ids } = await dueAt(receiver);
    const service = new RunningService(project.start(SERVE, { now: FIRST_DAY }));
    await new Promise<void>((resolve) => {
      receiver.answer = () => {
        if (receiver.received.length < 3) return 204;
        resolve();
        return undefined;
      };
    });
    expect((await service.stop('SIGTERM')).exitCode).to.equal(0);
    expect(await deliveries(project)).to.have.length(2);
    const { items } = await project.json<{ items: { delivery: object }[] }>(['webhook', 'list'], 0);
    expect(items[0]?.delivery).to.include({ position: 2, behind: ids.length - 2, failing: 0 });
  });

  it('sends nothing with --deliveries 0', async () => {
    await using receiver = await Receiver.open();
    const { project } = await dueAt(receiver);
    const service = new RunningService(project.start([...SERVE, '--deliveries', '0'], { now: FIRST_DAY }));
    expect((await fetch(`${await service.url()}/readyz`)).status).to.equal(200);
    expect((await service.stop('SIGTERM')).exitCode).to.equal(0);
    expect(receiver.received).to.deep.equal([]);
    expect(await deliveries(project)).to.deep.equal([]);
  });
});
