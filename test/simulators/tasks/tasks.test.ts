import { expect } from 'chai';
import { Random } from '#simulators/population/random.js';
import { runTasks, type Task } from '#simulators/tasks/tasks.js';

describe('simulators/tasks', () => {
  let log: string[];
  let running: number;
  let most: number;

  beforeEach(() => {
    log = [];
    running = 0;
    most = 0;
  });

  function task(name: string, subject: string, needs: string[] = [], fails = false): Task {
    const run = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      for (let turn = 0; turn < 3; turn += 1) await Promise.resolve();
      running -= 1;
      log.push(name);
      if (fails) throw new Error(name);
    };
    return { name, subject, needs, run };
  }

  const options = { concurrency: 3, shuffledBy: undefined, onFailure: () => false };

  it('runs several at once, never more than it may', async () => {
    await runTasks(
      Array.from({ length: 10 }, (_, n) => task(`t${n}`, `s${n}`)),
      options,
    );
    expect(log).to.have.length(10);
    expect(most).to.equal(3);
  });

  it('keeps the order of one subject and of what a task needs, in whatever order it draws', async () => {
    for (let seed = 0; seed < 30; seed += 1) {
      log = [];
      const tasks = [
        task('a1', 'a'),
        task('a2', 'a'),
        task('b1', 'b'),
        task('g', 'g', ['a', 'b', 'nobody']),
        task('a3', 'a'),
      ];
      await runTasks(tasks, { ...options, shuffledBy: new Random(seed) });
      expect(log.indexOf('a1')).to.be.lessThan(log.indexOf('a2'));
      expect(log.indexOf('a2')).to.be.lessThan(log.indexOf('a3'));
      expect(log.indexOf('a2')).to.be.lessThan(log.indexOf('g'));
      expect(log.indexOf('b1')).to.be.lessThan(log.indexOf('g'));
    }
  });

  it('draws different orders from different seeds, and the same from the same', async () => {
    const orders = [1, 2, 1].map(async (seed) => {
      const mine: string[] = [];
      const tasks = Array.from({ length: 8 }, (_, n): Task => ({
        name: `t${n}`,
        subject: `s${n}`,
        needs: [],
        run: () => Promise.resolve(void mine.push(`t${n}`)),
      }));
      await runTasks(tasks, { ...options, concurrency: 1, shuffledBy: new Random(seed) });
      return mine;
    });
    const [one, two, again] = await Promise.all(orders);
    expect(one).to.deep.equal(again);
    expect(one).not.to.deep.equal(two);
  });

  it('goes on after a failure, also with what needed the failed', async () => {
    const failed: string[] = [];
    const onFailure = ({ name }: Task): boolean => {
      failed.push(name);
      return false;
    };
    await runTasks([task('a', 'a', [], true), task('b', 'b', ['a'])], { ...options, onFailure });
    expect(failed).to.deep.equal(['a']);
    expect(log).to.deep.equal(['a', 'b']);
  });

  it('ends when it is told to, and lets what runs end', async () => {
    const tasks = Array.from({ length: 20 }, (_, n) => task(`t${n}`, `s${n}`, [], n === 0));
    await runTasks(tasks, { ...options, onFailure: () => true });
    expect(log.length).to.be.lessThan(5);
    expect(running).to.equal(0);
  });

  it('is done at once without tasks', async () => {
    await runTasks([], options);
  });
});
