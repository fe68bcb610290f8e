import { isRollcallError } from '@rollcall/connector-kit';
import { isScalar } from 'yaml';
import type { Catalogue } from '../model/catalogue.js';
import { findingOf, singleErrors, type Finding } from '../rules/finding.js';
import { pairsOf, YamlText, type Place } from '../rules/yaml-text.js';
import { parseMapping, type CompiledMapping, type MappingOptions } from './mapping-file.js';

/** Checks a mapping's text; what the parser refuses are findings, too. */
export function lintMappingText(text: string, options: MappingOptions): Finding[] {
  try {
    return lintMapping(parseMapping(text, options), options.catalogue);
  } catch (error) {
    if (!isRollcallError(error)) throw error;
    return singleErrors(error).map(findingOf);
  }
}

/** What is allowed in a mapping and yet will hurt some day. */
export function lintMapping(mapping: CompiledMapping, catalogue: Catalogue): Finding[] {
  return [
    ...unstableSourceId(mapping),
    ...unquotedNumbers(mapping),
    ...unusedTables(mapping),
    ...missingAttributes(mapping, catalogue),
  ];
}

/** Field names that hold what people change when they marry, move or are renamed. */
const UNSTABLE_FIELD =
  /e[-_ ]?mail|^mail$|log[-_ ]?in|user[-_ ]?name|user[-_ ]?principal|^upn$|^sam[-_ ]?account|(?:first|last|given|family|full|display|middle|sur|nick|preferred)[-_ ]?name|^name$|\bcn$|^dn$|distinguished[-_ ]?name/i;

/** Attributes of which a field is a plain copy that changes with the person. */
const UNSTABLE_ATTRIBUTE = /^(?:userName|emails|displayName|nickName|name\..*)$/;

function unstableSourceId(mapping: CompiledMapping): Finding[] {
  const { reads, line, column } = mapping.sourceId;
  if (reads === 'all') return [];
  const copied = new Set<string>();
  for (const [name, { evaluated }] of mapping.attributes) {
    if (UNSTABLE_ATTRIBUTE.test(name) && evaluated.field !== null) copied.add(evaluated.field);
  }
  return [...reads]
    .filter((field) => UNSTABLE_FIELD.test(field) || copied.has(field))
    .map((field) =>
      warning(
        mapping,
        { line, column },
        'RC_MAPPING_UNSTABLE_SOURCE_ID',
        `sourceId reads "${field}", which looks like an e-mail address, a login or a name: people change them.`,
        'Take an identifier that the source promises never to change.',
      ),
    );
}

/** `007` without quotes is the number 7. */
function unquotedNumbers(mapping: CompiledMapping): Finding[] {
  if (mapping.file.endsWith('.jsonata')) return [];
  const yaml = new YamlText(mapping.text, mapping.file);
  const values = pairsOf(yaml.nodeAt(['tables'])).flatMap((table) => pairsOf(table.value));
  return values.flatMap(({ key, value }) => {
    if (!isScalar(value) || typeof value.value !== 'number' || value.source === String(value.value)) return [];
    const message = `${value.source ?? ''} is read as the number ${value.value}.`;
    const place = yaml.placeOf(value.range?.[0] ?? 0);
    return [
      warning(
        mapping,
        place,
        'RC_MAPPING_UNQUOTED_NUMBER',
        message,
        `Put the value of ${key} in quotes if it is an identifier.`,
      ),
    ];
  });
}

function unusedTables(mapping: CompiledMapping): Finding[] {
  const texts = [mapping.sourceId, ...mapping.attributes.values()].map(({ text }) => text);
  const yaml = new YamlText(mapping.text, mapping.file);
  return Object.keys(mapping.tables)
    .filter((table) => !texts.some((text) => new RegExp(`\\$${table}\\b`).test(text)))
    .map((table) =>
      warning(
        mapping,
        yaml.keyPlace(['tables', table]),
        'RC_MAPPING_TABLE_UNUSED',
        `No expression reads the table "${table}".`,
        `Read it with $lookup($${table}, …), or take it out.`,
      ),
    );
}

/** Without `active` a directory of users decides nothing of who is active. */
function missingAttributes(mapping: CompiledMapping, catalogue: Catalogue): Finding[] {
  const hasEmployment = mapping.attributes.has('employment.status') || mapping.attributes.has('employment.endDate');
  if (mapping.kind !== 'user' || mapping.attributes.has('active') || hasEmployment || !catalogue.has('active'))
    return [];
  const message = 'The mapping says nothing of active or employment: a leaver of this source stays active.';
  return [
    warning(mapping, { line: 1, column: 1 }, 'RC_MAPPING_NO_ACTIVE', message, 'Map active where the source knows it.'),
  ];
}

function warning(
  mapping: CompiledMapping,
  place: Place,
  code: Finding['code'],
  message: string,
  mend: string,
): Finding {
  return { severity: 'warning', code, message, where: { file: mapping.file, ...place }, mend };
}
