import type { SchedulerDoor } from './api.js';
import { openNotificationDoor, type NotificationDoor } from './notification-door.js';
import { openScheduler, type SchedulerParts } from './scheduler-door.js';
import type { Scheduler } from './scheduling/scheduler.js';
import { wait } from './scheduling/wait.js';

/** What runs by itself for all tenants: what reads when it is due, and where sources tell that something is. */
export interface Installation {
  scheduler(slots: number): SchedulerDoor;
  notifications: NotificationDoor;
}

/** Puts both together: who is told of a change wakes the schedulers of this process. */
export function openInstallation(parts: SchedulerParts & { prepare(): Promise<void> }): Installation {
  const schedulers = new Set<Scheduler>();
  const { engine } = parts;
  return {
    scheduler(slots) {
      const scheduler = openScheduler(parts, { slots, wait, log: engine.log });
      return {
        start() {
          schedulers.add(scheduler);
          scheduler.start();
        },
        wake: () => {
          scheduler.wake();
        },
        drain: () => scheduler.drain(),
        stop() {
          schedulers.delete(scheduler);
          return scheduler.stop();
        },
      };
    },
    notifications: openNotificationDoor({
      engine,
      capabilities: (connector) => parts.capabilities(connector),
      prepare: () => parts.prepare(),
      wake: () => {
        for (const scheduler of schedulers) scheduler.wake();
      },
    }),
  };
}
