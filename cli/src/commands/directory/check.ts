import type { CheckReport, Finding, TenantDoor } from '@rollcall/core';
import { anyNumber } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { findingsExitCode } from '../../findings.js';
import { checkText } from '../../render/directories.js';
import { paragraphs } from '../../render/words.js';

export default class DirectoryCheck extends RollcallCommand {
  static override summary = 'Try step by step whether directories can be read; nothing is kept.';
  static override examples = [
    { description: 'One directory', command: 'rollcall directory check hr' },
    { description: 'All, for a program', command: 'rollcall directory check --json' },
  ];

  static override args = { directory: anyNumber({ description: 'Names of directories; all when left out.' }) };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(DirectoryCheck);
    return this.withTenant(flags, async (door, output) => {
      const names = args.directory ?? (await door.directories.list()).map(({ directory }) => directory);
      const checks = await this.reports(door, names);
      const findings = checks.flatMap(({ directory, report }) => findingsOf(door.tenant, directory, report));
      const document = {
        format: 'rollcall.findings/1',
        exitCode: findingsExitCode(findings),
        findings,
        checks: checks.map(({ directory, report }) => ({ directory, steps: report.steps })),
      };
      return answer(output, document, (_document, screen) =>
        paragraphs(
          ...checks.map(
            ({ directory, report }) => `${screen.paint('bold', screen.safe(directory))}\n${checkText(report, screen)}`,
          ),
        ),
      );
    });
  }

  private async reports(
    door: TenantDoor,
    names: readonly string[],
  ): Promise<{ directory: string; report: CheckReport }[]> {
    const reports = [];
    for (const directory of names)
      reports.push({ directory, report: await door.directories.check(directory, this.interruption.signal) });
    return reports;
  }
}

function findingsOf(tenant: string, directory: string, report: CheckReport): Finding[] {
  return report.steps
    .filter(({ ok }) => !ok)
    .map(({ name, message, code, mend }) => ({
      severity: 'error',
      code: code ?? 'RC_CHECK_FAILED',
      message: `${name}: ${message}`,
      where: { tenant, directory },
      mend: mend ?? 'Mend what the step says, then run: rollcall directory check',
    }));
}
