import type { TenantDoor } from '@rollcall/core';
import type { ReadingDoor } from '@rollcall/core/reading';
import { Command } from '@oclif/core/command';
import { boolean, string } from '@oclif/core/flags';
import { Interruption } from './interruption.js';
import { Output, type OutputFlags, type Streams } from './output.js';
import {
  doorOf,
  readingDoorOf,
  withReading,
  withRollcall,
  type OpenProject,
  type ProjectChoice,
  type WithReading,
  type WithRollcall,
} from './project.js';
import type { Screen } from './terminal/screen.js';
import { wholeNumberOf } from './values.js';

/** The flags that every command has. */
export interface GlobalFlags {
  project: string | undefined;
  tenant: string | undefined;
  json: boolean;
  'no-color': boolean;
  quiet: boolean;
}

/** The flags of lists. */
export const listFlags = {
  limit: string({ description: 'Show at most N items.', helpValue: 'N', default: '100' }),
  after: string({ description: 'Go on after the cursor that the page before ended with.', helpValue: 'CURSOR' }),
};

/** The one parent of all commands: global flags, opening the project, answering, stopping. A command returns its exit code. */
export abstract class RollcallCommand extends Command {
  static override baseFlags = {
    project: string({
      description: 'Folder of the project; by default the nearest one above with rollcall.config.yaml.',
      helpValue: 'DIR',
      helpGroup: 'GLOBAL',
    }),
    tenant: string({
      description: 'Tenant to work on; may be left out while there is one.',
      helpValue: 'NAME',
      helpGroup: 'GLOBAL',
    }),
    json: boolean({ description: 'Answer with one JSON document.', helpGroup: 'GLOBAL' }),
    'no-color': boolean({ description: 'Write without colours.', helpGroup: 'GLOBAL' }),
    quiet: boolean({ description: 'Write no progress and no hints.', helpGroup: 'GLOBAL' }),
  };

  protected streams: Streams = process;
  protected env: Readonly<Record<string, string | undefined>> = process.env;
  protected open: WithRollcall = withRollcall;
  protected openForReading: WithReading = withReading;
  protected readonly interruption: Interruption = new Interruption(process, (exitCode) => {
    process.exit(exitCode);
  });

  abstract override run(): Promise<number>;

  /** Errors are reported in one place, by whoever runs the command. */
  protected override catch(error: Error): Promise<never> {
    return Promise.reject(error);
  }

  protected outputFor(flags: GlobalFlags): Output {
    return new Output(this.streams, outputFlags(flags), this.env);
  }

  protected withProject<Result>(
    flags: GlobalFlags,
    task: (project: OpenProject, output: Output) => Promise<Result>,
  ): Promise<Result> {
    return this.listening(flags, (output) => this.open(this.choice(flags, output), (project) => task(project, output)));
  }

  /** For the commands that work on one tenant. */
  protected withTenant(
    flags: GlobalFlags,
    task: (door: TenantDoor, output: Output) => Promise<number>,
  ): Promise<number> {
    return this.withProject(flags, async (project, output) => task(await doorOf(project), output));
  }

  /** For the commands that ask one tenant's store and do nothing else. */
  protected withReader(
    flags: GlobalFlags,
    task: (door: ReadingDoor, output: Output) => Promise<number>,
  ): Promise<number> {
    return this.listening(flags, (output) =>
      this.openForReading(this.choice(flags, output), async (project) => task(await readingDoorOf(project), output)),
    );
  }

  private listening<Result>(flags: GlobalFlags, work: (output: Output) => Promise<Result>): Promise<Result> {
    const output = this.outputFor(flags);
    this.interruption.listen((message) => {
      output.note(message);
    });
    return work(output).finally(() => {
      output.endProgress();
      this.interruption.stopListening();
    });
  }

  protected choice(flags: GlobalFlags, output: Output): ProjectChoice {
    return { project: flags.project, tenant: flags.tenant, env: this.env, log: this.logTo(output) };
  }

  /** Warnings and errors of the work are shown; the rest only to whoever looks for a fault. */
  private logTo(output: Output): ProjectChoice['log'] {
    const isShown = this.env.ROLLCALL_DEBUG === '1';
    const say = (level: string) => (message: string) => {
      output.warn(`${level}: ${message}`);
    };
    const silent = (): void => undefined;
    return {
      error: say('error'),
      warn: say('warning'),
      info: isShown ? say('info') : silent,
      debug: isShown ? say('debug') : silent,
    };
  }
}

export function outputFlags(flags: GlobalFlags): OutputFlags {
  return { json: flags.json, quiet: flags.quiet, noColor: flags['no-color'] };
}

/** Writes the document, or with it as its source the text for people; returns the exit code that the document names. */
export async function answer<Answer extends { format: string; exitCode?: number }>(
  output: Output,
  document: Answer,
  render: (document: Answer, screen: Screen) => string,
): Promise<number> {
  if (output.flags.json) output.document(document);
  else output.text(render(document, await output.screen()));
  return document.exitCode ?? 0;
}

/** The page that `--limit` and `--after` ask for. */
export function pageOf(flags: { limit: string; after?: string | undefined }): { limit: number; after?: string } {
  const limit = wholeNumberOf('--limit', flags.limit, 1);
  return flags.after === undefined ? { limit } : { limit, after: flags.after };
}
