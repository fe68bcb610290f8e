import type { Filter } from '../filter/ast.js';
import { evaluateOnElement } from '../filter/evaluate.js';
import { memberPages } from '../listing/all-members.js';
import type { MemberStep } from '../patch/member-steps.js';
import type { Member, MemberRecord, ScimUnit } from '../store.js';
import type { Exchange } from './exchange.js';

/** What steps come to: rows to add and to end, and whether all others end, too. */
interface MemberPlan {
  isReplaced: boolean;
  readonly added: Map<string, Member>;
  readonly removed: Set<string>;
}

/**
 * Applies steps to the members of a group, as rows. Ids that name nobody are kept: they bind when their record comes.
 *
 * @returns how many edges began or ended.
 */
export async function applyMemberSteps(
  exchange: Exchange,
  unit: ScimUnit,
  { groupId, steps }: { groupId: string; steps: readonly MemberStep[] },
): Promise<number> {
  if (steps.length === 0) return 0;
  const ids = [...new Set(steps.flatMap((step) => (step.kind === 'removeWhere' ? [] : step.ids)))];
  const known = ids.length === 0 ? new Map<string, MemberRecord>() : await unit.identify(ids);
  const plan: MemberPlan = { isReplaced: false, added: new Map(), removed: new Set() };
  for (const step of steps) {
    if (step.kind !== 'removeWhere') planStep(plan, step, known);
    else for (const id of await selectedIds(unit, groupId, { plan, where: step.where })) planRemoval(plan, id);
  }
  reportUnknown(exchange, groupId, plan);
  return carryOut(exchange, unit, { groupId, plan });
}

function planStep(
  plan: MemberPlan,
  step: MemberStep & { ids: readonly string[] },
  known: ReadonlyMap<string, MemberRecord>,
): void {
  if (step.kind === 'set') {
    plan.isReplaced = true;
    plan.added.clear();
    plan.removed.clear();
  }
  for (const id of step.ids) {
    const member: Member = known.get(id) ?? { id, kind: null };
    if (step.kind !== 'remove') {
      plan.added.set(member.id, member);
      plan.removed.delete(member.id);
      continue;
    }
    // The id of somebody deleted may stand in a pending edge, or for whoever follows.
    planRemoval(plan, id);
    planRemoval(plan, member.id);
  }
}

function planRemoval(plan: MemberPlan, id: string): void {
  plan.added.delete(id);
  if (!plan.isReplaced) plan.removed.add(id);
}

async function selectedIds(
  unit: ScimUnit,
  groupId: string,
  { plan, where }: { plan: MemberPlan; where: Filter },
): Promise<string[]> {
  const isSelected = ({ id, kind }: Member): boolean =>
    evaluateOnElement(where, { value: id, ...(kind === null ? {} : { type: kind === 'user' ? 'User' : 'Group' }) }, []);
  const found = [...plan.added.values()].filter(isSelected).map(({ id }) => id);
  if (plan.isReplaced) return found;
  for await (const page of memberPages(unit, groupId)) found.push(...page.filter(isSelected).map(({ id }) => id));
  return found;
}

function reportUnknown({ context }: Exchange, groupId: string, { added }: MemberPlan): void {
  const memberIds = [...added.values()].filter(({ kind }) => kind === null).map(({ id }) => id);
  if (memberIds.length > 0) context.report({ note: 'memberUnknown', groupId, memberIds });
}

async function carryOut(
  exchange: Exchange,
  unit: ScimUnit,
  { groupId, plan }: { groupId: string; plan: MemberPlan },
): Promise<number> {
  const at = exchange.context.now();
  const removed = plan.isReplaced ? await missingFrom(exchange, unit, { groupId, plan }) : [...plan.removed];
  const ended = removed.length === 0 ? 0 : await unit.removeMembers(groupId, removed, at);
  const added = [...plan.added.values()];
  return ended + (added.length === 0 ? 0 : await unit.addMembers(groupId, added, at));
}

/** The members that a replacement leaves out. A list that is much shorter than before is worth a look. */
async function missingFrom(
  { context }: Exchange,
  unit: ScimUnit,
  { groupId, plan }: { groupId: string; plan: MemberPlan },
): Promise<string[]> {
  const missing: string[] = [];
  let before = 0;
  for await (const page of memberPages(unit, groupId)) {
    before += page.length;
    missing.push(...page.filter(({ id }) => !plan.added.has(id)).map(({ id }) => id));
  }
  if (missing.length > 10 && missing.length * 2 > before) {
    context.report({ note: 'membersShrunk', groupId, before, now: plan.added.size });
  }
  return missing;
}
