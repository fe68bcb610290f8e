import { parseChanges } from '../history/stored-changes.js';
import type { AttributeChange, Cause, ChangeRow } from '../history/tables.js';
import type { EventDocument, GroupDocument, MembershipDocument } from '../model/documents.js';
import { storedInstant } from '../model/instants.js';
import type { Json, JsonObject } from '../model/json.js';
import type { Sql } from '../store/table.js';
import { consumerGroups, type ConsumerGroup } from './consumer-groups.js';
import { consumerUser, emailsOf, userFacts, type ConsumerUser } from './consumer-users.js';
import { identitiesOf, rawObject, type Identity } from './identity.js';
import { selectForOwned, type Owned } from './of-tenants.js';

/** What a change of a person was. */
export interface ConsumerChange {
  /** Values that changed, by catalogue name; null: there was none, or is none any more. */
  values: readonly Pick<AttributeChange, 'attribute' | 'from' | 'to'>[];
  cause: Cause;
  /** Kind of the person's change before this one; null: there was none. */
  before: string | null;
}

/** What stands around events: enough to say each of them without asking further. */
export interface EventGrounds {
  /** By user id, as they are now; without their groups. */
  users: ReadonlyMap<string, ConsumerUser>;
  /** By group id, as they are now. */
  groups: ReadonlyMap<string, ConsumerGroup>;
  /** By change id. */
  changes: ReadonlyMap<string, ConsumerChange>;
  /** Of an event of a group or a membership, by sequence: the group after its event before; left out where it had none. */
  groupsBefore: ReadonlyMap<number, GroupDocument>;
  /** Of an event of a membership, by sequence: why it opened or closed. */
  causes: ReadonlyMap<number, Cause>;
  /** Of an event of a person or a membership, by sequence: what the source showed of the person then. */
  raw: ReadonlyMap<number, JsonObject>;
  /** Addresses of managers, by user id. */
  emails: ReadonlyMap<string, string | null>;
}

/** An event of a membership, with its parts. */
type MembershipData = Pick<MembershipDocument, 'group' | 'user'>;

/** The user that an event is about; null: none. */
export function userOfEvent({ subject, data }: EventDocument): string | null {
  if (subject.kind === 'user') return subject.id;
  return subject.kind === 'membership' ? (data as unknown as MembershipData).user : null;
}

/** The group that an event is about; null: none. */
export function groupOfEvent({ subject, data }: EventDocument): string | null {
  if (subject.kind === 'group') return subject.id;
  return subject.kind === 'membership' ? (data as unknown as MembershipData).group.id : null;
}

/** What stands around a page of events of one tenant: so many statements, however many events there are. */
export async function eventGrounds(
  sql: Sql,
  tenantId: string,
  events: readonly EventDocument[],
): Promise<EventGrounds> {
  const owned = (ids: Iterable<string | null>): Owned[] =>
    [...new Set(ids)].flatMap((id) => (id === null ? [] : [{ tenant_id: tenantId, id }]));
  const facts = await userFacts(sql, owned(events.map(userOfEvent)));
  const identities = await identitiesOf(sql, facts);
  const changes = await changesOf(sql, owned(events.map((event) => event.changeId)));
  const emails = await emailsOf(sql, owned(managersIn(facts, events, changes)));
  const around = { identities, raw: new Map(), groups: new Map(), emails };
  return {
    users: new Map(facts.map((row) => [row.id, consumerUser(row, around)])),
    groups: await consumerGroups(sql, owned(events.map(groupOfEvent))),
    changes,
    groupsBefore: await groupsBefore(sql, tenantId, events),
    causes: await membershipCauses(sql, tenantId, events),
    raw: await payloadsThen(sql, tenantId, events, identities),
    emails,
  };
}

function* managersIn(
  facts: readonly { attributes: string }[],
  events: readonly EventDocument[],
  changes: ReadonlyMap<string, ConsumerChange>,
): Generator<string> {
  const said: (Json | undefined)[] = [];
  for (const { attributes } of facts) said.push((JSON.parse(attributes) as JsonObject).manager);
  for (const { subject, data } of events)
    if (subject.kind === 'user') said.push(((data as JsonObject).attributes as JsonObject).manager);
  for (const { values } of changes.values())
    for (const { attribute, from, to } of values) if (attribute === 'manager') said.push(from, to);
  for (const id of said) if (typeof id === 'string') yield id;
}

async function changesOf(sql: Sql, owned: readonly Owned[]): Promise<Map<string, ConsumerChange>> {
  const rows = await selectForOwned<Pick<ChangeRow, 'id' | 'attributes' | 'cause'> & { before: string | null }>(
    sql,
    owned,
    ({ list, tenant, id }) => `SELECT c.id, c.attributes, c.cause, b.kind AS before
      FROM ${list} CROSS JOIN change AS c
      LEFT JOIN change AS b ON b.tenant_id = c.tenant_id AND b.subject_kind = c.subject_kind
        AND b.subject_id = c.subject_id AND b.version = c.version - 1
      WHERE c.tenant_id = ${tenant} AND c.id = ${id}`,
  );
  return new Map(
    rows.map((row) => [
      row.id,
      {
        values: parseChanges(row.attributes).filter((change) => change.kind === 'value'),
        cause: JSON.parse(row.cause) as Cause,
        before: row.before,
      },
    ]),
  );
}

async function groupsBefore(
  sql: Sql,
  tenantId: string,
  events: readonly EventDocument[],
): Promise<Map<number, GroupDocument>> {
  const asked = events.flatMap((event) => {
    const id = groupOfEvent(event);
    return id === null ? [] : [{ tenant_id: tenantId, id, extra: event.sequence }];
  });
  const rows = await selectForOwned<{ sequence: number; data: string | null }>(
    sql,
    asked,
    ({ list, tenant, id, extra }) => `SELECT ${extra} AS sequence, (SELECT e.data FROM event AS e
        WHERE e.tenant_id = ${tenant} AND e.subject_id = ${id} AND e.subject_kind = 'group' AND e.sequence < ${extra}
        ORDER BY e.sequence DESC LIMIT 1) AS data
      FROM ${list}`,
  );
  return new Map(
    rows.flatMap(({ sequence, data }) =>
      data === null ? [] : [[sequence, JSON.parse(data) as GroupDocument] as const],
    ),
  );
}

interface CauseRow {
  from_sequence: number;
  from_cause: string;
  to_sequence: number | null;
  to_cause: string | null;
}

async function membershipCauses(
  sql: Sql,
  tenantId: string,
  events: readonly EventDocument[],
): Promise<Map<number, Cause>> {
  const pairs = events.flatMap(({ subject, data }) => {
    if (subject.kind !== 'membership') return [];
    const { group, user } = data as unknown as MembershipData;
    return [{ tenant_id: tenantId, id: group.id, extra: user }];
  });
  const rows = await selectForOwned<CauseRow>(
    sql,
    [...new Map(pairs.map((pair) => [`${pair.id}/${pair.extra}`, pair])).values()],
    ({ list, tenant, id, extra }) => `SELECT m.from_sequence, m.from_cause, m.to_sequence, m.to_cause
      FROM ${list} CROSS JOIN membership AS m
      WHERE m.tenant_id = ${tenant} AND m.group_id = ${id} AND m.user_id = ${extra}`,
  );
  const causes = new Map<number, Cause>();
  for (const row of rows) {
    causes.set(row.from_sequence, JSON.parse(row.from_cause) as Cause);
    if (row.to_sequence !== null && row.to_cause !== null)
      causes.set(row.to_sequence, JSON.parse(row.to_cause) as Cause);
  }
  return causes;
}

/** The payload that the identity record had when each event was written. */
async function payloadsThen(
  sql: Sql,
  tenantId: string,
  events: readonly EventDocument[],
  identities: ReadonlyMap<string, Identity>,
): Promise<Map<number, JsonObject>> {
  const asked = events.flatMap((event) => {
    const identity = identities.get(userOfEvent(event) ?? '');
    if (identity === undefined) return [];
    return [
      {
        sequence: event.sequence,
        tenant_id: tenantId,
        id: identity.recordId,
        extra: storedInstant(new Date(event.occurredAt)),
      },
    ];
  });
  const rows = await selectForOwned<{ record_id: string; at: string; raw: string | null }>(
    sql,
    asked,
    ({ list, tenant, id, extra }) => `SELECT ${id} AS record_id, ${extra} AS at, (SELECT p.raw FROM payload AS p
        WHERE p.tenant_id = ${tenant} AND p.record_id = ${id} AND p.observed_at <= ${extra}
        ORDER BY p.no DESC LIMIT 1) AS raw
      FROM ${list}`,
  );
  const byMoment = new Map(rows.map((row) => [`${row.record_id}/${row.at}`, row.raw]));
  return new Map(
    asked.flatMap(({ sequence, id, extra }) => {
      const raw = byMoment.get(`${id}/${extra}`) ?? null;
      return raw === null ? [] : [[sequence, rawObject(raw)] as const];
    }),
  );
}
