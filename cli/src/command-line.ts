/** A command line, taken apart as far as the name of the command. */
export interface CommandLine {
  /** The words before the first flag: the command's name and its first arguments. */
  words: readonly string[];
  /** Flags typed before the command, and everything from the first flag after it. */
  rest: readonly string[];
  wantsHelp: boolean;
  wantsVersion: boolean;
}

const GLOBAL_WITH_VALUE = new Set(['--project', '--tenant']);
const HELP = new Set(['--help', '-h']);
const VERSION = new Set(['--version', '-v']);

/** The part of a command line before `--`, where flags are flags. */
function beforeDashes(argv: readonly string[]): readonly string[] {
  const dashes = argv.indexOf('--');
  return dashes === -1 ? argv : argv.slice(0, dashes);
}

/** Whether a switch such as `--json` was typed; for answers to command lines that could not be parsed. */
export function hasSwitch(argv: readonly string[], name: string): boolean {
  return beforeDashes(argv).includes(name);
}

/** Splits a command line; global flags may stand before the command. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const leading = leadingFlags(argv);
  const remaining = argv.slice(leading.length);
  const firstFlag = remaining.findIndex((word) => word.startsWith('-'));
  const words = firstFlag === -1 ? remaining : remaining.slice(0, firstFlag);
  const typed = beforeDashes(argv);
  const asksByWord = words[0] === 'help';
  return {
    words: asksByWord ? words.slice(1) : words,
    rest: [...leading, ...remaining.slice(words.length)],
    wantsHelp: asksByWord || typed.some((word) => HELP.has(word)),
    wantsVersion: words.length === 0 && typed.some((word) => VERSION.has(word)),
  };
}

function leadingFlags(argv: readonly string[]): readonly string[] {
  let at = 0;
  for (let word = argv[at]; word?.startsWith('-') === true && word !== '--'; word = argv[at]) {
    at += GLOBAL_WITH_VALUE.has(word) ? 2 : 1;
  }
  return argv.slice(0, at);
}
