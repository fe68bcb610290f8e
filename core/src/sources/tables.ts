import { table } from '../store/table.js';

export interface SourceRecordRow {
  tenant_id: string;
  id: string;
  directory_id: string;
  kind: string;
  source_id: string;
  /** Dense per directory: arrays of a read index it. */
  no: number;
  /** Empty while the record is in quarantine: whatever comes next is examined. */
  hash: string;
  begin: number;
  /** The payload that claims are made of; 0: none that can be believed yet. */
  payload_no: number;
  gone_begin: number | null;
  gone_reason: string | null;
  gone_at: string | null;
  /** The run that marked it: its consequences are still to be drawn. */
  dirty: string | null;
  /** 1: the population knows it as gone. Differs from `gone_begin` while its departure or return is still pending. */
  drawn_gone: number;
  first_seen_at: string;
}

export const SOURCE_RECORD = table<SourceRecordRow>(
  'source_record',
  {
    tenant_id: 'text',
    id: 'text',
    directory_id: 'text',
    kind: 'text',
    source_id: 'text',
    no: 'int',
    hash: 'text',
    begin: 'int',
    payload_no: 'int',
    gone_begin: 'int',
    gone_reason: 'text',
    gone_at: 'text',
    dirty: 'text',
    drawn_gone: 'int',
    first_seen_at: 'text',
  },
  ['tenant_id', 'id'],
);

export interface PayloadRow {
  tenant_id: string;
  record_id: string;
  no: number;
  raw: string;
  begin: number;
  run_id: string;
  trigger: string;
  tier: string;
  observed_at: string;
  file: string | null;
  line: number | null;
}

export const PAYLOAD = table<PayloadRow>(
  'payload',
  {
    tenant_id: 'text',
    record_id: 'text',
    no: 'int',
    raw: 'text',
    begin: 'int',
    run_id: 'text',
    trigger: 'text',
    tier: 'text',
    observed_at: 'text',
    file: 'text',
    line: 'int',
  },
  ['tenant_id', 'record_id', 'no'],
);

export interface ClaimsRow {
  tenant_id: string;
  record_id: string;
  claims: string;
  mapping_version: string;
  payload_no: number;
}

export const CLAIMS = table<ClaimsRow>(
  'claims',
  { tenant_id: 'text', record_id: 'text', claims: 'text', mapping_version: 'text', payload_no: 'int' },
  ['tenant_id', 'record_id'],
);

export interface EdgeRow {
  tenant_id: string;
  directory_id: string;
  group_source_id: string;
  member_kind: string;
  member_source_id: string;
  begin: number;
  gone_begin: number | null;
  scope: string;
}

export const EDGE = table<EdgeRow>(
  'edge',
  {
    tenant_id: 'text',
    directory_id: 'text',
    group_source_id: 'text',
    member_kind: 'text',
    member_source_id: 'text',
    begin: 'int',
    gone_begin: 'int',
    scope: 'text',
  },
  ['tenant_id', 'directory_id', 'group_source_id', 'member_kind', 'member_source_id'],
);

export interface WatermarkRow {
  tenant_id: string;
  directory_id: string;
  kind: string;
  scope: string;
  watermark: number;
  seal: number;
  count: number;
  scope_key: string | null;
  read_at: string;
}

export const WATERMARK = table<WatermarkRow>(
  'watermark',
  {
    tenant_id: 'text',
    directory_id: 'text',
    kind: 'text',
    scope: 'text',
    watermark: 'int',
    seal: 'int',
    count: 'int',
    scope_key: 'text',
    read_at: 'text',
  },
  ['tenant_id', 'directory_id', 'kind', 'scope'],
);

export interface AcceptedRow {
  tenant_id: string;
  directory_id: string;
  kind: string;
  /** What the connector wants handed back, as JSON. */
  state: string;
  /** JSON array of the accepted header, null where the source declares none. */
  columns: string | null;
  /** JSON array of columns that vanished and that a mapping reads. */
  vanished: string;
  read_at: string;
}

export const ACCEPTED = table<AcceptedRow>(
  'accepted',
  {
    tenant_id: 'text',
    directory_id: 'text',
    kind: 'text',
    state: 'text',
    columns: 'text',
    vanished: 'text',
    read_at: 'text',
  },
  ['tenant_id', 'directory_id', 'kind'],
);

export interface QuarantineRow {
  tenant_id: string;
  directory_id: string;
  kind: string;
  /** The source id, or `line:N` of a row whose id cannot be read. */
  place: string;
  /** Empty: the whole record. */
  attribute: string;
  source_id: string | null;
  file: string | null;
  line: number | null;
  code: string;
  message: string;
  mend: string;
  /** JSON `{name, version, file, line}` or `null`. */
  mapping: string;
  first_seen_at: string;
  tries: number;
  last_good_kept: number;
}

export const QUARANTINE = table<QuarantineRow>(
  'quarantine',
  {
    tenant_id: 'text',
    directory_id: 'text',
    kind: 'text',
    place: 'text',
    attribute: 'text',
    source_id: 'text',
    file: 'text',
    line: 'int',
    code: 'text',
    message: 'text',
    mend: 'text',
    mapping: 'text',
    first_seen_at: 'text',
    tries: 'int',
    last_good_kept: 'int',
  },
  ['tenant_id', 'directory_id', 'kind', 'place', 'attribute'],
);

export interface FieldStatRow {
  tenant_id: string;
  directory_id: string;
  kind: string;
  field: string;
  present: number;
  total: number;
  /** JSON array of types. */
  types: string;
  /** JSON array of the values that there are, `"many"`, or null. */
  samples: string;
  read_at: string;
}

export const FIELD_STAT = table<FieldStatRow>(
  'field_stat',
  {
    tenant_id: 'text',
    directory_id: 'text',
    kind: 'text',
    field: 'text',
    present: 'int',
    total: 'int',
    types: 'text',
    samples: 'text',
    read_at: 'text',
  },
  ['tenant_id', 'directory_id', 'kind', 'field'],
);
