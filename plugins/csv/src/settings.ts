import path from 'node:path';
import { SettingsRejected, type JsonObject, type ProjectPlace, type RecordKind } from '@rollcall/connector-kit';

/** How to reach an SFTP server. */
export interface SftpSettings {
  host: string;
  port: number;
  user: string;
  password?: string;
  privateKey?: string;
  passphrase?: string;
  /** `SHA256:…` without padding; any of them is good. */
  hostKeys: readonly string[];
  folder: string;
  timeoutMs: number;
}

/** When a file counts as whole. */
export type ReadySettings =
  { kind: 'stable'; seconds: number } | { kind: 'marker'; pattern: string } | { kind: 'manifest'; pattern: string };

/** What the header line is read by. */
export interface CsvForm {
  delimiter?: string;
  encoding?: string;
  /** An empty text where quotes have no meaning. */
  quote: string;
}

/** The settings of a directory, with every default filled in. */
export interface CsvSettings {
  from: { kind: 'folder'; folder: string; absolute: string } | { kind: 'sftp'; sftp: SftpSettings };
  files: Readonly<Partial<Record<RecordKind, string>>>;
  csv: CsvForm;
  ready: ReadySettings;
  /** Where committed files go, as a path that the place of the files understands. */
  archive?: string;
}

interface WrittenSettings {
  from:
    | { folder: string }
    | {
        sftp: Omit<SftpSettings, 'hostKeys' | 'timeoutMs' | 'port'> & {
          port?: number;
          hostKey: string | string[];
          timeoutSeconds?: number;
        };
      };
  files: Partial<Record<RecordKind, string>>;
  csv?: Partial<CsvForm>;
  ready?: { stableSeconds: number } | { marker: string } | { manifest: string };
  archive?: string | false;
}

const DEFAULT_SFTP_STABLE_SECONDS = 30;
const DEFAULT_TIMEOUT_SECONDS = 30;

/** Fills in the defaults of settings that passed the schema, and resolves folders against the project. */
export function readSettings(written: JsonObject, project: ProjectPlace): CsvSettings {
  const settings = written as unknown as WrittenSettings;
  const from = readPlace(settings.from, project);
  const result: CsvSettings = {
    from,
    files: settings.files,
    csv: { quote: '"', ...settings.csv },
    ready: readReady(settings.ready, from.kind),
  };
  if (result.csv.quote !== '' && result.csv.quote === result.csv.delimiter) {
    throw new SettingsRejected({
      what: 'The delimiter and the quote are the same character.',
      mend: 'Change csv.delimiter or csv.quote in the settings of the directory.',
    });
  }
  if (typeof settings.archive === 'string') result.archive = readArchive(settings.archive, from, project);
  return result;
}

function readArchive(written: string, from: CsvSettings['from'], project: ProjectPlace): string {
  const isLocal = from.kind === 'folder';
  const archive = isLocal ? path.resolve(project.root, written) : normalFolder(written);
  const inbox = isLocal ? from.absolute : normalFolder(from.sftp.folder);
  if (archive !== inbox) return archive;
  throw new SettingsRejected({
    what: 'The archive is the folder in which the files arrive.',
    mend: 'Name another folder under archive in the settings of the directory.',
  });
}

/** The same folder in one spelling. */
export function normalFolder(folder: string): string {
  return path.posix.normalize(folder).replace(/(?<=.)\/$/, '');
}

function readPlace(from: WrittenSettings['from'], project: ProjectPlace): CsvSettings['from'] {
  if ('folder' in from) {
    return { kind: 'folder', folder: from.folder, absolute: path.resolve(project.root, from.folder) };
  }
  const { hostKey, timeoutSeconds, port, ...sftp } = from.sftp;
  const hostKeys = (typeof hostKey === 'string' ? [hostKey] : hostKey).map((print) => print.replace(/=+$/, ''));
  const timeoutMs = (timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000;
  return { kind: 'sftp', sftp: { ...sftp, port: port ?? 22, hostKeys, timeoutMs } };
}

function readReady(ready: WrittenSettings['ready'], place: 'folder' | 'sftp'): ReadySettings {
  if (ready === undefined) return { kind: 'stable', seconds: place === 'sftp' ? DEFAULT_SFTP_STABLE_SECONDS : 0 };
  if ('marker' in ready) return { kind: 'marker', pattern: ready.marker };
  if ('manifest' in ready) return { kind: 'manifest', pattern: ready.manifest };
  return { kind: 'stable', seconds: ready.stableSeconds };
}
