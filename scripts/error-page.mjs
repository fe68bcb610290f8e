/** Writes sections of docs/reference/errors.md from what the sources say beside each code. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from './tree-files.mjs';

const head = `# Error codes

Every error and finding has a code that is never renamed and never given another meaning. \`message\` says what happened, \`mend\` what to do about it, \`where\` the place. What stands in angle brackets is filled in.

`;

const sectionStart = /^### `(RC_[A-Z0-9_]+)`$/m;

/** The text of a literal, what is inserted shown as \`<name>\`; undefined for anything else. */
function textOf(node) {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return (
      node.head.text + node.templateSpans.map((span) => `<${nameOf(span.expression)}>${span.literal.text}`).join('')
    );
  }
  if (ts.isBinaryExpression(node)) {
    const [left, right] = [textOf(node.left), textOf(node.right)];
    return left === undefined || right === undefined ? undefined : left + right;
  }
  return undefined;
}

function nameOf(node) {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isCallExpression(node)) return nameOf(node.arguments.at(0) ?? node.expression);
  if (ts.isBinaryExpression(node) || ts.isConditionalExpression(node)) return nameOf(node.left ?? node.whenTrue);
  return '…';
}

/** Sentences below a node, in order; those of a property \`mend\` apart. */
function sentencesIn(scope) {
  const found = { what: [], mend: [] };
  const visit = (node, side) => {
    const text = textOf(node);
    if (text !== undefined) {
      if (/\S \S/.test(text)) found[side].push(text.trim());
      return;
    }
    const isMend = ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && node.name.text === 'mend';
    ts.forEachChild(node, (child) => visit(child, isMend ? 'mend' : side));
  };
  visit(scope, 'what');
  return found;
}

/** The nearest call or object around the code that says something. */
function saidBeside(literal) {
  for (let scope = literal.parent; scope && !ts.isFunctionLike(scope); scope = scope.parent) {
    const isScope = ts.isCallExpression(scope) || ts.isNewExpression(scope) || ts.isObjectLiteralExpression(scope);
    if (!isScope) continue;
    const { what, mend } = sentencesIn(scope);
    if (what.length > 0) return { what: what[0], mend: mend[0] ?? what[1] };
  }
  return undefined;
}

function literalAt(file, code, line) {
  const source = ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
  let found;
  const visit = (node) => {
    const isIt = ts.isStringLiteralLike(node) && node.text === code;
    if (isIt && source.getLineAndCharacterOfPosition(node.getStart()).line + 1 === line) found ??= node;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function bodyFor(code, places) {
  const said = places.map((place) => {
    const [file, line] = place.split(':');
    const literal = literalAt(file, code, Number(line));
    return literal && saidBeside(literal);
  });
  const best = said.find((one) => one?.mend) ?? said.find(Boolean);
  const mend = best?.mend ? `\n\n_Mend:_ ${best.mend}` : '';
  return escapeAngles(`${best?.what ?? 'TODO'}${mend}`);
}

/** Angle brackets are markup in Markdown. */
const escapeAngles = (text) => text.replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The page with a section for each code: what somebody wrote stays, new codes get a draft, codes that are gone go. */
export function pageFor(codes, page) {
  const [before, ...parts] = page.split(sectionStart);
  const written = new Map();
  for (let i = 0; i < parts.length; i += 2)
    if (parts[i + 1].trim() !== 'TODO') written.set(parts[i], parts[i + 1].trim());
  const sections = [...codes].map(
    ([code, places]) => `### \`${code}\`\n\n${written.get(code) ?? bodyFor(code, places)}\n`,
  );
  return `${(before.trim() === '' ? head : before).trimEnd()}\n\n${sections.join('\n')}`;
}
