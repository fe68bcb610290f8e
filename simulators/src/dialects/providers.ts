import { entraRetries, oktaRetries, unpublishedRetries, type RetryRule } from '../http/retry-rules.js';
import type { Method } from '../http/scim-client.js';
import type { Order } from '../tasks/plan.js';
import type { Dialect, DialectContext } from './dialect.js';
import { Entra, type EntraSettings } from './entra.js';
import { JumpCloud, type JumpCloudSettings } from './jumpcloud.js';
import { Okta, type OktaSettings } from './okta.js';
import { OneLogin, type OneLoginSettings } from './onelogin.js';
import { Rippling, type RipplingSettings } from './rippling.js';

/** What an administrator of each provider can choose. */
export interface SettingsOf {
  okta: OktaSettings & {
    /** `header`: the token is the whole value of the authorization header, as Okta's header authentication sends it. */
    readonly authorization: 'header' | 'bearer';
  };
  entra: EntraSettings;
  jumpcloud: JumpCloudSettings;
  onelogin: OneLoginSettings;
  rippling: RipplingSettings;
}

/** `okta`, `entra`, `jumpcloud`, `onelogin` or `rippling`. */
export type DialectName = keyof SettingsOf;

/** What tells one provider from another, apart from the steps themselves. */
export interface Provider<Settings> {
  readonly title: string;
  readonly defaults: (place: { readonly baseUrl: string; readonly seed: number; readonly domain: string }) => Settings;
  /** Settings that are one of some words, for checks and for help. */
  readonly choices: Readonly<Record<string, readonly string[]>>;
  readonly headers: (method: Method, token: string, settings: Settings) => Record<string, string>;
  /** Media types that it reads. */
  readonly reads: readonly string[];
  readonly space: '%20' | '+';
  readonly retries: RetryRule;
  readonly order: Order;
  /** Resources a page when it reads everything; null: it asks for the whole list. */
  readonly pageSize: number | null;
  /** Share of people without an e-mail address. */
  readonly withoutEmail: number;
  readonly create: (context: DialectContext, settings: Settings) => Dialect;
}

const scim = 'application/scim+json';
const json = 'application/json';

function headersWith(token: string, method: Method, accept: string, type: string): Record<string, string> {
  const content = method === 'GET' || method === 'DELETE' ? {} : { 'Content-Type': `${type}; charset=utf-8` };
  return { Authorization: token, Accept: accept, ...content };
}

const okta: Provider<SettingsOf['okta']> = {
  title: 'Okta',
  defaults: () => ({ style: 'oin', profile: 'base', authorization: 'header' }),
  choices: { style: ['oin', 'aiw'], profile: ['base', 'extended'], authorization: ['header', 'bearer'] },
  headers: (method, token, { authorization }) => ({
    'User-Agent': 'Okta SCIM Client 1.0.0',
    ...headersWith(
      authorization === 'header' ? token : `Bearer ${token}`,
      method,
      scim,
      method === 'POST' ? json : scim,
    ),
  }),
  reads: [scim, json, 'text/json'],
  space: '%20',
  retries: oktaRetries,
  order: 'interleaved',
  pageSize: 100,
  withoutEmail: 0,
  create: (context, settings) => new Okta(context, settings),
};

const entra: Provider<EntraSettings> = {
  title: 'Microsoft Entra ID',
  defaults: ({ baseUrl }) => ({
    externalId: 'mailNickname',
    membersPerRequest: 20,
    manager: 'urn',
    isCompliant: new URL(baseUrl).searchParams.has('aadOptscim062020'),
  }),
  choices: { externalId: ['mailNickname', 'objectId'], manager: ['urn', 'reference'] },
  headers: (method, token) => headersWith(`Bearer ${token}`, method, scim, scim),
  reads: [scim],
  space: '+',
  retries: entraRetries,
  order: 'phases',
  pageSize: 100,
  withoutEmail: 0.05,
  create: (context, settings) => new Entra(context, settings),
};

const jumpcloud: Provider<JumpCloudSettings> = {
  title: 'JumpCloud',
  defaults: ({ seed, domain }) => ({
    put: 'full',
    status: 'put',
    groups: 'patch',
    removal: 'delete',
    testEmail: `scim-test-${seed}@${domain}`,
  }),
  choices: {
    put: ['full', 'minimal'],
    status: ['put', 'patch'],
    groups: ['patch', 'put'],
    removal: ['delete', 'deactivate'],
  },
  headers: (method, token) => headersWith(`Bearer ${token}`, method, scim, scim),
  reads: [scim, json],
  space: '%20',
  retries: unpublishedRetries,
  order: 'phases',
  pageSize: 100,
  withoutEmail: 0,
  create: (context, settings) => new JumpCloud(context, settings),
};

const onelogin: Provider<OneLoginSettings> = {
  title: 'OneLogin',
  defaults: () => ({ connector: '2.0', template: 'legacy', deletion: 'delete' }),
  choices: {
    connector: ['1.1', '2.0'],
    template: ['legacy', 'recommended'],
    deletion: ['suspend', 'delete', 'nothing'],
  },
  headers: (method, token) => headersWith(`Bearer ${token}`, method, json, json),
  reads: [json],
  space: '%20',
  retries: unpublishedRetries,
  order: 'interleaved',
  pageSize: null,
  withoutEmail: 0.05,
  create: (context, settings) => new OneLogin(context, settings),
};

const rippling: Provider<RipplingSettings> = {
  title: 'Rippling',
  defaults: () => ({ users: 'patch', groups: 'patch', termination: 'deactivate' }),
  choices: { users: ['patch', 'put'], groups: ['patch', 'put'], termination: ['deactivate', 'delete'] },
  headers: (method, token) => headersWith(`Bearer ${token}`, method, scim, scim),
  reads: [scim, json],
  space: '%20',
  retries: unpublishedRetries,
  order: 'phases',
  pageSize: 100,
  withoutEmail: 0,
  create: (context, settings) => new Rippling(context, settings),
};

export const providers: { readonly [D in DialectName]: Provider<SettingsOf[D]> } = {
  okta,
  entra,
  jumpcloud,
  onelogin,
  rippling,
};

/** The providers that can be simulated. */
export const dialectNames: readonly DialectName[] = ['okta', 'entra', 'jumpcloud', 'onelogin', 'rippling'];

export function isDialectName(name: string): name is DialectName {
  return dialectNames.some((known) => known === name);
}
