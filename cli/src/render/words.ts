import type { Json, Listing } from '@rollcall/core';
import type { Screen } from '../terminal/screen.js';
import { shellLine } from './shell-word.js';

/** `2026-03-09 08:00 UTC`; seconds only where there are some. */
export function when(instant: string): string {
  const [day = '', time = ''] = instant.replace(/(\.\d+)?Z$/, '').split('T');
  return time === '' ? day : `${day} ${time.replace(/:00$/, '')} UTC`;
}

/** `1 user`, `3 users`. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}

/** A value as people read it; null is what a source says is empty. */
export function valueText(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(elementText).join(', ');
  if (typeof value === 'object') return JSON.stringify(value);
  return value === '' ? '""' : String(value);
}

function elementText(element: Json): string {
  if (typeof element !== 'object' || element === null || Array.isArray(element)) return valueText(element);
  const shown = element.value ?? element.name ?? element.displayName;
  return shown === undefined ? JSON.stringify(element) : valueText(shown);
}

/** The value of `active` as people say it. */
export function activeText(value: Json | undefined): string {
  if (value === true) return 'active';
  return value === false ? 'inactive' : valueText(value);
}

/** The closing line that names the next command to run, with its arguments; empty where hints are not wanted. */
export function nextStep(screen: Screen, reason: string, id: string, ...rest: readonly string[]): string {
  return screen.hints ? commandLine(screen, reason, id, rest) : '';
}

function commandLine({ paint }: Screen, reason: string, id: string, rest: readonly string[]): string {
  const command = shellLine('rollcall', ...id.split(':'), ...rest);
  return `${paint('dim', `${reason}:`)} ${paint('cyan', command)}`;
}

/** The line below a page that is not the last one. No hint: without it the page would pass for all there is. */
export function moreLine(listing: Listing<unknown>, screen: Screen, id: string): string {
  if (listing.next === null) return '';
  return commandLine(screen, 'There are more', id, ['--after', screen.safe(String(listing.next))]);
}

/** Joins the parts of a text that are there. */
export function paragraphs(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}

/** Joins the lines of a text that are there. */
export function lines(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n');
}
