import { table } from '../store/table.js';

export interface RulesVersionRow {
  tenant_id: string;
  version: number;
  text: string;
  rules: string;
  file: string;
  created_at: string;
}

export const RULES_VERSION = table<RulesVersionRow>(
  'rules_version',
  { tenant_id: 'text', version: 'int', text: 'text', rules: 'text', file: 'text', created_at: 'text' },
  ['tenant_id', 'version'],
);

export interface MappingVersionRow {
  tenant_id: string;
  directory_id: string;
  kind: string;
  version: string;
  name: string;
  file: string;
  text: string;
  created_at: string;
}

export const MAPPING_VERSION = table<MappingVersionRow>(
  'mapping_version',
  {
    tenant_id: 'text',
    directory_id: 'text',
    kind: 'text',
    version: 'text',
    name: 'text',
    file: 'text',
    text: 'text',
    created_at: 'text',
  },
  ['tenant_id', 'directory_id', 'kind', 'version'],
);
