import type { SavedBelief } from './belief/saved.js';
import type { DialectName, SettingsOf } from './dialects/providers.js';
import type { FaultOptions } from './http/faults.js';
import type { Counters, Exchange } from './http/scim-client.js';

/** Where a provider pushes to, whom, and what goes wrong on the way. */
export interface SimulatorOptions<D extends DialectName = DialectName> {
  /** The address that the administrator types, such as `https://host/scim/v2/acme`; Entra's flags are its query. */
  readonly baseUrl: string;
  readonly token: string;
  /** Default 1. The same seed gives the same people, groups, changes, ids and, with `concurrency: 1`, faults. */
  readonly seed?: number;
  /** Default 300. */
  readonly people?: number;
  /** Default 20. */
  readonly groups?: number;
  /** Days of changes after the first assignment; default 5. */
  readonly days?: number;
  /** Tasks at once; default 4. */
  readonly concurrency?: number;
  /** Domain of logins and addresses; default `acme.example`. */
  readonly domain?: string;
  /** What the administrator chose; defaults are in the README. */
  readonly settings?: Partial<SettingsOf[D]>;
  /** None by default. */
  readonly faults?: FaultOptions;
  /** Milliseconds until a request without an answer is given up; default 60,000, Okta's published limit. */
  readonly timeoutMs?: number;
  /** Waits before a request is sent again; default: really. Tests hand in one that returns at once. */
  readonly wait?: (milliseconds: number) => Promise<void>;
  /** Hears of each request that was answered, with its headers, the token among them. */
  readonly onExchange?: (exchange: Exchange) => void;
  /** Headers that the administrator added. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Goes on from there; dialect, seed and sizes must be those that it was saved with. */
  readonly state?: SimulatorState;
}

/** What an administrator would find in the provider's log. */
export interface Problem {
  readonly task: string;
  readonly message: string;
  /** HTTP status, 0 when there was none. */
  readonly status: number;
}

/** What one cycle sent, and what the provider's log would say of it. */
export interface Report extends Readonly<Counters> {
  readonly tasks: number;
  readonly problems: readonly Problem[];
  /** Whether the provider stopped, because it may not come in (401, 403). */
  readonly isStopped: boolean;
}

/** All that has to be kept to go on in another process. */
export interface SimulatorState {
  readonly format: 'rollcall.simulator.state/1';
  readonly dialect: DialectName;
  readonly seed: number;
  readonly people: number;
  readonly groups: number;
  readonly days: number;
  readonly domain: string;
  readonly daysDone: number;
  readonly belief: SavedBelief;
}

/** What a population and its week are drawn from. */
export type Sizes = Pick<SimulatorState, 'format' | 'seed' | 'people' | 'groups' | 'days' | 'domain'>;

export function sizesOf({
  seed = 1,
  people = 300,
  groups = 20,
  days = 5,
  domain = 'acme.example',
}: Partial<Sizes>): Sizes {
  return { format: 'rollcall.simulator.state/1', seed, people, groups, days, domain };
}

/** @throws {RangeError} when the state is of another dialect or was saved with other sizes. */
export function checkState(dialect: DialectName, sizes: Sizes, state: SimulatorState | undefined): void {
  if (state === undefined) return;
  const isSame = JSON.stringify(sizesOf(state)) === JSON.stringify(sizes) && state.dialect === dialect;
  if (!isSame)
    throw new RangeError(
      `The state is of ${state.dialect}, seed ${state.seed}, ${state.people} people, ${state.groups} groups, ${state.days} days.`,
    );
}
