import { needed, optional } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { whoDecides } from '../../decision-command.js';
import { overrideText } from '../../render/overrides.js';
import { shellLine } from '../../render/shell-word.js';
import { UsageError } from '../../usage-error.js';

export default class OverrideClear extends RollcallCommand {
  static override summary = 'End an override: the directories speak again.';
  static override examples = [
    { description: 'By person and attribute', command: 'rollcall override clear hr:E1003 active' },
    { description: 'By its id', command: 'rollcall override clear ovr-01hr --json' },
  ];

  static override args = {
    target: needed({ description: 'An override (ovr-…), or a person as in explain.' }),
    attribute: optional({ description: 'With a person: the attribute.' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(OverrideClear);
    const target = targetOf(args.target, args.attribute);
    return this.withTenant(flags, async (door, output) => {
      const { item, runs } = await door.overrides.clear(target, whoDecides());
      return answer(output, { format: 'rollcall.override-clear/1', exitCode: 0, override: item, runs }, overrideText);
    });
  }
}

function targetOf(target: string, attribute: string | undefined): { id: string } | { who: string; attribute: string } {
  if (target.startsWith('ovr-')) return { id: target };
  if (attribute !== undefined) return { who: target, attribute };
  throw new UsageError(
    'RC_USAGE_ARGUMENT_MISSING',
    'ATTRIBUTE is missing.',
    `Name it: ${shellLine('rollcall', 'override', 'clear', target)} ATTRIBUTE`,
  );
}
