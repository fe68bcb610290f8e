import type { Json } from '@rollcall/core';
import { string } from '@oclif/core/flags';
import { needed, who } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { reasonOf, whoDecides } from '../../decision-command.js';
import { overrideText } from '../../render/overrides.js';
import { shellWord } from '../../render/shell-word.js';
import { UsageError } from '../../usage-error.js';
import { instantOf } from '../../values.js';

export default class OverrideSet extends RollcallCommand {
  static override summary = 'Set a value of a person by hand, above all directories, until a given instant.';
  static override examples = [
    {
      description: 'Keep Alan active for the handover',
      command: 'rollcall override set hr:E1003 active true --reason "handover" --until 2099-03-31',
    },
    {
      description: 'A text is JSON: in double quotes',
      command: `rollcall override set hr:E1001 department '"Research"' --reason "moves early" --until 2099-03-31`,
    },
  ];

  static override args = {
    who,
    attribute: needed({ description: 'The attribute, such as active or department.' }),
    value: needed({ description: 'The value as JSON: true, null, "text", [...].' }),
  };

  static override flags = {
    reason: string({ description: 'Why; kept with the value.', helpValue: 'TEXT', required: true }),
    until: string({ description: 'When it ends.', helpValue: 'INSTANT', required: true }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(OverrideSet);
    const value = jsonOf(args.value);
    const decision = { reason: reasonOf(flags.reason), until: instantOf('--until', flags.until), by: whoDecides() };
    return this.withTenant(flags, async (door, output) => {
      const { item, runs } = await door.overrides.set(args.who, args.attribute, value, decision);
      return answer(output, { format: 'rollcall.override-set/1', exitCode: 0, override: item, runs }, overrideText);
    });
  }
}

function jsonOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new UsageError(
      'RC_USAGE_VALUE_INVALID',
      `"${text}" is not JSON.`,
      `A text needs double quotes, and quotes around them for the shell: ${shellWord(JSON.stringify(text))}`,
    );
  }
}
