import { Fuzz } from './compare.js';

/** `npm run fuzz:mapping [comparisons] [seed]`: prints what came up; exits with 1 where the two sides differ. */
const comparisons = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? 1);
const started = process.cpuUsage();
const fuzz = new Fuzz({ seed, comparisons, enough: 20 });
const report = await fuzz.run();
const { user, system } = process.cpuUsage(started);
const share = (count: number): string => `${((100 * count) / report.comparisons).toFixed(1)} %`;
const lines = [
  ...report.coverage.sorted().map(([name, count]) => `${String(count).padStart(9)}  ${name}`),
  `seed ${seed}, ${report.comparisons} comparisons, ${((user + system) / 1e6).toFixed(1)} s of CPU`,
  `values ${share(report.values)}, nothing ${share(report.nothing)}, errors ${share(report.errors)}, interpreter crashed ${share(report.crashes)}`,
  `two errors possible, agreed one by one: ${report.ambiguous}; interpreter wrote into its input: ${report.wrote}; endless values: ${report.endless}; long pictures: ${report.longPictures}; too large for the interpreter: ${report.tooLarge}`,
  ...report.differences.map((difference) => JSON.stringify(difference)),
  `${report.differences.length} differences`,
];
process.stdout.write(lines.join('\n') + '\n');
if (report.differences.length > 0) process.exitCode = 1;
