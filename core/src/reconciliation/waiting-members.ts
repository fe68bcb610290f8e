import { EDGE, SOURCE_RECORD } from '../sources/tables.js';
import { selectRows, type Sql } from '../store/table.js';
import type { Effects } from './effects.js';
import type { TenantContext } from './tenant-context.js';

/**
 * Records with edges to a group that came into being now, after they were drawn themselves: they are to be looked at again.
 */
export async function findWaitingMembers(sql: Sql, context: TenantContext, effects: Effects): Promise<string[]> {
  const minted = effects.groups.filter(({ isNew, record }) => isNew && record.record_id !== null);
  const scope = { tenant_id: context.tenantId };
  const edges = await selectRows(
    sql,
    EDGE,
    { ...scope, member_kind: 'user' },
    ['directory_id', 'group_source_id'],
    minted.map(({ record }) => [record.directory_id, record.group_source_id]),
  );
  const live = edges.filter((edge) => edge.gone_begin === null);
  const members = await selectRows(
    sql,
    SOURCE_RECORD,
    { ...scope, kind: 'user' },
    ['directory_id', 'source_id'],
    live.map((edge) => [edge.directory_id, edge.member_source_id]),
  );
  const isDrawnNow = (id: string): boolean => effects.set.records.get(id)?.seed === true;
  return members.filter(({ id, dirty }) => dirty === null && !isDrawnNow(id)).map(({ id }) => id);
}
