import { CLOCK, defineConnector, LOGGER, PROJECT, SETTINGS } from '@rollcall/connector-kit';
import { CsvConnector } from './connector.js';
import { openPlace } from './open-place.js';
import { settingsSchema } from './settings-schema.js';
import { readSettings } from './settings.js';

/** The connector `csv`: files in a folder or on an SFTP server. */
export default defineConnector({
  id: 'csv',
  apiVersion: 1,
  title: 'CSV files from a folder or an SFTP server',
  settings: settingsSchema,
  capabilities: {
    kinds: ['user', 'group'],
    full: true,
    delta: false,
    one: false,
    notifications: false,
    recognisesAccepted: true,
  },
  needs: { settings: SETTINGS, project: PROJECT, clock: CLOCK, log: LOGGER },
  create: ({ settings: written, project, log }) => {
    const settings = readSettings(written, project);
    return new CsvConnector(settings, { place: openPlace(settings, project), log });
  },
});
