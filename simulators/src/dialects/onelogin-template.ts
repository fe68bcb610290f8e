import { isObject, type JsonObject } from '../scim/json.js';
import { CORE_1, ENTERPRISE, USER } from '../scim/urns.js';

/**
 * What an administrator typed before anybody advised them: the 1.0 schema, `id: null`, status as text, e-mails as one
 * object, the manager as SCIM 1.1 had it.
 */
export const legacyTemplate: JsonObject = {
  schemas: [CORE_1, ENTERPRISE],
  id: null,
  userName: '{$parameters.scimusername}',
  name: { givenName: '{$user.firstname}', familyName: '{$user.lastname}', formatted: '{$user.display_name}' },
  displayName: '{$user.display_name}',
  title: '{$parameters.title}',
  emails: { value: '{$user.email}', type: 'work', primary: true },
  active: 'true',
  [ENTERPRISE]: {
    department: '{$user.department}',
    manager: { managerId: '{$parameters.manager_id}', displayName: '{$parameters.manager_name}' },
  },
};

/** With 2.0 schemas, a typed status and OneLogin's own id. */
export const recommendedTemplate: JsonObject = {
  schemas: [USER, ENTERPRISE],
  userName: '{$parameters.scimusername}',
  externalId: '{$user.id}',
  name: { givenName: '{$user.firstname}', familyName: '{$user.lastname}' },
  displayName: '{$user.display_name}',
  title: '{$parameters.title}',
  emails: [{ value: '{$user.email}', type: 'work', primary: true }],
  active: true,
  [ENTERPRISE]: { department: '{$user.department}', employeeNumber: '{$parameters.employee_number}' },
};

/**
 * Fills a template. A text that is nothing but a placeholder becomes the value, null where there is none; a list or
 * object of an e-mail without a value is left out.
 */
export function filled(template: unknown, values: Readonly<Record<string, string | null>>): unknown {
  if (typeof template === 'string') return filledText(template, values);
  if (Array.isArray(template)) return template.map((element) => filled(element, values)).filter(hasValue);
  if (!isObject(template)) return template;
  const entries = Object.entries(template).map(([name, value]) => [name, filled(value, values)] as const);
  return Object.fromEntries(entries.map(([name, value]) => [name, hasValue(value) ? value : null]));
}

function filledText(template: string, values: Readonly<Record<string, string | null>>): string | null {
  const whole = /^\{\$([\w.]+)\}$/.exec(template)?.[1];
  if (whole !== undefined) return values[whole] ?? null;
  return template.replaceAll(/\{\$([\w.]+)\}/g, (_, name: string) => values[name] ?? '');
}

function hasValue(element: unknown): boolean {
  return !(isObject(element) && 'value' in element && element.value === null);
}
