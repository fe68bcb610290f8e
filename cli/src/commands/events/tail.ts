import { string } from '@oclif/core/flags';
import type { EventDocument } from '@rollcall/core';
import type { ReadingDoor } from '@rollcall/core/reading';
import { setTimeout as sleep } from 'node:timers/promises';
import { RollcallCommand } from '../../base-command.js';
import { Interruption } from '../../interruption.js';
import type { Output } from '../../output.js';
import { eventLine } from '../../render/events.js';
import { wholeNumberOf } from '../../values.js';

/** How often is looked for what other processes wrote. */
const LOOK_MS = 1_000;
const PAGE = 500;

export default class EventsTail extends RollcallCommand {
  static override summary = 'Show events as they come, until Ctrl-C.';
  static override description =
    'With --json one event a line, as in rollcall.events/1. Begins with what comes next, or after --after.';
  static override examples = [
    { description: 'Everything from now on', command: 'rollcall events tail' },
    {
      description: 'Who became inactive since event 3, for a program',
      command: 'rollcall events tail --after 3 --type user.deactivated --json',
    },
  ];

  static override flags = {
    after: string({ description: 'Begin after this sequence number; 0: with the first one.', helpValue: 'N' }),
    type: string({ description: 'Only events of this type, such as user.deactivated.', helpValue: 'TYPE' }),
  };

  protected override readonly interruption = new Interruption(
    process,
    (exitCode) => {
      process.exit(exitCode);
    },
    'Stopping.',
  );

  async run(): Promise<number> {
    const { flags } = await this.parse(EventsTail);
    const given = flags.after === undefined ? null : wholeNumberOf('--after', flags.after, 0);
    const type = flags.type === undefined ? {} : { type: flags.type };
    return this.withReader(flags, async (door, output) => {
      // Asked for before anything is shown: an unknown type is refused at once.
      await door.events({ limit: 1, ...type });
      let after = given ?? (await door.eventHead());
      output.note(`Waiting for events after ${after}; Ctrl-C ends it.`);
      while (!this.interruption.signal.aborted) {
        after = await this.#show(door, output, { after, ...type });
        await sleep(LOOK_MS, undefined, { signal: this.interruption.signal }).catch(() => undefined);
      }
      return 0;
    });
  }

  /** Shows all that there is after a number; answers the number of the last one. */
  async #show(door: ReadingDoor, output: Output, from: { after: number; type?: string }): Promise<number> {
    let { after } = from;
    for (;;) {
      const { items, next } = await door.events({ ...from, after, limit: PAGE });
      for (const event of items) await show(output, event);
      after = items.at(-1)?.sequence ?? after;
      if (next === null || this.interruption.signal.aborted) return after;
    }
  }
}

async function show(output: Output, event: EventDocument): Promise<void> {
  if (output.flags.json) output.text(JSON.stringify(event));
  else output.text(eventLine(event, await output.screen()));
}
