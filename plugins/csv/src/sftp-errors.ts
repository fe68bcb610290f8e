import {
  AuthenticationFailed,
  HostKeyMismatch,
  isRollcallError,
  PermissionMissing,
  SettingsRejected,
  SourceUnavailable,
  type ErrorPlace,
  type RollcallError,
} from '@rollcall/connector-kit';
import type { SftpSettings } from './settings.js';

type Server = Pick<SftpSettings, 'host' | 'port' | 'user' | 'timeoutMs'>;

function placeOf({ host, port }: Server): ErrorPlace {
  return { file: `sftp://${host}:${port}` };
}

/** The server shows keys of which none is pinned. */
export function strangeHostKey(server: Server, shown: readonly string[]): HostKeyMismatch {
  return new HostKeyMismatch({
    what: `${server.host}:${server.port} shows another host key than the settings pin: ${shown.join(', ')}. No credential was sent.`,
    where: placeOf(server),
    mend: 'Ask the operator of the server for its fingerprint by another way; if it is one of these, write it under from.sftp.hostKey.',
    extra: { shown },
  });
}

/** The private key of the settings cannot be used. */
export function unreadableKey(cause: unknown): SettingsRejected {
  return new SettingsRejected({
    code: 'RC_PRIVATE_KEY_UNREADABLE',
    what: 'The private key of the SFTP server cannot be read: its form is unknown, or its passphrase is missing or wrong.',
    mend: 'Check the references from.sftp.privateKey and from.sftp.passphrase; the key must be in OpenSSH or PEM form.',
    cause,
  });
}

/** The server was silent for too long. */
export function silent(server: Server): SourceUnavailable {
  return new SourceUnavailable({
    code: 'RC_SOURCE_TIMEOUT',
    what: `${server.host}:${server.port} sent nothing for ${server.timeoutMs / 1000} s; the connection was dropped.`,
    where: placeOf(server),
    mend: 'Run sync again; if the server is slow, raise from.sftp.timeoutSeconds.',
  });
}

/** What a failed call means. `about` names the file or folder of the call. */
export function sftpError(error: unknown, server: Server, about?: string): RollcallError {
  if (isRollcallError(error)) return error;
  const { message, code } = error as { message?: unknown; code?: unknown };
  const text = typeof message === 'string' ? message : String(error);
  if (/authentication methods failed/i.test(text)) return refused(server, error);
  if (about !== undefined && isAbsence(code, text)) return missing(server, about, error);
  if (about !== undefined && (code === 3 || /permission denied/i.test(text))) return forbidden(server, about, error);
  return unreachable(server, text, error);
}

function isAbsence(code: unknown, text: string): boolean {
  return code === 2 || code === 'ENOENT' || /no such file/i.test(text);
}

function refused(server: Server, cause: unknown): RollcallError {
  return new AuthenticationFailed({
    what: `${server.host}:${server.port} refuses the login of ${server.user}.`,
    where: placeOf(server),
    mend: 'Check from.sftp.user and the secret that password or privateKey refers to.',
    cause,
  });
}

function missing(server: Server, about: string, cause: unknown): RollcallError {
  return new SourceUnavailable({
    what: `${about} does not exist on ${server.host}.`,
    where: { file: about },
    mend: 'Make it, or correct from.sftp.folder in the settings of the directory; it is a path as the login sees it.',
    cause,
  });
}

function forbidden(server: Server, about: string, cause: unknown): RollcallError {
  return new PermissionMissing({
    what: `${server.user} may not use ${about} on ${server.host}.`,
    where: { file: about },
    mend: `Ask the operator of the server to give ${server.user} the right to it.`,
    cause,
  });
}

const SOCKET_PROBLEMS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is unknown',
  EAI_AGAIN: 'its name cannot be looked up',
  ECONNREFUSED: 'it refuses the connection',
  ECONNRESET: 'it broke the connection off',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
};

function unreachable(server: Server, text: string, cause: unknown): RollcallError {
  const code = (cause as { code?: unknown }).code;
  const problem = (typeof code === 'string' ? SOCKET_PROBLEMS[code] : undefined) ?? `the connection failed (${text})`;
  return new SourceUnavailable({
    what: `${server.host}:${server.port} cannot be used: ${problem}.`,
    where: placeOf(server),
    mend: 'Check from.sftp.host and from.sftp.port, and that this machine may reach the server; then run sync again.',
    cause,
  });
}
