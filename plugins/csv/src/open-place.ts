import { SettingsRejected } from '@rollcall/connector-kit';
import type { FilePlace } from './file-place.js';
import { FolderPlace } from './folder-place.js';
import type { CsvSettings } from './settings.js';

/** Makes the place that the settings name. Nothing is reached yet. */
export function openPlace(settings: CsvSettings): FilePlace {
  if (settings.from.kind === 'folder') return new FolderPlace(settings.from.folder, settings.from.absolute);
  throw new SettingsRejected({ what: 'SFTP is not there yet.', mend: 'Read from a folder.' });
}
