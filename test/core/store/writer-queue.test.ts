import { expect } from 'chai';
import { LANES, WriterQueue } from '#core/store/writer-queue.js';

describe('core/store/writer-queue', () => {
  it('serves the lanes in their order, and within a lane who came first', async () => {
    const queue = new WriterQueue();
    const order: string[] = [];
    const first = queue.run('sweep', async () => {
      await new Promise(setImmediate);
      order.push('first');
    });
    const rest = [...LANES]
      .reverse()
      .flatMap((lane) => [1, 2].map((n) => queue.run(lane, () => Promise.resolve(void order.push(`${lane} ${n}`)))));
    await Promise.all([first, ...rest]);
    expect(order).to.deep.equal(['first', ...LANES.flatMap((lane) => [`${lane} 1`, `${lane} 2`])]);
  });

  it('runs one task at a time', async () => {
    const queue = new WriterQueue();
    let running = 0;
    let most = 0;
    const task = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
    };
    await Promise.all(Array.from({ length: 20 }, (_, n) => queue.run(LANES[n % 4] ?? 'sweep', task)));
    expect(most).to.equal(1);
  });

  it('is not blocked by a task that fails, even before its first wait', async () => {
    const queue = new WriterQueue();
    const failing = queue.run('push', () => {
      throw new Error('at once');
    });
    const later = queue.run('push', () => Promise.reject(new Error('later')));
    const good = queue.run('push', () => Promise.resolve('good'));
    const ends = await Promise.allSettled([failing, later, good]);
    expect(ends.map((end) => end.status)).to.deep.equal(['rejected', 'rejected', 'fulfilled']);
    expect(await queue.run('sweep', () => Promise.resolve('after'))).to.equal('after');
  });
});
