import { boolean } from '@oclif/core/flags';
import path from 'node:path';
import { optional } from '../arguments.js';
import { answer, RollcallCommand } from '../base-command.js';
import { initText } from '../render/init.js';

export default class Init extends RollcallCommand {
  static override summary = 'Make a project: configuration, a tenant, mappings with their cases, a secret key.';
  static override examples = [
    {
      description: 'A project to try things in, with two small exports',
      command: 'rollcall init my-rollcall --example',
    },
    { description: 'In this folder, without the exports', command: 'rollcall init' },
  ];

  static override args = { dir: optional({ description: 'Folder to make; this one when left out.' }) };
  static override flags = {
    example: boolean({ description: 'Also write an HR export and an IT export to read.' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Init);
    const { initProject } = await import('@rollcall/core');
    const project = path.resolve(args.dir ?? flags.project ?? '.');
    const { written } = await initProject(project, { example: flags.example });
    const output = this.outputFor(flags);
    const place = path.relative(process.cwd(), project);
    return answer(output, { format: 'rollcall.init/1', exitCode: 0, project, written }, (document, screen) =>
      initText(document, place, screen),
    );
  }
}
