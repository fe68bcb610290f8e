import { escapeControl } from '@rollcall/core/errors';

/** A line of the service's log for people. */
export interface LogLine {
  text: string;
  /** True for warnings and errors. */
  isTrouble: boolean;
}

/** The fields of a line that stand in a fixed place of its text. */
const PLACED = new Set(['level', 'time', 'msg', 'requestId', 'err']);

/** Turns a line of the log, one JSON document, into text: time, what happened, the rest as `name=value`. */
export function logLineText(line: string): LogLine {
  const fields = JSON.parse(line) as Record<string, unknown>;
  const { level, time, msg, err } = fields;
  const rest = Object.entries(fields)
    .filter(([name, value]) => !PLACED.has(name) && ['string', 'number', 'boolean'].includes(typeof value))
    .map(([name, value]) => `${name}=${String(value)}`);
  const error = err === undefined ? [] : [JSON.stringify(err)];
  const isTrouble = ['warn', 'error', 'fatal'].includes(String(level));
  const words = [String(time), ...(isTrouble ? [String(level)] : []), String(msg), ...rest, ...error];
  return { text: escapeControl(words.join(' ')), isTrouble };
}
