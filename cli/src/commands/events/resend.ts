import { needed } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { whoDecides } from '../../decision-command.js';
import { onlyTenant } from '../../project.js';
import { resentText } from '../../render/webhooks.js';

export default class EventsResend extends RollcallCommand {
  static override summary = 'Send one event again to all webhook endpoints that want it, under the same id.';
  static override examples = [
    { description: 'By its number', command: 'rollcall events resend 3' },
    { description: 'For a program', command: 'rollcall events resend 3 --json' },
  ];

  static override args = { event: needed({ description: 'The event: evt-…, or its number.' }) };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(EventsResend);
    return this.withProject(flags, async ({ rollcall, tenants }, output) => {
      const order = { event: args.event, by: whoDecides() };
      const { webhooks } = await rollcall.webhooks.resend(onlyTenant(tenants), order);
      return answer(output, { format: 'rollcall.events-resend/1', exitCode: 0, webhooks }, resentText);
    });
  }
}
