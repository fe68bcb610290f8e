import { GROUP, GROUP_RECORD, type GroupRecordRow, type GroupRow } from '../population/tables.js';
import { selectRows, type Sql } from '../store/table.js';
import type { Effects } from './effects.js';
import type { TenantContext } from './tenant-context.js';
import { isPresent, type WorkRecord, type WorkSet } from './work-set.js';

type GroupEffect = Effects['groups'][number];

/** Groups whose own records changed: minted at first sight, renamed, gone, back again under the same id. */
export async function drawGroupRecords(
  sql: Sql,
  context: TenantContext,
  set: WorkSet,
  now: string,
): Promise<GroupEffect[]> {
  const records = set.groupRecords.filter((record) => record.row.payload_no > 0);
  const scope = { tenant_id: context.tenantId };
  const known = await selectRows(
    sql,
    GROUP_RECORD,
    scope,
    ['directory_id', 'group_source_id'],
    records.map((record) => [record.row.directory_id, record.row.source_id]),
  );
  const groups = await selectRows(
    sql,
    GROUP,
    scope,
    ['id'],
    known.map((row) => [row.group_id]),
  );
  const groupOf = new Map(groups.map((group) => [group.id, group]));
  const recordOf = new Map(known.map((row) => [`${row.directory_id}\n${row.group_source_id}`, row]));
  return records.flatMap((record) => {
    const row = recordOf.get(`${record.row.directory_id}\n${record.row.source_id}`);
    const group = row === undefined ? undefined : groupOf.get(row.group_id);
    return row === undefined || group === undefined ? newGroup(context, record, now) : changedGroup(record, row, group);
  });
}

function nameOf(record: WorkRecord): string {
  const name = record.claims.displayName?.value;
  return typeof name === 'string' && name !== '' ? name : record.row.source_id;
}

function newGroup(context: TenantContext, record: WorkRecord, now: string): GroupEffect[] {
  if (!isPresent(record)) return [];
  const group: GroupRow = {
    tenant_id: context.tenantId,
    id: context.ids.next('grp'),
    directory_id: record.row.directory_id,
    display_name: nameOf(record),
    removed: 0,
    version: 1,
    created_at: now,
  };
  const row: GroupRecordRow = {
    tenant_id: context.tenantId,
    directory_id: record.row.directory_id,
    group_source_id: record.row.source_id,
    group_id: group.id,
    record_id: record.row.id,
  };
  return [{ group, record: row, kind: 'group.created', isNew: true }];
}

function changedGroup(record: WorkRecord, row: GroupRecordRow, group: GroupRow): GroupEffect[] {
  const removed = isPresent(record) ? 0 : 1;
  const name = nameOf(record);
  if (removed === group.removed && name === group.display_name && row.record_id === record.row.id) return [];
  const kind = removed === 1 && group.removed === 0 ? 'group.removed' : 'group.updated';
  return [
    {
      group: { ...group, removed, display_name: name, version: group.version + 1 },
      record: { ...row, record_id: record.row.id },
      kind,
      isNew: false,
    },
  ];
}
