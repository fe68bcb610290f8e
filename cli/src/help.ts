import type { Command } from '@oclif/core/command';
import type { Topic } from '@oclif/core/interfaces';
import { Help } from '@oclif/core/help';
import { isWired } from './wired.js';

/** oclif's help without the commands that are not wired yet, collected as a text. */
export class RollcallHelp extends Help {
  readonly #lines: string[] = [];

  get text(): string {
    return `${this.#lines
      .join('\n')
      .replaceAll(/[ \t]+$/gm, '')
      .trimEnd()}\n`;
  }

  protected override get sortedCommands(): Command.Loadable[] {
    return super.sortedCommands.filter(({ id }) => isWired(id.replaceAll(' ', ':')));
  }

  protected override get sortedTopics(): Topic[] {
    const ids = this.sortedCommands.map(({ id }) => id);
    return super.sortedTopics.filter(({ name }) => ids.some((id) => id.replaceAll(' ', ':').startsWith(`${name}:`)));
  }

  protected override log(...texts: string[]): void {
    this.#lines.push(...texts);
  }
}
