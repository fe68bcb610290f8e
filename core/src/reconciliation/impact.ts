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
        {
          kind: added ? 'membership.added' : 'membership.removed',
          user: user.before === null ? null : user.after.id,
          who: whoOfEffect(user),
          attributes: [{ attribute: 'groups', from: added ? null : name, to: added ? name : null, reason: null, directory: null }],
        },
      ];
    }),
  ];
}

function userImpact(user: UserEffect): ImpactDocument {
  return {
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
  };
}

/** What one planned change rests on: it is applied only while this is the same. */
export function inputsHash(impact: ImpactDocument): string {
  return sha256(JSON.stringify([impact.kind, impact.user, impact.who.sourceId, impact.attributes]));
}
