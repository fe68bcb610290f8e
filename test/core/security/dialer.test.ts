import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { Dialer, type DialerOptions } from '#core/security/dialer.js';
import { Receiver } from '../../support/receiver.js';

const REQUEST = { headers: { 'content-type': 'application/json' }, body: '{}' };
const NEVER = new AbortController().signal;
const LOOPBACK = [{ address: '127.0.0.1', family: 4 }];

/** A certificate for `app.example`, signed by itself. */
async function certificate(): Promise<{ key: string; cert: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-tls-'));
  try {
    const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
    const words = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=app.example`;
    const names = ['-addext', 'subjectAltName=DNS:app.example', '-keyout', key, '-out', cert];
    await promisify(execFile)('openssl', [...words.split(' '), ...names]);
    return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('core/security/dialer', () => {
  let receiver: Receiver;
  const dialers: Dialer[] = [];

  const dialer = (options: DialerOptions = {}): Dialer => {
    const made = new Dialer({ allowedHosts: ['127.0.0.1'], ...options });
    dialers.push(made);
    return made;
  };

  beforeEach(async () => {
    receiver = await Receiver.open();
  });
  afterEach(async () => {
    for (const made of dialers.splice(0)) await made.close();
    await receiver[Symbol.asyncDispose]();
  });

  it('posts, and answers status, Retry-After and the beginning of the body', async () => {
    receiver.answer = (_received, response) => {
      response.writeHead(503, { 'retry-after': '7' }).end('later');
      return undefined;
    };
    const dialed = await dialer().post(receiver.url('/a?b=1'), { ...REQUEST, body: '{"é":1}' }, NEVER);
    expect(dialed).to.deep.equal({ answer: { status: 503, retryAfter: '7', body: 'later' }, failure: null });
    expect(receiver.received).to.have.length(1);
    expect(receiver.received[0]).to.include({ method: 'POST', path: '/a?b=1', body: '{"é":1}' });
  });

  it('follows no redirect', async () => {
    receiver.answer = ({ path: place }, response) => {
      if (place === '/followed') return 200;
      response.writeHead(302, { location: place === '/meta' ? 'http://169.254.169.254/latest' : '/followed' }).end();
      return undefined;
    };
    for (const place of ['/meta', '/other']) {
      const { answer } = await dialer().post(receiver.url(place), REQUEST, NEVER);
      expect(answer?.status).to.equal(302);
    }
    expect(receiver.received.map(({ path: place }) => place)).to.deep.equal(['/meta', '/other']);
  });

  it('asks a name once a connection, judges every address, and connects to one of those', async () => {
    const asked: string[] = [];
    const answers = [LOOPBACK, [{ address: '8.8.8.8', family: 4 }, ...LOOPBACK]];
    const lookup: NonNullable<DialerOptions['lookup']> = (host) => {
      asked.push(host);
      return Promise.resolve(answers[asked.length - 1] ?? [{ address: '127.0.0.1', family: 4 }]);
    };
    // Answers that change: what is judged is what would be connected to, for there is no second question.
    const url = `https://app.example:8443/hooks`;
    for (const wanted of ['forbiddenAddress', 'forbiddenAddress'])
      expect((await dialer({ lookup }).post(url, REQUEST, NEVER)).failure).to.equal(wanted);
    expect(asked).to.deep.equal(['app.example', 'app.example']);
    const allowed = dialer({ lookup: () => Promise.resolve(LOOPBACK), allowedHosts: ['hooks.internal'] });
    const { answer } = await allowed.post(`http://hooks.internal:${receiver.port}/`, REQUEST, NEVER);
    expect(answer?.status).to.equal(204);
    expect(receiver.received[0]?.headers.host).to.equal(`hooks.internal:${receiver.port}`);
  });

  it('judges again for each new connection: a name that pointed elsewhere first gets no second request', async () => {
    const answers = ['127.0.0.1', '169.254.169.254'];
    const asked: string[] = [];
    const lookup: NonNullable<DialerOptions['lookup']> = (host) => {
      asked.push(host);
      return Promise.resolve([{ address: answers[asked.length - 1] ?? '', family: 4 }]);
    };
    receiver.answer = (_received, response) => {
      response.writeHead(500, { connection: 'close' }).end();
      return undefined;
    };
    const changing = dialer({ lookup, allowedHosts: ['hooks.internal'] });
    const url = `http://hooks.internal:${receiver.port}/`;
    expect((await changing.post(url, REQUEST, NEVER)).answer?.status).to.equal(500);
    expect(asked).to.have.length(1);
    expect((await changing.post(url, REQUEST, NEVER)).failure).to.equal('forbiddenAddress');
    expect(receiver.received).to.have.length(1);
  });

  it('refuses a metadata address behind an allowed name, and a URL that became forbidden', async () => {
    const lookup = (): Promise<{ address: string; family: number }[]> =>
      Promise.resolve([{ address: '169.254.169.254', family: 4 }]);
    const refused = await dialer({ lookup, allowedHosts: ['hooks.internal'] }).post(
      'http://hooks.internal/',
      REQUEST,
      NEVER,
    );
    expect(refused.failure).to.equal('forbiddenAddress');
    const strict = dialer({ allowedHosts: [] });
    expect((await strict.post(receiver.url(), REQUEST, NEVER)).failure).to.equal('forbiddenUrl');
    expect((await strict.post('https://127.0.0.1/', REQUEST, NEVER)).failure).to.equal('forbiddenAddress');
    expect(receiver.received).to.deep.equal([]);
  });

  it('says what kept it from an answer', async () => {
    const unresolvable = (): Promise<never> => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
    expect((await dialer({ lookup: unresolvable }).post('https://no.example/', REQUEST, NEVER)).failure).to.equal(
      'unresolvable',
    );
    const none = dialer({ lookup: () => Promise.resolve([]) });
    expect((await none.post('https://no.example/', REQUEST, NEVER)).failure).to.equal('unresolvable');
    const { port } = receiver;
    receiver.answer = (_received, response) => {
      response.destroy();
      return undefined;
    };
    expect((await dialer().post(receiver.url(), REQUEST, NEVER)).failure).to.equal('unreachable');
    await receiver[Symbol.asyncDispose]();
    expect((await dialer().post(`http://127.0.0.1:${port}/`, REQUEST, NEVER)).failure).to.equal('unreachable');
    receiver = await Receiver.open();
  });

  it('gives up on silence and on nonsense, reads no endless answer, and waits for no slow one', async () => {
    const sockets: Socket[] = [];
    const served = new Map([
      ['silent', ''],
      ['nonsense', 'SSH-2.0-OpenSSH\r\n'],
      ['endless', `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n${'x'.repeat(100_000)}`],
      ['slow', 'HTTP/1.1 400 Bad\r\nContent-Length: 100\r\n\r\nwhy'],
      ['headers', `HTTP/1.1 200 OK\r\nX-A: ${'x'.repeat(20_000)}\r\n\r\n`],
    ]);
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.once('data', (data) => {
        const [name = ''] = /[a-z]+(?= HTTP)/.exec(data.toString()) ?? [];
        socket.write(served.get(name) ?? '');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const at = (name: string): Promise<unknown> =>
      dialer({ timeouts: { connectMs: 500, answerMs: 500 } }).post(`http://127.0.0.1:${port}/${name}`, REQUEST, NEVER);
    try {
      expect(await at('silent')).to.deep.equal({ answer: null, failure: 'timeout' });
      expect(await at('nonsense')).to.deep.equal({ answer: null, failure: 'protocol' });
      expect(await at('headers')).to.deep.equal({ answer: null, failure: 'protocol' });
      expect(await at('endless'))
        .to.have.nested.property('answer.body')
        .that.has.length(16_384);
      expect(await at('slow')).to.have.nested.property('answer.body', 'why');
    } finally {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });

  it('stops where it is asked to', async () => {
    const stop = new AbortController();
    receiver.answer = () => {
      stop.abort();
      return undefined;
    };
    const dialed = await dialer().post(receiver.url(), REQUEST, stop.signal);
    expect(dialed).to.deep.equal({ answer: null, failure: 'stopped' });
    expect((await dialer().post(receiver.url(), REQUEST, stop.signal)).failure).to.equal('stopped');
    expect(receiver.received).to.have.length(1);
  });

  it('shows the name in the TLS handshake and takes no certificate that is not of it', async () => {
    const tls = await certificate();
    await using secure = await Receiver.open(tls);
    const lookup = (): Promise<typeof LOOPBACK> => Promise.resolve(LOOPBACK);
    const hosts = { lookup, allowedHosts: ['app.example', 'other.example'] };
    const to = (host: string, ca?: string): ReturnType<Dialer['post']> =>
      dialer({ ...hosts, ...(ca === undefined ? {} : { ca }) }).post(`https://${host}:${secure.port}/`, REQUEST, NEVER);
    expect((await to('app.example', tls.cert)).answer?.status).to.equal(204);
    expect((await to('other.example', tls.cert)).failure).to.equal('tls');
    expect((await to('app.example')).failure).to.equal('tls');
    expect(secure.received).to.have.length(1);
  });
});
