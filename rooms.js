/** The rooms of core in order of dependency: a room may import only from those above it. Lint reads this list. */
export const rooms = [
  'model',
  'store',
  'security',
  'tenancy',
  'rules',
  'sources',
  'mapping',
  'correlation',
  'population',
  'resolution',
  'history',
  'events',
  'reading',
  'connectors',
  'configuration',
  'scheduling',
  'reconciliation',
];

/** Rooms that compute and nothing else: no store, no Node module, no Knex. */
export const pureRooms = ['model', 'mapping', 'resolution', 'correlation/partition'];
