import { needed } from '../../arguments.js';
import { RollcallCommand } from '../../base-command.js';
import { answerFindings } from '../../findings.js';
import { openMapping, testMapping } from '../../mapping-files.js';
import { counted } from '../../render/words.js';

export default class MappingTest extends RollcallCommand {
  static override summary = 'Run the cases that stand beside a mapping file.';
  static override examples = [
    { description: 'The cases of mappings/hr.test.yaml', command: 'rollcall mapping test mappings/hr.yaml' },
    { description: 'For a program', command: 'rollcall mapping test mappings/it.yaml --json' },
  ];

  static override args = {
    file: needed({
      description:
        'The mapping: a file, or a name such as @rollcall/mappings/hr-csv; its cases are in NAME.test.yaml beside it.',
    }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(MappingTest);
    const output = this.outputFor(flags);
    const mapping = await openMapping(args.file, this.choice(flags, output));
    const { findings, cases } = await testMapping(mapping);
    return answerFindings(output, findings, `${counted(cases, 'case')} passed.`, { cases });
  }
}
