import { Help } from '@oclif/core/help';

/** oclif's help, collected as a text. */
export class RollcallHelp extends Help {
  readonly #lines: string[] = [];

  get text(): string {
    return `${this.#lines
      .join('\n')
      .replaceAll(/[ \t]+$/gm, '')
      .trimEnd()}\n`;
  }

  protected override log(...texts: string[]): void {
    this.#lines.push(...texts);
  }
}
