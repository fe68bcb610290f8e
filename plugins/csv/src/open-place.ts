import type { ProjectPlace } from '@rollcall/connector-kit';
import type { FilePlace } from './file-place.js';
import { FolderPlace } from './folder-place.js';
import type { CsvSettings } from './settings.js';
import { SftpPlace } from './sftp-place.js';
import { SftpSession } from './sftp-session.js';

/** Makes the place that the settings name. Nothing is reached yet. */
export function openPlace({ from }: CsvSettings, project: ProjectPlace): FilePlace {
  if (from.kind === 'folder') return new FolderPlace(from.folder, from.absolute);
  return new SftpPlace(new SftpSession(from.sftp), from.sftp.folder, project.spool);
}
