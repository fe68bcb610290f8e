import type { RollcallError } from '@rollcall/connector-kit';
import { isScalar, type Node } from 'yaml';
import type { Catalogue } from '../model/catalogue.js';
import type { AttributeName } from '../model/claims.js';
import { fileError, throwAll } from '../rules/finding.js';
import { didYouMean } from '../rules/nearest-name.js';
import { SchemaCheck } from '../rules/schema-check.js';
import { keyText, pairsOf, YamlText, type Place } from '../rules/yaml-text.js';
import {
  ExpressionSyntaxError,
  type Evaluated,
  type Evaluator,
  type Reads,
  type Tables,
  type TableValue,
} from './evaluator.js';
import { BUILT_IN } from './function-names.js';
import { mappingSchema } from './mapping-schema.js';
import { splitObjectLiteral } from './object-literal.js';
import { sourceOffsets } from './source-offsets.js';

/** One expression of a mapping with its place in the file. */
export interface CompiledExpression {
  text: string;
  line: number;
  column: number;
  reads: Reads;
  evaluated: Evaluated;
}

/** A mapping file, ready to be applied. */
export interface CompiledMapping {
  name: string;
  kind: 'user' | 'group';
  /** `sha256:` and the hash of the text. */
  version: string;
  /** As people are told. */
  file: string;
  text: string;
  sourceId: CompiledExpression;
  attributes: ReadonlyMap<AttributeName, CompiledExpression>;
  tables: Tables;
}

/** What is handed in, because this room does no I/O. */
export interface MappingOptions {
  /** As people are told: relative to the project. A name that ends with `.jsonata` is read as one object literal. */
  file: string;
  evaluator: Evaluator;
  catalogue: Catalogue;
  /** sha256 of a text, in hexadecimal. */
  hash: (text: string) => string;
}

/** An expression as it stands in a file, with the place of each of its characters. */
interface WrittenExpression {
  text: string;
  placeAt(character: number): Place;
}

interface WrittenMapping {
  name: string;
  kind: 'user' | 'group';
  sourceId: WrittenExpression;
  attributes: readonly { name: string; place: Place; expression: WrittenExpression }[];
  tables: Tables;
}

const schemaCheck = new SchemaCheck(mappingSchema(null));

/**
 * Reads and compiles a mapping file.
 *
 * @throws {RollcallError} with exit code 78; all findings of the file are in `errors`.
 */
export function parseMapping(text: string, options: MappingOptions): CompiledMapping {
  const written = options.file.endsWith('.jsonata') ? literalMapping(text, options) : yamlMapping(text, options.file);
  const compiler = new MappingCompiler(written, options);
  const sourceId = compiler.compile(written.sourceId);
  const attributes = compiler.attributes();
  throwAll(compiler.errors);
  const { name, kind, tables } = written;
  const version = `sha256:${options.hash(text)}`;
  return { name, kind, version, file: options.file, text, sourceId, attributes, tables };
}

class MappingCompiler {
  readonly errors: RollcallError[] = [];

  constructor(
    private readonly written: WrittenMapping,
    private readonly options: MappingOptions,
  ) {}

  attributes(): Map<AttributeName, CompiledExpression> {
    const compiled = new Map<AttributeName, CompiledExpression>();
    for (const { name, place, expression } of this.written.attributes) {
      if (this.options.catalogue.has(name)) compiled.set(name, this.compile(expression));
      else
        this.#refuse(
          place,
          'RC_MAPPING_UNKNOWN_ATTRIBUTE',
          `There is no attribute "${name}".`,
          didYouMean(name, this.options.catalogue.keys(), 'Attributes'),
        );
    }
    return compiled;
  }

  compile(expression: WrittenExpression): CompiledExpression {
    const { line, column } = expression.placeAt(0);
    let evaluated = NOTHING;
    try {
      evaluated = this.options.evaluator.compile(expression.text, this.written.tables);
    } catch (error) {
      if (!(error instanceof ExpressionSyntaxError)) throw error;
      this.#refuse(expression.placeAt(error.offset), error.code, error.message, error.mend);
    }
    return { text: expression.text, line, column, reads: evaluated.reads, evaluated };
  }

  #refuse(place: Place, code: `RC_${string}`, what: string, mend: string): void {
    this.errors.push(fileError(code, what, { file: this.options.file, ...place }, mend));
  }
}

/** Stands in for an expression that could not be compiled; the mapping is refused anyway. */
const NOTHING: Evaluated = { reads: new Set(), field: null, evaluate: () => undefined };

function yamlMapping(text: string, file: string): WrittenMapping {
  const yaml = new YamlText(text, file);
  throwAll([...yaml.errors, ...schemaCheck.errorsOf(yaml), ...emptyExpressions(yaml), ...tableNames(yaml)]);
  const value = yaml.value as { mapping: string; kind: 'user' | 'group' };
  return {
    name: value.mapping,
    kind: value.kind,
    sourceId: writtenExpression(yaml, yaml.nodeAt(['sourceId'])),
    attributes: pairsOf(yaml.nodeAt(['attributes'])).map((pair) => ({
      name: pair.key,
      place: yaml.placeOf(pair.at),
      expression: writtenExpression(yaml, pair.value),
    })),
    tables: tablesOf(yaml),
  };
}

/** `true`, `null` and numbers are expressions as they were written. */
function writtenExpression(yaml: YamlText, node: Node | null): WrittenExpression {
  const text = keyText(node);
  const [begin, end] = node?.range ?? [0, 0];
  let offsets: number[] | null = null;
  return {
    text,
    placeAt: (character) => {
      if (character === 0) return yaml.placeOf(begin);
      offsets ??= sourceOffsets(yaml.text, begin, end, text);
      return yaml.placeOf(offsets[Math.min(character, text.length)] ?? begin);
    },
  };
}

function emptyExpressions(yaml: YamlText): RollcallError[] {
  if (yaml.errors.length > 0) return [];
  const paths = [['sourceId'], ...pairsOf(yaml.nodeAt(['attributes'])).map((pair) => ['attributes', pair.key])];
  return paths
    .filter((path) => {
      const node = yaml.nodeAt(path);
      return (isScalar(node) || node === null) && keyText(node).trim() === '' && hasKey(yaml.value, path);
    })
    .map((path) =>
      yaml.errorAt(
        yaml.keyPlace(path),
        'RC_MAPPING_SYNTAX',
        `The expression of ${path.join('.')} is empty.`,
        'Write an expression, or take the line out.',
      ),
    );
}

function hasKey(value: unknown, path: readonly string[]): boolean {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return false;
    current = (current as Record<string, unknown>)[key];
  }
  return true;
}

function tableNames(yaml: YamlText): RollcallError[] {
  return pairsOf(yaml.nodeAt(['tables']))
    .filter((pair) => BUILT_IN.has(pair.key))
    .map((pair) =>
      yaml.errorAt(
        yaml.placeOf(pair.at),
        'RC_MAPPING_TABLE_NAME',
        `$${pair.key} is a function of JSONata already.`,
        'Give the table another name.',
      ),
    );
}

/** Keys of tables are texts as they were written: `007` stays `007`. */
function tablesOf(yaml: YamlText): Tables {
  const tables: Record<string, Record<string, TableValue>> = {};
  for (const { key, value } of pairsOf(yaml.nodeAt(['tables']))) {
    tables[key] = Object.fromEntries(
      pairsOf(value).map((pair) => [pair.key, isScalar(pair.value) ? (pair.value.value as TableValue) : null]),
    );
  }
  return tables;
}

function literalMapping(text: string, { file, evaluator }: MappingOptions): WrittenMapping {
  const refuse = (offset: number, code: `RC_${string}`, what: string, mend: string): never => {
    throw fileError(code, what, { file, ...placeIn(text, offset) }, mend);
  };
  try {
    evaluator.compile(text, {});
  } catch (error) {
    if (!(error instanceof ExpressionSyntaxError)) throw error;
    refuse(error.offset, error.code, error.message, error.mend);
  }
  const entries = splitObjectLiteral(text);
  if (entries === null) {
    return refuse(
      0,
      'RC_MAPPING_SYNTAX',
      'The file is not one object literal with quoted keys.',
      'Write { "sourceId": …, "department": … }.',
    );
  }
  const written = entries.map((entry) => ({
    name: entry.key,
    place: placeIn(text, entry.keyAt),
    expression: { text: entry.text, placeAt: (character: number) => placeIn(text, entry.textAt + character) },
  }));
  for (const [position, { name, place }] of written.entries()) {
    if (written.findIndex((other) => other.name === name) < position) {
      throw fileError(
        'RC_YAML_DUPLICATE_KEY',
        `The key "${name}" stands here twice.`,
        { file, ...place },
        'Keep one of them.',
      );
    }
  }
  const sourceId = written.find((entry) => entry.name === 'sourceId');
  if (sourceId === undefined)
    return refuse(
      0,
      'RC_CONFIG_MISSING_KEY',
      'The key "sourceId" is missing.',
      'Write "sourceId": and its expression.',
    );
  const name = (file.split('/').pop() ?? file).replace(/\.jsonata$/, '');
  return {
    name,
    kind: 'user',
    sourceId: sourceId.expression,
    attributes: written.filter((entry) => entry !== sourceId),
    tables: {},
  };
}

function placeIn(text: string, offset: number): Place {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before[before.length - 1] ?? '').length + 1 };
}
