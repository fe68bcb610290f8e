import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { ARRANGEMENTS, type ArrangementName } from './arrangements.js';

/** One text of a file in place of another, which must be there. */
export interface Edit {
  file: string;
  from: string;
  to: string;
}

/** What `case.yaml` says. */
export interface BadInput {
  name: string;
  folder: string;
  /** One sentence: what is wrong, and what must come of it. */
  about: string;
  /** Whatever is not fit for a file under `input/`. */
  edit: Edit[];
  remove: string[];
  /** Commands that must succeed before the state is taken: they are no part of what is tested. */
  prepare: string[];
  arrange: ArrangementName | null;
  /** `ROLLCALL_NOW`; the day after the example's first sync when left out. */
  now: string;
  commands: { run: string; exit: number }[];
  /** The only differences of state that there may be; none when left out: the hash must be the same. */
  changes: string[];
}

const root = fileURLToPath(new URL('../../../bad-input', import.meta.url));
const KEYS = ['about', 'edit', 'remove', 'prepare', 'arrange', 'now', 'commands', 'changes'];

/** All cases by their folder's name. */
export function readCases(): BadInput[] {
  return readdirSync(root)
    .filter((name) => existsSync(path.join(root, name, 'case.yaml')))
    .sort()
    .map(readCase);
}

function readCase(name: string): BadInput {
  const folder = path.join(root, name);
  const found = parse(readFileSync(path.join(folder, 'case.yaml'), 'utf8')) as Partial<BadInput>;
  expect(KEYS, `keys of ${name}/case.yaml`).to.include.members(Object.keys(found));
  const { about, commands, arrange = null } = found;
  if (about === undefined || commands === undefined) throw new Error(`${name}/case.yaml lacks about or commands.`);
  if (arrange !== null && !(arrange in ARRANGEMENTS)) throw new Error(`${name}: nothing is arranged as ${arrange}.`);
  return {
    edit: [],
    remove: [],
    prepare: [],
    now: '2026-03-10T08:00:00Z',
    changes: [],
    ...found,
    about,
    commands,
    arrange,
    name,
    folder,
  };
}
