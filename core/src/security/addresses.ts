import { BlockList, isIP } from 'node:net';

/**
 * What an address is to somebody who is told by a stranger where to connect: `public` anybody may name, `private` the
 * operator must have allowed by name, `forbidden` is never connected to.
 */
export type AddressKind = 'public' | 'private' | 'forbidden';

type Network = readonly [address: string, prefix: number];

/** Where services of one's own may stand. */
const PRIVATE_4: readonly Network[] = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
];
/** This network, link-local with the metadata of clouds, protocol assignments, documentation, benchmarks, multicast, reserved (RFC 6890). */
const FORBIDDEN_4: readonly Network[] = [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
const PRIVATE_6: readonly Network[] = [
  ['::1', 128],
  ['fc00::', 7],
];
/** All that was ever given out to be reached from everywhere; what embeds an IPv4 address (mapped, NAT64) lies outside. */
const GLOBAL_6: readonly Network[] = [['2000::', 3]];
/** Protocol assignments with Teredo, documentation, 6to4. */
const FORBIDDEN_6: readonly Network[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

function listOf(networks: readonly Network[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of networks) list.addSubnet(address, prefix, family);
  return list;
}

// A list that holds networks of both families would see an IPv4 network in an IPv6 address that embeds it.
const private4 = listOf(PRIVATE_4, 'ipv4');
const forbidden4 = listOf(FORBIDDEN_4, 'ipv4');
const private6 = listOf(PRIVATE_6, 'ipv6');
const global6 = listOf(GLOBAL_6, 'ipv6');
const forbidden6 = listOf(FORBIDDEN_6, 'ipv6');

/** Says what an IP address is; what is none is forbidden. */
export function kindOfAddress(address: string): AddressKind {
  const family = isIP(address);
  if (family === 4) return kindOf4(address);
  return family === 6 && !address.includes('%') ? kindOf6(address) : 'forbidden';
}

function kindOf4(address: string): AddressKind {
  if (private4.check(address, 'ipv4')) return 'private';
  return forbidden4.check(address, 'ipv4') ? 'forbidden' : 'public';
}

function kindOf6(address: string): AddressKind {
  if (private6.check(address, 'ipv6')) return 'private';
  return global6.check(address, 'ipv6') && !forbidden6.check(address, 'ipv6') ? 'public' : 'forbidden';
}
