import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { expect } from 'chai';
import type { RunningSshd } from '../../support/sshd.js';
import { hrFile, type Ended, type RunOptions, type TestProject } from '../support.js';
import { DATABASE, openDatabase, withDatabase } from './database.js';
import { interrupt, waitingSync } from './waiting.js';

/** What an arrangement needs to know. */
export interface Place {
  project: TestProject;
  now: string;
  /** The server of the cases that speak to one. */
  sshd: () => RunningSshd;
  /** Runs a command that must succeed. */
  succeed: (run: string, options?: RunOptions) => Promise<void>;
}

/** How the commands of a case are run, and what is put back before the state is read again. */
export interface Arranged {
  options?: RunOptions;
  /** In place of simply running it. */
  execute?(args: readonly string[]): Promise<Ended>;
  undo?(): Promise<void>;
}

export interface Arrangement {
  needsSshd?: true;
  /** Before the state is taken. */
  before?(place: Place): Promise<void>;
  /** After it. */
  arrange?(place: Place): Promise<Arranged>;
}

/** Blocks of 512 bytes: not even what SQLite needs for its first write; enough for the run to begin, not for its end. */
const FULL_AT_ONCE = 1;
const FULL_LATER = 128;

/** Everything that a case can name under `arrange`. */
export const ARRANGEMENTS = {
  /** Another process is in the middle of a transaction. */
  'database-locked': {
    arrange: async ({ project }) => {
      const database = openDatabase(project);
      await database.raw('BEGIN IMMEDIATE');
      return {
        undo: async () => {
          await database.raw('ROLLBACK');
          await database.destroy();
        },
      };
    },
  },
  'database-newer': {
    arrange: async ({ project }) => {
      const add = (more: number): Promise<void> =>
        withDatabase(project, async (database) => {
          await database('schema_version').increment('version', more);
        });
      await add(9000);
      return { undo: () => add(-9000) };
    },
  },
  /** A file of text under the database's name; it must be left as it is. */
  'database-of-text': {
    arrange: async ({ project }) => {
      const restore = await putAside(project);
      const words = 'this is a text and no database, and it is long enough to be looked at as one\n'.repeat(20);
      await project.write(DATABASE, words);
      return {
        undo: async () => {
          expect(await project.read(DATABASE)).to.equal(words);
          await restore();
        },
      };
    },
  },
  /** Even root cannot open a folder as a file. */
  'database-unreadable': {
    arrange: async ({ project }) => {
      const undo = await putAside(project);
      await mkdir(project.file(DATABASE));
      return { undo };
    },
  },
  'database-read-only': {
    arrange: async ({ project }) => {
      await chmod(project.file(DATABASE), 0o444);
      return { options: { boundByModes: true }, undo: () => chmod(project.file(DATABASE), 0o600) };
    },
  },
  'database-full': { arrange: () => Promise.resolve({ options: { fileBlocks: FULL_AT_ONCE } }) },
  'database-full-later': { arrange: () => Promise.resolve({ options: { fileBlocks: FULL_LATER } }) },
  /** Another sync of the same directory waits for its file to come to rest, and holds the lease meanwhile. */
  'second-process': {
    before: makeFileUnstable,
    arrange: async ({ project, now }) => {
      const other = await waitingSync(project, now);
      return {
        undo: async () => {
          other.child.kill('SIGKILL');
          await other.answer;
        },
      };
    },
  },
  /** While it waits for its file. */
  'ctrl-c-once': {
    before: makeFileUnstable,
    arrange: ({ project, now }) =>
      Promise.resolve({
        execute: async (args) => {
          const { child, answer } = await waitingSync(project, now, args);
          child.kill('SIGINT');
          return answer;
        },
      }),
  },
  /** The database is locked, so that the first one cannot end it before the second comes. */
  'ctrl-c-twice': {
    before: makeFileUnstable,
    arrange: ({ project, now }) =>
      Promise.resolve({
        execute: async (args) => {
          const waiting = await waitingSync(project, now, args);
          const database = openDatabase(project);
          await database.raw('BEGIN IMMEDIATE');
          await interrupt(waiting.child);
          waiting.child.kill('SIGINT');
          const answer = await waiting.answer;
          await database.raw('ROLLBACK');
          await database.destroy();
          return answer;
        },
      }),
  },
  /** Whoever read the answer is gone before it comes. */
  'pipe-closed': {
    arrange: ({ project, now }) =>
      Promise.resolve({
        execute: async (args) => {
          const child = project.start(args, { now });
          child.stdout.destroy();
          let stderr = '';
          child.stderr.setEncoding('utf8').on('data', (text: string) => {
            stderr += text;
          });
          const [exitCode] = (await once(child, 'close')) as [number | null];
          return { exitCode, stdout: '', stderr };
        },
      }),
  },
  'sshd-wrong-password': {
    needsSshd: true,
    before: (place) => readFromServer(place, (sshd) => sshd.fingerprints.ed25519 ?? ''),
    arrange: () => Promise.resolve({ options: { env: { HR_PASSWORD: 'not-the-password' } } }),
  },
  'sshd-wrong-host-key': {
    needsSshd: true,
    before: (place) => readFromServer(place, () => `SHA256:${'A'.repeat(43)}`),
    arrange: ({ sshd }) => Promise.resolve({ options: { env: { HR_PASSWORD: sshd().password } } }),
  },
  /** 2000 good people are synced; in the newer file one of them has a hire date that is none. */
  'one-bad-among-thousands': {
    before: async ({ project, succeed }) => {
      const people = Array.from(
        { length: 2000 },
        (_, at) => `E${at + 5000};First;Last${at};;Research;Active;2020-01-06;`,
      );
      const file = hrFile() + people.join('\n') + '\n';
      await project.edit('tenants/acme.yaml', (text) =>
        text.replace('guards: {', 'guards: { creations: { count: 5000, percent: 100 },'),
      );
      await succeed('apply --yes');
      await project.write('inbox/hr/hr-2026-03-10.csv', file);
      await succeed('sync hr');
      await project.write('inbox/hr/hr-2026-03-11.csv', file.replace(/^(E6234;.*);2020-01-06;$/m, '$1;soon;'));
    },
  },
  'file-unreadable': {
    arrange: async ({ project }) => {
      await chmod(project.file('inbox/hr/hr-2026-03-10.csv'), 0o000);
      return { options: { boundByModes: true } };
    },
  },
} satisfies Record<string, Arrangement>;

export type ArrangementName = keyof typeof ARRANGEMENTS;

/** Moves the database away and returns what brings it back. */
async function putAside(project: TestProject): Promise<() => Promise<void>> {
  const [from, to] = [project.file(DATABASE), project.file('.rollcall/aside.db')];
  await rename(from, to);
  return async () => {
    await rm(from, { recursive: true });
    await rename(to, from);
  };
}

/** A newer file, and settings by which it must be the same for an hour. */
async function makeFileUnstable({ project, succeed }: Place): Promise<void> {
  await project.write('inbox/hr/hr-2026-03-10.csv', hrFile({ E1001: { department: 'Finance' } }));
  await project.edit('tenants/acme.yaml', (text) => text.replace('stableSeconds: 0', 'stableSeconds: 3600'));
  await succeed('apply --yes');
}

/** HR's files are read from the server from now on. */
async function readFromServer(place: Place, hostKey: (sshd: RunningSshd) => string): Promise<void> {
  const { project, succeed } = place;
  const { port, user } = place.sshd();
  const sftp = `{ sftp: { host: 127.0.0.1, port: ${port}, user: ${user}, password: 'env:HR_PASSWORD', hostKey: '${hostKey(place.sshd())}', folder: . } }`;
  await project.edit('tenants/acme.yaml', (text) => text.replace('{ folder: inbox/hr }', sftp));
  await succeed('apply --yes', { env: { HR_PASSWORD: place.sshd().password } });
}
