import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A bad line to a server: it passes bytes on until it has had enough. */
export interface BadLine {
  readonly port: number;
  /** Connections made so far. */
  connections(): number;
  /** Settles when the line has had enough for the first time. */
  readonly isBad: Promise<void>;
  close(): Promise<void>;
}

/**
 * After `afterBytes` from the server the line falls silent (`stall`), breaks (`cut`), or something happens once elsewhere
 * while it goes on.
 */
export async function openBadLine(
  targetPort: number,
  how: 'stall' | 'cut' | (() => void),
  afterBytes: number,
): Promise<BadLine> {
  let turnBad: () => void = () => undefined;
  const isBad = new Promise<void>((resolve) => {
    turnBad = () => {
      if (typeof how === 'function') how();
      turnBad = () => undefined;
      resolve();
    };
  });
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((client) => {
    connections++;
    const target = connect(targetPort, '127.0.0.1');
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    client.pipe(target);
    client.on('close', () => target.destroy());
    let passed = 0;
    target.on('data', (bytes: Buffer) => {
      passed += bytes.length;
      if (passed >= afterBytes) turnBad();
      if (passed < afterBytes || typeof how === 'function') client.write(bytes);
      else if (how === 'cut') client.destroy();
      else target.pause();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    isBad,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
