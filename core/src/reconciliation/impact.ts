import type { ImpactDocument } from '../model/documents.js';
import { sha256 } from '../sources/fingerprint.js';
import type { Effects, UserEffect } from './effects.js';
import { whoOfEffect } from './event-drafts.js';

/** What a batch would mean for people: values only, what stands behind them is history's. */
export function impactOf(effects: Effects): ImpactDocument[] {
  const users = new Map(effects.users.map((user) => [user.after.id, user]));
  return [
    ...effects.users.filter((user) => user.kind !== 'user.provenance').map(userImpact),
    ...effects.memberships.flatMap((membership) => {
      const user = users.get(membership.userId);
      if (user === undefined) return [];
      const name = membership.group.display_name;
      const added = membership.closes === null;
      return [
        withInputs({
          kind: added ? 'membership.added' : 'membership.removed',
          user: user.before === null ? null : user.after.id,
          who: whoOfEffect(user),
          attributes: [
            { attribute: 'groups', from: added ? null : name, to: added ? name : null, reason: null, directory: null },
          ],
        }),
      ];
    }),
  ];
}

/** One user's row. */
export function userImpact(user: UserEffect): ImpactDocument {
  return withInputs({
    kind: user.kind,
    // Who does not exist yet has no id: the one that this rehearsal used will not come again.
    user: user.before === null ? null : user.after.id,
    who: whoOfEffect(user),
    attributes: user.changes
      .filter((change) => change.kind === 'value')
      .map((change) => ({
        attribute: change.attribute,
        from: change.from,
        to: change.to,
        reason: change.reason,
        directory: change.provenance?.winner.directory ?? null,
      })),
  });
}

function withInputs(row: Omit<ImpactDocument, 'inputs'>): ImpactDocument {
  return { ...row, inputs: sha256(JSON.stringify([row.kind, row.user, row.who.sourceId, row.attributes])) };
}
