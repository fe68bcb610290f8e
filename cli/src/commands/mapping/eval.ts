import { string } from '@oclif/core/flags';
import { needed } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { evaluateMapping, openMapping, readRecord } from '../../mapping-files.js';
import { evaluationText } from '../../render/evaluation.js';

export default class MappingEval extends RollcallCommand {
  static override summary = 'Show what a mapping makes of one raw record.';
  static override examples = [
    { description: 'A record in a file', command: 'rollcall mapping eval mappings/hr.yaml --record record.json' },
    { description: 'For a program', command: 'rollcall mapping eval mappings/hr.yaml --record record.json --json' },
  ];

  static override args = {
    file: needed({ description: 'The mapping: a file, or a name such as @rollcall/mappings/hr-csv.' }),
  };
  static override flags = {
    record: string({ description: 'A file with one raw record as a JSON object.', helpValue: 'FILE', required: true }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(MappingEval);
    const output = this.outputFor(flags);
    const mapping = await openMapping(args.file, this.choice(flags, output));
    const evaluation = await evaluateMapping(mapping, await readRecord(flags.record));
    return answer(output, { format: 'rollcall.mapping-eval/1', exitCode: 0, ...evaluation }, evaluationText);
  }
}
