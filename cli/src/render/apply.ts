import type { ApplyDocument } from '@rollcall/core';
import type { Screen } from '../terminal/screen.js';
import { findingText } from './findings.js';
import { lines, nextStep, paragraphs } from './words.js';

type AppliedTenant = ApplyDocument['tenants'][number];

/** True where `apply` has nothing to store. */
export function isUnchanged(document: ApplyDocument): boolean {
  return document.tenants.every(
    (tenant) =>
      !tenant.created &&
      tenant.rules.change === 'same' &&
      tenant.redo.length === 0 &&
      tenant.directories.every(({ change }) => change === 'same') &&
      tenant.mappings.every(({ change }) => change === 'same'),
  );
}

/** `rollcall apply` for people. */
export function applyText(document: ApplyDocument, screen: Screen): string {
  const tenants = document.tenants.map((tenant) => tenantText(tenant, screen));
  tenants.push(...(document.warnings ?? []).map((warning) => findingText(warning, screen)));
  if (isUnchanged(document)) return paragraphs(...tenants, 'Everything is as it was applied last.');
  const next = document.applied
    ? nextStep(screen, 'Read the directories', 'sync')
    : nextStep(screen, 'Store this', 'apply', '--yes');
  return paragraphs(...tenants, document.applied ? '' : 'Nothing was stored.', next);
}

function tenantText(tenant: AppliedTenant, screen: Screen): string {
  const { paint, safe } = screen;
  const mark = (change: string): string => paint(change === 'same' ? 'dim' : 'green', change.padEnd(7));
  return lines(
    `${paint('bold', safe(tenant.tenant))}${tenant.created ? paint('green', '  new tenant') : ''}`,
    ...tenant.directories.map(
      ({ directory, change, what }) =>
        `  ${mark(change)} directory ${safe(directory)}${what.length === 0 ? '' : ` (${safe(what.join(', '))})`}`,
    ),
    ...tenant.mappings.map(
      ({ change, file, directory, kind }) => `  ${mark(change)} mapping ${safe(file)} (${safe(directory)} ${kind})`,
    ),
    `  ${mark(tenant.rules.change)} rules, version ${tenant.rules.version}`,
    ...tenant.redo.map(
      ({ trigger, directory }) =>
        `  ${paint('yellow', 'next')}    sync derives ${directory === null ? 'everybody' : `everybody of ${safe(directory)}`} again (${safe(trigger)})`,
    ),
    ...tenant.warnings.map((warning) => findingText(warning, screen).replaceAll(/^/gm, '  ')),
  );
}
