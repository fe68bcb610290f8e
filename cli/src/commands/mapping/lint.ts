import { needed } from '../../arguments.js';
import { RollcallCommand } from '../../base-command.js';
import { answerFindings } from '../../findings.js';
import { lintMapping, openMapping } from '../../mapping-files.js';

export default class MappingLint extends RollcallCommand {
  static override summary = 'Check a mapping file without any record.';
  static override examples = [
    { description: 'One mapping', command: 'rollcall mapping lint mappings/hr.yaml' },
    { description: 'For a program', command: 'rollcall mapping lint mappings/it.yaml --json' },
  ];

  static override args = {
    file: needed({ description: 'The mapping: a file, or a name such as @rollcall/mappings/hr-csv.' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(MappingLint);
    const output = this.outputFor(flags);
    const mapping = await openMapping(args.file, this.choice(flags, output));
    return answerFindings(output, await lintMapping(mapping), 'The mapping is in order.');
  }
}
