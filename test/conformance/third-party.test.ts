import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  CLOCK,
  LOGGER,
  SETTINGS,
  type Connector,
  type ConnectorDefinition,
  type RecordKind,
} from '@rollcall/connector-kit';
import { conformanceChecks, type PopulatedSource, type Subject } from '@rollcall/connector-kit/conformance';
import { Container, type Newable } from 'inversify';

const FIXTURES = new URL('../../fixtures/connectors/', import.meta.url);

async function definitionOf(name: string): Promise<ConnectorDefinition> {
  const loaded = (await import(new URL(`${name}/index.js`, FIXTURES).href)) as { default: ConnectorDefinition };
  return loaded.default;
}

function run<S extends PopulatedSource>(subject: Subject<S>): void {
  for (const check of conformanceChecks(subject)) it(check.name, () => check.run());
}

const ndjson = await definitionOf('rollcall-connector-ndjson');
const decorated = await definitionOf('rollcall-connector-decorated');

describe('conformance: a third party’s ndjson', () => {
  const fileOf = ({ project }: PopulatedSource, kind: RecordKind): string => path.join(project.root, `${kind}.ndjson`);
  const edit = (source: PopulatedSource, kind: RecordKind, change: (lines: string[]) => string[]): Promise<void> => {
    const lines = readFileSync(fileOf(source, kind), 'utf8').trimEnd().split('\n');
    writeFileSync(fileOf(source, kind), `${change(lines).join('\n')}\n`);
    return Promise.resolve();
  };
  const isOf = (line: string, id: string): boolean => line.includes(`"id":"${id}"`);

  run({
    definition: ndjson,
    remembers: true,
    populate() {
      const root = mkdtempSync(path.join(tmpdir(), 'rollcall-ndjson-'));
      const source: PopulatedSource = {
        project: { root, spool: root },
        settings: { folder: '.' },
        ids: { user: ['u1', 'u2', 'u3'], group: ['g1', 'g2', 'g3'] },
        remove() {
          rmSync(root, { recursive: true, force: true });
          return Promise.resolve();
        },
      };
      for (const kind of ['user', 'group'] as const) {
        const lines = (source.ids[kind] ?? []).map((id) => JSON.stringify({ id, name: `Name of ${id}` }));
        writeFileSync(fileOf(source, kind), `${lines.join('\n')}\n`);
      }
      return Promise.resolve(source);
    },
    reorder: (source) => edit(source, 'user', (lines) => lines.toReversed()),
    change: (source, kind, id) =>
      edit(source, kind, (lines) => lines.map((line) => (isOf(line, id) ? JSON.stringify({ id, name: 'new' }) : line))),
    withdraw: (source, kind, id) => edit(source, kind, (lines) => lines.filter((line) => !isOf(line, id))),
    spoil: (source, kind) => edit(source, kind, (lines) => [...lines, '{"id":']),
    poison: (source, kind) => edit(source, kind, (lines) => [...lines, '{"id":"p","__proto__":{"isAdmin":true}}']),
    breakDown(source) {
      rmSync(fileOf(source, 'user'));
      return Promise.resolve();
    },
  });
});

describe('conformance: a third party’s decorated class', () => {
  interface Person extends Record<string, string> {
    id: string;
  }
  interface PeopleSource extends PopulatedSource {
    settings: { people: Person[]; isDown?: boolean };
  }

  run<PeopleSource>({
    definition: decorated,
    remembers: false,
    create(definition, { settings, clock, log }): Connector {
      if (!('connector' in definition)) throw new Error('the decorated connector declares no class');
      const container = new Container();
      container.bind(SETTINGS).toConstantValue(settings);
      container.bind(CLOCK).toConstantValue(clock);
      container.bind(LOGGER).toConstantValue(log);
      return container.get(definition.connector as Newable<Connector>, { autobind: true });
    },
    populate: () =>
      Promise.resolve({
        project: { root: '/', spool: '/' },
        settings: { people: ['a', 'b', 'c'].map((id) => ({ id, name: `Name of ${id}` })) },
        ids: { user: ['a', 'b', 'c'] },
        remove: () => Promise.resolve(),
      }),
    reorder: ({ settings }) => Promise.resolve(void settings.people.reverse()),
    change: ({ settings }, _kind, id) => {
      settings.people = settings.people.map((person) => (person.id === id ? { id, name: 'new' } : person));
      return Promise.resolve();
    },
    withdraw: ({ settings }, _kind, id) => {
      settings.people = settings.people.filter((person) => person.id !== id);
      return Promise.resolve();
    },
    breakDown: ({ settings }) => {
      settings.isDown = true;
      return Promise.resolve();
    },
  });
});
