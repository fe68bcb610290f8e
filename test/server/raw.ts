import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection that speaks whatever it is told to. */
export class RawConnection {
  readonly #socket: Socket;
  #heard = '';
  readonly closed: Promise<void>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1').on('data', (text: string) => {
      this.#heard += text;
    });
    // Resets are what some of the tests provoke.
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        resolve();
      });
    });
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  get heard(): string {
    return this.#heard;
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  /** Writes; waits until the other side has room again. */
  async write(bytes: string | Buffer): Promise<boolean> {
    if (!this.#socket.writable) return false;
    if (!this.#socket.write(bytes))
      await Promise.race([once(this.#socket, 'drain').catch(() => undefined), this.closed]);
    return this.#socket.writable;
  }

  /** Waits until that was heard. */
  async hears(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.#heard)) {
      const more = once(this.#socket, 'data').then(
        () => true,
        () => this.closed.then(() => false),
      );
      const isMore = await Promise.race([more, this.closed.then(() => false)]);
      if (!isMore && !pattern.test(this.#heard)) throw new Error(`Closed after: ${this.#heard.slice(0, 500)}`);
    }
    return this.#heard;
  }

  /** The problem that was answered. */
  problem(): { status: number; code: string; requestId: string } {
    const [, body = '{}'] = this.#heard.split('\r\n\r\n');
    return JSON.parse(body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1)) as never;
  }

  end(): void {
    this.#socket.destroy();
  }
}
