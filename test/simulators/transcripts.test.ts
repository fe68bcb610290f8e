import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { parse, stringify } from 'yaml';
import {
  createSimulator,
  type Change,
  type DialectName,
  type Simulator,
  type SimulatorOptions,
} from '#simulators/index.js';
import { ada, adaMarried, guest, hire, linus, olga, vpn } from './support/cast.js';
import { ScriptedEndpoint, type Entry } from './support/scripted-endpoint.js';
import { ServiceProvider, token, type ServiceProviderOptions } from './support/service-provider.js';

const folder = fileURLToPath(new URL('../../simulators/transcripts/', import.meta.url));
const isRecording = process.env.UPDATE_GOLDENS === '1';

interface Style {
  readonly name: string;
  readonly dialect: DialectName;
  readonly settings?: SimulatorOptions['settings'];
  readonly query?: string;
  /** The server that a recording asks. */
  readonly server?: ServiceProviderOptions;
}

const styles: readonly Style[] = [
  { name: 'okta-oin', dialect: 'okta' },
  { name: 'okta-aiw', dialect: 'okta', settings: { style: 'aiw', profile: 'extended', authorization: 'bearer' } },
  { name: 'entra', dialect: 'entra' },
  { name: 'entra-compliant', dialect: 'entra', query: '?aadOptscim062020', settings: { externalId: 'objectId' } },
  { name: 'entra-manager-reference', dialect: 'entra', settings: { manager: 'reference' } },
  { name: 'jumpcloud', dialect: 'jumpcloud' },
  {
    name: 'jumpcloud-minimal',
    dialect: 'jumpcloud',
    settings: { put: 'minimal', groups: 'put' },
    server: { putKeeps: true },
  },
  { name: 'jumpcloud-status-patch', dialect: 'jumpcloud', settings: { status: 'patch', removal: 'deactivate' } },
  { name: 'onelogin', dialect: 'onelogin' },
  {
    name: 'onelogin-1.1',
    dialect: 'onelogin',
    settings: { connector: '1.1', template: 'recommended', deletion: 'suspend' },
  },
  { name: 'rippling', dialect: 'rippling' },
  { name: 'rippling-put', dialect: 'rippling', settings: { users: 'put', groups: 'put', termination: 'delete' } },
];

function changes(...list: Change[]): (simulator: Simulator) => Promise<unknown> {
  return (simulator) => simulator.apply(list);
}

/** What happens, in this order; a step goes on from where the one before left the provider. */
const steps: readonly { readonly name: string; readonly run: (simulator: Simulator) => Promise<unknown> }[] = [
  { name: '01-connection-test', run: (simulator) => simulator.testConnection() },
  { name: '02-create', run: changes(hire(ada)) },
  { name: '03-create-who-is-there', run: changes(hire(linus)) },
  { name: '04-create-without-mailbox', run: changes(hire(olga)) },
  { name: '05-create-guest', run: changes(hire(guest)) },
  { name: '06-update', run: changes({ kind: 'profile', person: adaMarried }) },
  {
    name: '06b-update-that-clears',
    run: changes({ kind: 'profile', person: { ...linus, manager: null, department: null, title: 'Counsel' } }),
  },
  { name: '07-push-group', run: changes(vpn) },
  { name: '08-members', run: changes({ kind: 'members', group: 'vpn', add: ['linus'], remove: ['ada'] }) },
  { name: '09-rename-group', run: changes({ kind: 'rename-group', group: 'vpn', name: 'VPN 研究' }) },
  { name: '10-deactivate', run: changes({ kind: 'deactivate', person: 'olga', because: 'left' }) },
  { name: '11-members-with-one-inactive', run: changes({ kind: 'members', group: 'vpn', add: ['ada'], remove: [] }) },
  { name: '12-reactivate', run: changes({ kind: 'reactivate', person: 'olga' }) },
  { name: '13-push-now', run: (simulator) => simulator.pushMembers('vpn') },
  { name: '14-read-back', run: async (simulator) => expect(await simulator.compare()).to.deep.equal([]) },
  {
    name: '15-delete',
    run: async (simulator) => {
      await simulator.apply([{ kind: 'deactivate', person: 'linus', because: 'left' }]);
      await simulator.apply([{ kind: 'delete', person: 'linus' }]);
    },
  },
  { name: '16-delete-group', run: changes({ kind: 'delete-group', group: 'vpn' }) },
];

describe('simulators: transcripts', () => {
  for (const style of styles)
    describe(style.name, () => {
      const endpoint = new ScriptedEndpoint();
      const behind = new ServiceProvider(style.server);
      let simulator: Simulator;

      before(async () => {
        const origin = await behind.start();
        if (isRecording) endpoint.record(origin);
        behind.resources.create('Users', { userName: 'LINUS@acme.example', displayName: 'Linus from before' });
        const baseUrl = `${await endpoint.start()}${style.query ?? ''}`;
        const settings = style.settings === undefined ? {} : { settings: style.settings };
        simulator = createSimulator(style.dialect, {
          baseUrl,
          token,
          seed: 3,
          people: 0,
          groups: 0,
          concurrency: 1,
          ...settings,
        });
      });

      after(async () => {
        simulator.close();
        await endpoint.stop();
        await behind.stop();
      });

      for (const { name, run } of steps)
        it(`sends ${name} as it is written down`, async () => {
          const place = path.join(folder, style.name, `${name}.yaml`);
          const written = isRecording ? [] : entriesIn(place);
          if (isRecording) endpoint.entries.length = 0;
          else endpoint.script(written);
          await run(simulator);
          const port = new RegExp(`http://127\\.0\\.0\\.1:\\d+`, 'g');
          const sent = JSON.parse(JSON.stringify(endpoint.entries).replaceAll(port, 'http://server')) as Entry[];
          if (isRecording) record(place, sent);
          else expect(sent).to.deep.equal(written);
          expect(simulator.problems).to.deep.equal([]);
        });

      it('has no file without a step', () => {
        expect(readdirSync(path.join(folder, style.name)).sort()).to.deep.equal(
          steps.map(({ name }) => `${name}.yaml`),
        );
      });
    });
});

function entriesIn(place: string): Entry[] {
  if (!existsSync(place)) throw new Error(`There is no transcript ${place}; UPDATE_GOLDENS=1 records it.`);
  return parse(readFileSync(place, 'utf8')) as Entry[];
}

function record(place: string, entries: readonly Entry[]): void {
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, stringify(entries, { lineWidth: 0 }));
}
