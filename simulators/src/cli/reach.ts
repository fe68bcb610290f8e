import { connect } from 'node:net';
import { CliError } from './cli-error.js';

const patienceMs = 10_000;

/** A provider would try for hours; who runs a command wants to know at once that nobody listens there. */
export async function checkReachable(address: string): Promise<void> {
  const url = new URL(address);
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const host = url.hostname.replace(/^\[|\]$/g, '');
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host, port, timeout: patienceMs });
    const fail = (why: string): void => {
      socket.destroy();
      reject(new CliError(`${url.origin} cannot be reached: ${why}.`, 69));
    };
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('timeout', () => {
      fail(`no connection within ${patienceMs / 1_000} seconds`);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      fail(error.code ?? error.message);
    });
  });
}
