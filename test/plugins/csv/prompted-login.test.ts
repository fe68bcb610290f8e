import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '@rollcall/connector-kit';
import { expect } from 'chai';
import ssh2 from 'ssh2';
import { fingerprintOf } from '#csv/host-key.js';
import { errorOf, makeProject, openConnector, readAll, type TestProject } from './csv-directory.js';

/** A server that asks for passwords in words, as those do that leave logins to PAM; OpenSSH does so with PAM alone. */
describe('plugins/csv: a login that is asked for in words', () => {
  let project: TestProject;
  let server: ssh2.Server;
  let from: JsonObject;
  let answers: string[][];
  let questions: ssh2.Prompt[];
  let asksForMore: boolean;

  beforeEach(async () => {
    project = makeProject();
    answers = [];
    asksForMore = false;
    questions = [{ prompt: 'Password: ', echo: false }];
    const key = ssh2.utils.generateKeyPairSync('ed25519');
    const publicKey = ssh2.utils.parseKey(key.public);
    if (publicKey instanceof Error) throw publicKey;
    server = new ssh2.Server({ hostKeys: [key.private] }, (client) => {
      client.on('error', () => undefined);
      client.on('authentication', (login) => {
        if (login.method !== 'keyboard-interactive') {
          login.reject(['keyboard-interactive']);
          return;
        }
        login.prompt(questions, (given) => {
          answers.push(given);
          if (asksForMore) {
            login.prompt([{ prompt: 'Code: ', echo: false }], (more) => {
              answers.push(more);
              login.reject();
            });
          } else if (given[0] === 'secret') {
            login.accept();
          } else {
            login.reject();
          }
        });
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const hostKey = fingerprintOf(publicKey.getPublicSSH());
    from = { sftp: { host: '127.0.0.1', port, user: 'acme', password: 'secret', hostKey, folder: 'in' } };
  });

  afterEach(async () => {
    server.close();
    await once(server, 'close');
    project.remove();
  });

  it('answers with the password', async () => {
    const { connector } = openConnector(project, { from });
    const error = await errorOf(() => readAll(connector));
    await connector.close();
    expect(answers).to.deep.equal([['secret']]);
    // The login went through; this server has no files.
    expect(error).to.include({ code: 'RC_SOURCE_UNAVAILABLE' });
  });

  it('does not answer a second question with the password', async () => {
    asksForMore = true;
    const { connector } = openConnector(project, { from });
    const error = await errorOf(() => readAll(connector));
    await connector.close();
    expect(answers).to.deep.equal([['secret'], []]);
    expect(error).to.include({ code: 'RC_AUTHENTICATION_FAILED', exitCode: 69 });
  });

  it('does not answer a question for a second factor with the password', async () => {
    questions = [
      { prompt: 'Password: ', echo: false },
      { prompt: 'Code: ', echo: false },
    ];
    const { connector } = openConnector(project, { from });
    const error = await errorOf(() => readAll(connector));
    await connector.close();
    expect(answers.flat()).not.to.include('secret');
    expect(error).to.include({ code: 'RC_AUTHENTICATION_FAILED', exitCode: 69 });
  });
});
