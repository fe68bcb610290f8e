import { Config } from '@oclif/core/config';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { spoken } from './find-command.js';

/** One flag or argument as people see it. */
export interface ListedInput {
  name: string;
  description: string;
  isRequired: boolean;
  /** What stands for its value; null for a switch. */
  value: string | null;
  isGlobal: boolean;
}

/** One command as people see it. */
export interface ListedCommand {
  name: string;
  summary: string;
  description: string;
  arguments: (ListedInput & { isMany: boolean })[];
  flags: ListedInput[];
  examples: { description: string; command: string }[];
}

type Loadable = Config['commands'][number];

/** All commands, with their flags and examples, in the order of their names. */
export async function listCommands(): Promise<ListedCommand[]> {
  const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
  const config = await Config.load({ root });
  return config.commands.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(listed);
}

function listed(command: Loadable): ListedCommand {
  return {
    name: spoken(command.id),
    summary: command.summary ?? '',
    description: command.description ?? '',
    arguments: Object.entries(command.args)
      .filter(([, arg]) => arg.hidden !== true)
      .map(([name, arg]) => ({
        name: name.toUpperCase(),
        description: arg.description ?? '',
        isRequired: arg.required === true,
        value: null,
        isGlobal: false,
        isMany: arg.multiple === true,
      })),
    flags: Object.entries(command.flags)
      .map(([name, flag]) => ({
        name: `--${name}`,
        description: flag.description ?? '',
        isRequired: flag.required === true,
        value: flag.type === 'option' ? String(flag.helpValue ?? 'VALUE') : null,
        isGlobal: flag.helpGroup === 'GLOBAL',
      }))
      .sort((a, b) => a.name.localeCompare(b.name)),
    examples: (command.examples ?? []).flatMap((example) => (typeof example === 'string' ? [] : [example])),
  };
}
