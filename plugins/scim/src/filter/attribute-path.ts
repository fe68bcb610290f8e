import { currentUrn, ENTERPRISE_URN, GROUP_URN, USER_URN } from '../schema/urns.js';
import type { AttributePath } from './ast.js';

const KNOWN = [
  USER_URN,
  GROUP_URN,
  ENTERPRISE_URN,
  'urn:scim:schemas:core:1.0:User',
  'urn:scim:schemas:core:1.0:Group',
  'urn:scim:schemas:core:1.0',
  'urn:scim:schemas:extension:enterprise:1.0:User',
  'urn:scim:schemas:extension:enterprise:1.0',
];

/** `$ref`, and what people call their own attributes; no key that reaches a prototype. */
const NAME = /^(?!__proto__$)[$\p{L}_][\p{L}\p{N}_$-]*$/u;

/**
 * Reads the name of an attribute.
 *
 * @returns undefined for what is no name. Of a URN that is not known, the last part is the attribute.
 */
export function readAttributePath(text: string): AttributePath | undefined {
  if (!/^urn:/i.test(text)) return readName(text);
  const folded = text.toLowerCase();
  for (const urn of KNOWN) {
    if (folded === urn.toLowerCase()) return { schema: currentUrn(urn) || urn };
    if (!folded.startsWith(`${urn.toLowerCase()}:`)) continue;
    const name = readName(text.slice(urn.length + 1));
    if (name !== undefined) return { schema: currentUrn(urn) || urn, ...name };
  }
  const cut = text.lastIndexOf(':');
  const name = readName(text.slice(cut + 1));
  return name === undefined ? undefined : { schema: text.slice(0, cut), ...name };
}

function readName(text: string): AttributePath | undefined {
  const parts = text.split('.');
  const [name, sub] = parts;
  if (name === undefined || parts.length > 2 || !parts.every((part) => NAME.test(part))) return undefined;
  return sub === undefined ? { name } : { name, sub };
}
