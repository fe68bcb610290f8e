import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { workosEvents } from '@rollcall/server';
import { sqlite } from '../../support/stores.js';
import { TestService } from '../support.js';
import { installed, nodeOf } from './sdk/installed.js';
import { Consumer, type Shown } from './support.js';

const PEOPLE = 2_000;
const ROWS = Array.from(
  { length: PEOPLE },
  (_, n) => `E${10_000 + n};Zoë${n};Ünal;p${n}@acme.example;Research;Active;2020-01-06;`,
);
const SECRET = 'whsec_Zm9v';
/** Older than the tolerance of the SDK, three minutes. */
const LATE_MS = 200_000;

/** What stands in each SDK differs: raw bodies of webhooks from 9.3.1 on, request ids again in 10. */
const SDKS = [
  { version: '7.82.0', node: 20, takesRaw: false, tellsRequest: false, tellsCode: false },
  { version: '8.13.0', node: 20, takesRaw: false, tellsRequest: false, tellsCode: false },
  { version: '9.3.1', node: 22, takesRaw: true, tellsRequest: false, tellsCode: true },
  { version: '11.0.0', node: 22, takesRaw: true, tellsRequest: true, tellsCode: true },
] as const;

type Sdk = (typeof SDKS)[number];
type SeenError = Readonly<Record<'name' | 'message' | 'code' | 'requestID', string>> & { status: number };
type SeenWebhook = Readonly<Record<string, string>>;

/** What the program prints. */
interface Seen {
  node: string;
  directories: Shown[];
  directory: Shown;
  firstPage: number;
  users: string[];
  limited: string[];
  user: Shown & { groups: Shown[] };
  groups: Shown[];
  members: string[];
  group: Shown;
  created: string[];
  others: (Shown & { data: Shown })[];
  errors: Record<'absent' | 'unprocessable' | 'badRequest' | 'unauthorized' | 'forbidden' | 'portal', SeenError>;
  webhook: Record<'parsed' | 'raw' | 'bytes' | 'altered' | 'late', SeenWebhook>;
}

const script = path.join(import.meta.dirname, '../../../server/workos/sdk/consumer.mjs');

describe('server/workos/sdk: the official SDK, as npm installs it, in a process of its own', function () {
  // Each pauses 350 ms before each of twenty pages.
  this.timeout(180_000);
  let service: TestService;
  let consumer: Consumer;
  let ada: Shown;
  let users: string[];
  let body: string;
  const seen = new Map<string, Promise<Seen>>();

  before(async () => {
    service = await TestService.open(sqlite, {
      arrange: async (project) => project.hr('2026-03-09', [(await adaRow(project)) ?? '', ...ROWS]),
    });
    consumer = new Consumer(service, await service.key());
    users = (await consumer.all('/directory_users?directory=directory_acme', 100)).map(({ id }) => id);
    const [found] = (await consumer.list('/directory_users?directory=directory_acme&email=ada@acme.example')).data;
    ada = found ?? { id: '' };
    const events = await (await service.rollcall.reading('acme')).events({ type: 'user.created', limit: 1_000 });
    const texts = await workosEvents(service.rollcall)('acme', events.items);
    body = texts.find((one) => one?.includes('Zoë1"') === true) ?? '';
    for (const sdk of SDKS) {
      const running = runConsumer(sdk, inputFor());
      running.catch(() => undefined);
      seen.set(sdk.version, running);
    }
  });
  after(() => service.close());

  async function adaRow(project: { read(file: string): Promise<string> }): Promise<string | undefined> {
    return (await project.read('inbox/hr/hr-2026-03-09.csv')).split('\n').find((row) => row.includes('Ada'));
  }

  function inputFor(): object {
    const header = (at: number): string =>
      `t=${at}, v1=${createHmac('sha256', SECRET).update(`${at}.${body}`).digest('hex')}`;
    return {
      ...{ hostname: '127.0.0.1', port: service.port, token: consumer.token },
      ...{ directory: 'directory_acme', user: ada.id, group: (ada.groups as Shown[])[0]?.id },
      webhook: { body, secret: SECRET, sigHeader: header(Date.now()), lateHeader: header(Date.now() - LATE_MS) },
    };
  }

  for (const sdk of SDKS) {
    describe(`${sdk.version} on Node ${sdk.node}`, () => {
      let got: Seen;
      before(async () => {
        const running = seen.get(sdk.version);
        if (running === undefined) throw new Error(`${sdk.version} was not started.`);
        got = await running;
      });

      it('pages through everybody once', () => {
        expect(Number(got.node.slice(1).split('.')[0])).to.be.at.least(sdk.node);
        expect(users).to.have.length(PEOPLE + 3);
        expect(got.firstPage).to.equal(10);
        expect(got.users).to.deep.equal(users);
        expect(got.limited).to.deep.equal(users.slice(0, 3));
      });

      it('reads directories, people and groups', () => {
        expect(got.directories).to.deep.equal([got.directory]);
        // The SDK has a word of its own for what the API calls linked.
        expect(got.directory).to.include({ id: 'directory_acme', organizationId: 'org_acme', state: 'active' });
        expect(got.user).to.include({
          id: ada.id,
          idpId: '9001',
          firstName: 'Ada',
          lastName: 'Lovelace',
          state: 'active',
        });
        expect(got.user).to.deep.include({
          rawAttributes: ada.raw_attributes,
          customAttributes: ada.custom_attributes,
        });
        const names = (groups: readonly Shown[]): unknown[] => groups.map(({ name }) => name).sort();
        expect(names(got.user.groups)).to.deep.equal(['admins', 'vpn']);
        expect(names(got.groups)).to.deep.equal(['admins', 'vpn']);
        expect(got.groups.map(({ id }) => id)).to.include(got.group.id);
        expect(got.group).to.include({ directoryId: 'directory_acme', organizationId: 'org_acme' });
        expect(got.members).to.include(ada.id);
      });

      it('reads events to their end', () => {
        expect([...got.created].sort()).to.deep.equal([...users].sort());
        const kinds = got.others.map(({ event }) => event);
        expect(kinds.filter((kind) => kind === 'dsync.group.created')).to.have.length(2);
        expect(kinds.filter((kind) => kind === 'dsync.group.user_added')).to.have.length(4);
        const updated = got.others.find(({ event, data }) => event === 'dsync.user.updated' && data.id === ada.id);
        expect(updated?.data).to.have.property('previousAttributes');
        expect(updated?.createdAt).to.equal('2026-03-09T08:00:00.000Z');
        const added = got.others.find(({ event }) => event === 'dsync.group.user_added');
        expect(added?.data).to.have.nested.property('user.idpId');
        expect(added?.data).to.have.nested.property('group.name');
      });

      it('throws what an app expects', () => {
        const { absent, unprocessable, badRequest, unauthorized, forbidden, portal } = got.errors;
        expect(absent).to.include({ name: 'NotFoundException', status: 404 });
        expect(absent.message).to.equal("Directory User not found: 'directory_user_absent'.");
        expect(absent.code).to.equal('entity_not_found');
        expect(unprocessable).to.include({ name: 'UnprocessableEntityException', status: 422 });
        expect(unprocessable.message).to.contain('limit_must_be_a_whole_number_from_1_to_100');
        expect(badRequest).to.include({ name: 'BadRequestException', status: 400 });
        expect(unauthorized).to.include({ name: 'UnauthorizedException', status: 401 });
        expect(forbidden.status).to.equal(403);
        expect(forbidden.message).to.contain('tenant file');
        if (sdk.tellsCode) expect(forbidden.code).to.equal('directory_is_configured_elsewhere');
        expect(portal).to.include({ name: 'NotFoundException', status: 404, code: 'not_served_by_rollcall' });
        if (sdk.tellsRequest) expect(absent.requestID).to.match(/^[\w-]{10,}$/);
      });

      it('verifies a webhook with the body of the event, and no other', () => {
        const good = { id: (JSON.parse(body) as Shown).id, event: 'dsync.user.created', firstName: 'Zoë1' };
        const refused = { error: 'SignatureVerificationException' };
        expect(got.webhook.parsed).to.deep.equal(good);
        expect(got.webhook.raw).to.deep.equal(sdk.takesRaw ? good : refused);
        expect(got.webhook.bytes).to.deep.equal(sdk.takesRaw ? good : refused);
        expect(got.webhook.altered).to.deep.equal(refused);
        expect(got.webhook.late).to.deep.equal(refused);
      });
    });
  }
});

/** Runs the program on the SDK, and reads what it printed. */
async function runConsumer(sdk: Sdk, input: object): Promise<Seen> {
  const folder = await installed('@workos-inc/node', sdk.version);
  const node = await nodeOf(sdk.node);
  const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };
  const child = spawn(node, [script], { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(JSON.stringify(input));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [output, complaints, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0) throw new Error(`${sdk.version} on Node ${sdk.node} ended with ${String(code)}: ${complaints}`);
  return JSON.parse(output) as Seen;
}
