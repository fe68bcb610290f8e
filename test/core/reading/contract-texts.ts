import { createHash } from 'node:crypto';
import type { MappingSource } from '#core/history/as-of-claims.js';
import { CompiledEvaluator } from '#core/mapping/compiled-evaluator.js';
import { catalogueOf } from '#core/model/catalogue.js';
import type { JsonObject } from '#core/model/json.js';

/** 08:00 of a day in March 2026, in the form of the store. */
export const day = (n: number): string => `2026-03-${String(n).padStart(2, '0')}T08:00:00.000Z`;

export const HR_MAPPING = `mapping: hr
kind: user
sourceId: employee_id
attributes:
  employeeNumber: employee_id
  name.givenName: first_name
  name.familyName: last_name
  department: department
  active: $lookup($statuses, status) != "terminated"
  employment.status: $lookup($statuses, status)
  employment.startDate: hire_date
  employment.endDate: 'termination_date = "" ? null : termination_date'
tables: { statuses: { Active: active, Leave: on_leave, Terminated: terminated, Future: pre_hire } }
`;

export const IT_MAPPING = `mapping: it
kind: user
sourceId: account_id
attributes:
  userName: login
  employeeNumber: 'employee_id = "" ? null : employee_id'
  emails: 'email = "" ? null : [{"value": email, "type": "work", "primary": true}]'
  active: 'enabled = "true"'
  department: 'department = "" ? null : department'
`;

export const RULES = `priority: [hr, it]
attributes:
  active: { from: [hr, it] }
  employment.status: { from: [hr] }
  department: { from: [hr, it], onConflict: log }
  emails: { from: [it, hr] }
correlation:
  - { name: employee number, on: employeeNumber, certainty: sure }
lifecycle: { create: [hr, it], preHireDays: 0 }
`;

export const hrRow = (changed: JsonObject = {}): JsonObject => ({
  employee_id: 'E1001',
  first_name: 'Ada',
  last_name: 'Lovelace',
  department: 'Engineering',
  status: 'Active',
  hire_date: '2020-01-06',
  termination_date: '',
  ...changed,
});

export const itRow = (changed: JsonObject = {}): JsonObject => ({
  account_id: '9001',
  employee_id: 'E1001',
  login: 'ada',
  email: 'ada@acme.example',
  enabled: 'true',
  department: 'Platform',
  ...changed,
});

export const catalogue = catalogueOf();
const evaluator = new CompiledEvaluator();
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
export const mappings: MappingSource = { catalogue, evaluator, hash };
