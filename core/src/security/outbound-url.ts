import { isIP } from 'node:net';
import { kindOfAddress } from './addresses.js';

/** Hosts, or hosts with a port (`localhost:3000`), that the operator allows: there `http`, any port and private addresses are right. */
export type AllowedHosts = readonly string[];

/** Why an address on the web is not connected to. */
export type UrlProblem = 'noUrl' | 'scheme' | 'userinfo' | 'port' | 'host';

/** An address that may be connected to. */
export interface OutboundUrl {
  url: URL;
  /** Allowed by name: its addresses may be private ones. */
  isAllowed: boolean;
}

/** Ports on which the web is served with TLS. */
const PORTS: ReadonlySet<string> = new Set(['443', '8443']);
const LONGEST = 2_048;

/** `[::1]` and `example.com.` as they are compared. */
const plain = (host: string): string =>
  host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.+$/, '');

/** The port of a URL, where it says nothing the one of its scheme. */
export function portOfUrl({ protocol, port }: Pick<URL, 'protocol' | 'port'>): string {
  return port === '' ? (protocol === 'http:' ? '80' : '443') : port;
}

/** True where the operator allows the host by name, on that port or on any. */
export function isAllowedHost(hosts: AllowedHosts, host: string, port: string): boolean {
  const name = plain(host);
  return hosts.some((entry) => plain(entry) === name || entry.toLowerCase() === `${bracketed(name)}:${port}`);
}

const bracketed = (name: string): string => (isIP(name) === 6 ? `[${name}]` : name);

/**
 * Judges an address that a stranger names. The parser of URLs has turned other spellings of a number into the plain one
 * by then; what a name stands for is judged when it is resolved.
 */
export function judgeUrl(text: string, hosts: AllowedHosts): OutboundUrl | UrlProblem {
  const url = text.length <= LONGEST && URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.hostname === '') return 'noUrl';
  const isAllowed = isAllowedHost(hosts, url.hostname, portOfUrl(url));
  return problemOf(url, isAllowed) ?? { url, isAllowed };
}

function problemOf(url: URL, isAllowed: boolean): UrlProblem | null {
  if (url.username !== '' || url.password !== '') return 'userinfo';
  if (!(isAllowed ? /^https?:$/ : /^https:$/).test(url.protocol)) return 'scheme';
  if (!isAllowed && !PORTS.has(portOfUrl(url))) return 'port';
  return isRightHost(plain(url.hostname), isAllowed) ? null : 'host';
}

function isRightHost(host: string, isAllowed: boolean): boolean {
  if (isIP(host) !== 0) return isRightAddress(host, isAllowed);
  return isAllowed || (host !== 'localhost' && !host.endsWith('.localhost'));
}

/** Whether that address may be connected to. */
export function isRightAddress(address: string, isAllowed: boolean): boolean {
  const kind = kindOfAddress(address);
  return kind === 'public' || (kind === 'private' && isAllowed);
}
