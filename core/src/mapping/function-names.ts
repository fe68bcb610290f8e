/** The functions that JSONata 2.2.2 knows by itself. */
export const BUILT_IN: ReadonlySet<string> = new Set(
  (
    'sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad match ' +
    'contains replace split join formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt power ' +
    'random boolean not map zip filter single reduce sift keys lookup append exists spread merge reverse each error assert ' +
    'type sort shuffle distinct base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl eval ' +
    'toMillis fromMillis clone now millis'
  ).split(' '),
);

/** Those that a mapping may not use: the same record must give the same claims whenever it is mapped. */
export const REFUSED: ReadonlyMap<string, string> = new Map([
  ['random', 'chance'],
  ['shuffle', 'chance'],
  ['now', 'clock'],
  ['millis', 'clock'],
  ['eval', 'texts that run as programs'],
]);
