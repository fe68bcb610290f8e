import net from 'node:net';
import type SftpClient from 'ssh2-sftp-client';
import { HostKeyPins, KEY_FAMILIES, type KeyFamily } from './host-key.js';
import type { SftpSettings } from './settings.js';
import { sftpError, silent, strangeHostKey, unreadableKey } from './sftp-errors.js';

interface Live {
  client: SftpClient;
  socket: net.Socket;
}

/** One connection, made when it is first needed and again after it broke. */
export class SftpSession {
  readonly #settings: SftpSettings;
  #live: Live | undefined;

  constructor(settings: SftpSettings) {
    this.#settings = settings;
  }

  /**
   * Runs a call. It ends, too, when the signal fires or when the server is silent for too long: a stalled SFTP server
   * never answers and never closes. A call that goes on for long calls `touch` whenever it gets something.
   */
  async run<T>(
    about: string | undefined,
    signal: AbortSignal,
    call: (client: SftpClient, touch: () => void) => Promise<T>,
  ): Promise<T> {
    try {
      const { client } = (this.#live ??= await this.#connect(signal));
      return await this.#guard(signal, this.#live.socket, (touch) => call(client, touch));
    } catch (error) {
      signal.throwIfAborted();
      throw sftpError(error, this.#settings, about);
    }
  }

  async close(): Promise<void> {
    const live = this.#live;
    this.#live = undefined;
    if (live === undefined) return;
    const closed = new Promise<void>((resolve) => live.socket.once('close', resolve));
    live.client.end().catch(() => undefined);
    live.socket.end().destroySoon();
    if (!live.socket.destroyed) await closed;
  }

  /** Waits for `start`, but neither beyond the signal nor beyond a silence. */
  async #guard<T>(signal: AbortSignal, socket: net.Socket, start: (touch: () => void) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    let timer: NodeJS.Timeout | undefined;
    let onAbort: (() => void) | undefined;
    const stopped = new Promise<never>((_, reject) => {
      const stop = (error: Error): void => {
        if (this.#live?.socket === socket) this.#live = undefined;
        reject(error);
        socket.destroy();
      };
      timer = setTimeout(() => {
        stop(silent(this.#settings));
      }, this.#settings.timeoutMs);
      onAbort = () => {
        stop(signal.reason as Error);
      };
      signal.addEventListener('abort', onAbort);
    });
    try {
      return await Promise.race([start(() => timer?.refresh()), stopped]);
    } finally {
      clearTimeout(timer);
      if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
    }
  }

  /** A server has several host keys and shows one: where that is not pinned, it is asked for its others. */
  async #connect(signal: AbortSignal): Promise<Live> {
    const pins = new HostKeyPins(this.#settings.hostKeys);
    const first = await this.#tryConnect(pins, undefined, signal);
    if (first !== undefined) return first;
    for (const family of pins.unseen) {
      const live = await this.#tryConnect(pins, family, signal);
      if (live !== undefined) return live;
    }
    throw strangeHostKey(this.#settings, pins.strange);
  }

  /** Undefined when the host key is not pinned, or the server has none of the family. */
  async #tryConnect(pins: HostKeyPins, family: KeyFamily | undefined, signal: AbortSignal): Promise<Live | undefined> {
    const socket = new net.Socket();
    const verdict = { isPinned: true };
    const isPinned = (key: Buffer): boolean => (verdict.isPinned = pins.isPinned(key));
    try {
      return await this.#guard(signal, socket, async (touch) => {
        await connectSocket(socket, this.#settings);
        touch();
        return { socket, client: await this.#login(socket, isPinned, family) };
      });
    } catch (error) {
      socket.destroy();
      if (!verdict.isPinned || /no matching host key/i.test(String(error))) return undefined;
      throw error;
    }
  }

  async #login(socket: net.Socket, hostVerifier: (key: Buffer) => boolean, family?: KeyFamily): Promise<SftpClient> {
    const { host, port, user, password, privateKey, passphrase, timeoutMs } = this.#settings;
    // Without listeners of ours it prints to the console.
    const forget = (): void => {
      if (this.#live?.socket === socket) this.#live = undefined;
    };
    // Loaded here: whoever reads a folder of this machine does not wait for it.
    const { default: Client } = await import('ssh2-sftp-client');
    const client = new Client('rollcall', { error: forget, end: forget, close: forget });
    if (password !== undefined) answerPrompts(client, password);
    const login = client.connect({
      sock: socket,
      host,
      port,
      username: user,
      ...(password !== undefined && { password, tryKeyboard: true }),
      ...(privateKey !== undefined && { privateKey: `${privateKey.trim()}\n` }),
      ...(passphrase !== undefined && { passphrase }),
      hostVerifier,
      ...(family !== undefined && { algorithms: { serverHostKey: [...KEY_FAMILIES[family]] } }),
      readyTimeout: timeoutMs,
      keepaliveInterval: 10_000,
      keepaliveCountMax: 3,
    });
    await login.catch((error: unknown) => {
      throw /privateKey|passphrase/i.test(String(error)) ? unreadableKey(error) : error;
    });
    return client;
  }
}

function connectSocket(socket: net.Socket, { host, port }: SftpSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject).once('close', () => {
      reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    });
    socket.connect({ host, port, noDelay: true }, () => {
      resolve();
    });
  });
}

/** Some servers ask for the password in words; a question for a second factor, then or later, is left unanswered. */
function answerPrompts(client: SftpClient, password: string): void {
  let isGiven = false;
  client.on(
    'keyboard-interactive',
    (_name: string, _text: string, _language: string, prompts: unknown[], finish: (answers: string[]) => void) => {
      const isQuestion = prompts.length === 1 && !isGiven;
      isGiven ||= isQuestion;
      finish(isQuestion ? [password] : []);
    },
  );
}
