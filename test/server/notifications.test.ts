import { randomBytes } from 'node:crypto';
import { createServer, type Limits, type RollcallServer } from '@rollcall/server';
import { expect } from 'chai';
import { PersonnelProject } from '../support/personnel-project.js';
import { signed, type SignedNotification } from '../support/personnel-source.js';
import { onBothStores } from '../support/stores.js';

const MINUTE = 60_000;

onBothStores('notifications over HTTP', (kind) => {
  let project: PersonnelProject;
  let server: RollcallServer;
  let url: string;
  const log: string[] = [];

  async function start(limits: Partial<Limits> = {}): Promise<void> {
    server = await createServer({
      rollcall: project.rollcall,
      secretKey: randomBytes(32),
      log: { write: (line) => log.push(line) },
      limits,
    });
    url = `${await server.listen({ host: '127.0.0.1', port: 0 })}/notifications`;
  }

  beforeEach(async () => {
    log.length = 0;
    project = await PersonnelProject.create(kind);
    for (const id of ['ada', 'alan']) project.source.put({ id });
    await project.pass(0);
    await start();
  });

  afterEach(async () => {
    await server.drain();
    await project.close();
  });

  async function send(
    { body, headers }: { body: string | Buffer; headers: Record<string, string> },
    directory?: string,
  ): Promise<{ status: number; text: string }> {
    const response = await fetch(`${url}/${directory ?? (await project.directoryId())}`, {
      method: 'POST',
      headers,
      body,
    });
    return { status: response.status, text: await response.text() };
  }

  /** What every refusal says, its request id left out. */
  const refusal = async (sent: SignedNotification, directory?: string): Promise<Record<string, unknown>> => {
    const { text } = await send(sent, directory);
    return { ...(JSON.parse(text) as Record<string, unknown>), requestId: 'another each time' };
  };

  const stored = async (): Promise<number[]> => [
    (await project.rows('notification')).length,
    (await project.rows('wanted_read')).length,
  ];

  it('stores what it takes before it answers, and reads it', async () => {
    project.source.put({ id: 'alan', works: false });
    expect(await send(project.source.tell('alan', project.now))).to.deep.equal({ status: 202, text: '' });
    expect(await stored()).to.deep.equal([1, 1]);
    await project.pass(0);
    expect((await project.user('alan'))?.active).to.equal(false);
    expect(await stored()).to.deep.equal([1, 0]);
  });

  it('takes one that comes twice once', async () => {
    const told = project.source.tell('alan', project.now);
    const answers = await Promise.all([send(told), send(told), send(told)]);
    expect(answers.map(({ status }) => status)).to.deep.equal([202, 202, 202]);
    expect(await stored()).to.deep.equal([1, 1]);
  });

  it('echoes the challenge by which a source makes sure of an address', async () => {
    const response = await fetch(`${url}/${await project.directoryId()}?challenge=a%20b`);
    expect([response.status, response.headers.get('content-type'), await response.text()]).to.deep.equal([
      200,
      'text/plain',
      'a b',
    ]);
    expect(await stored()).to.deep.equal([0, 0]);
  });

  it('answers alike to an unknown directory, a wrong signature, altered bytes and a time that is not now', async () => {
    const good = project.source.tell('alan', project.now);
    const body = JSON.stringify({ receipt: 'n-9', id: 'alan' });
    const refusals = [
      await refusal(good, 'dir-00000000000000000000000000'),
      await refusal(good, 'staff'),
      await refusal(signed(body, project.now, 'another key')),
      await refusal({ ...good, body: good.body.replace('alan', 'ada') }),
      await refusal(signed(body, new Date(project.now.getTime() - 6 * MINUTE))),
      await refusal(signed(body, new Date(project.now.getTime() + 6 * MINUTE))),
      await refusal({ body: '', headers: {} }),
      await refusal({ body, headers: { 'x-signature': 'ü', 'x-time': 'never' } }),
      await refusal(signed('no JSON', project.now)),
    ];
    for (const problem of refusals) expect(problem).to.deep.equal(refusals[0]);
    expect(refusals[0]).to.include({ status: 401, code: 'RC_NOTIFICATION_REFUSED' });
    expect(await stored()).to.deep.equal([0, 0]);
    const metrics = await (await fetch(new URL('/metrics', url))).text();
    expect(metrics).to.include('rollcall_notifications_total{result="refused"} 9');
  });

  it('is closed for a directory that takes no part, and for the directory of another tenant', async () => {
    await project.write({ tenant: 'bravo' });
    await project.apply();
    const other = await project.directoryId('bravo');
    expect(other).to.not.equal(await project.directoryId());
    await project.write({ mode: 'draft' });
    await project.apply();
    expect((await send(project.source.tell('alan', project.now))).status).to.equal(401);
    expect(await stored()).to.deep.equal([0, 0]);
    await project.tell('ada');
    expect((await send(project.source.tell('alan', project.now), other)).status).to.equal(202);
    expect((await project.rows('wanted_read')).map((row) => row.tenant_id)).to.deep.equal(['bravo']);
  });

  it('refuses what is too large or packed before anybody looks at it', async () => {
    const large = await send(signed('x'.repeat(1_048_577), project.now));
    expect(large.status).to.equal(413);
    const packed = project.source.tell('alan', project.now);
    const answer = await send({ ...packed, headers: { ...packed.headers, 'content-encoding': 'gzip' } });
    expect(answer.status).to.equal(415);
    expect(await stored()).to.deep.equal([0, 0]);
  });

  it('takes bytes of any media type, and of none', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'text/plain; charset=latin1', '']) {
      const { body, headers } = project.source.tell('alan', project.now);
      const { 'x-time': time = '', 'x-signature': signature = '' } = headers;
      const signs = { 'x-time': time, 'x-signature': signature };
      const sent = type === '' ? signs : { ...signs, 'content-type': type };
      const answer = await send({ body: Buffer.from(body), headers: sent });
      expect(answer.status, type).to.equal(202);
    }
  });

  it('limits what one directory is told in a minute', async () => {
    await server.drain();
    await start({ notificationsPerMinute: 3 });
    const statuses: number[] = [];
    for (let n = 0; n < 5; n++) statuses.push((await send(project.source.tell('alan', project.now))).status);
    expect(statuses).to.deep.equal([202, 202, 202, 429, 429]);
  });

  it('limits those who guess', async () => {
    await server.drain();
    await start({ failuresPerMinute: 2 });
    const bad = signed('{}', project.now, 'another key');
    const statuses: number[] = [];
    for (let n = 0; n < 4; n++) statuses.push((await send(bad)).status);
    expect(statuses).to.deep.equal([401, 401, 429, 429]);
  });

  it('logs neither who it is about nor a signature', async () => {
    const told = project.source.tell('alan', project.now);
    await send(told);
    await send({ ...told, headers: { ...told.headers, 'x-signature': 'beef' } });
    const text = log.join('\n');
    for (const secret of ['alan', told.headers['x-signature'] ?? '']) expect(text).to.not.include(secret);
  });
});
