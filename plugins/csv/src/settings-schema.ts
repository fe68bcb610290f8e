import type { JsonSchema } from '@rollcall/connector-kit';
import { ENCODINGS } from './encoding.js';

const folder = {
  type: 'string',
  minLength: 1,
  title: 'Folder',
  description: 'Where the files arrive. On this machine: relative to the project. On SFTP: as the login sees it.',
};

const sftp = {
  type: 'object',
  title: 'SFTP server',
  additionalProperties: false,
  required: ['host', 'user', 'hostKey', 'folder'],
  oneOf: [{ required: ['password'] }, { required: ['privateKey'] }],
  properties: {
    host: { type: 'string', minLength: 1, title: 'Host', description: 'Name or address of the server.' },
    port: { type: 'integer', minimum: 1, maximum: 65535, default: 22, title: 'Port', description: '22 when left out.' },
    user: { type: 'string', minLength: 1, title: 'User', description: 'The login on the server.' },
    password: {
      type: 'string',
      minLength: 1,
      secret: true,
      title: 'Password',
      description: 'A reference, such as env:SFTP_PASSWORD.',
    },
    privateKey: {
      type: 'string',
      minLength: 1,
      secret: true,
      title: 'Private key',
      description: 'A reference to the key in OpenSSH or PEM form, such as file:secrets/sftp_key.',
    },
    passphrase: {
      type: 'string',
      minLength: 1,
      secret: true,
      title: 'Passphrase of the private key',
      description: 'A reference; only for an encrypted key.',
    },
    hostKey: {
      title: 'Fingerprint of the server',
      description:
        'What `ssh-keygen -lf` prints for the key of the server; several while a key is being replaced. Any other key is refused before a credential is sent.',
      oneOf: [
        { $ref: '#/$defs/fingerprint' },
        { type: 'array', minItems: 1, uniqueItems: true, items: { $ref: '#/$defs/fingerprint' } },
      ],
    },
    folder,
    timeoutSeconds: {
      type: 'number',
      minimum: 0.2,
      maximum: 3600,
      default: 30,
      title: 'Longest silence',
      description: 'A server that sends nothing for so long, in seconds, counts as gone.',
    },
  },
  dependentRequired: { passphrase: ['privateKey'] },
};

const pattern = {
  type: 'string',
  minLength: 1,
  pattern: '^[^/\\\\]+$',
  title: 'Name of the files',
  description: 'A pattern with * and ?; of the files that match, the last by name is the snapshot.',
};

const companion = {
  type: 'string',
  pattern: '^[^/\\\\]*\\{file\\}[^/\\\\]*$',
  description: '{file} stands for the name of the file.',
};

const csv = {
  type: 'object',
  title: 'Form of the files',
  additionalProperties: false,
  properties: {
    delimiter: {
      type: 'string',
      pattern: '^[\\t !#-\\x2d/:-@\\[-`{-~]$',
      title: 'Delimiter',
      description: 'One character of ASCII. Left out: found on the header line among , ; tab and |.',
    },
    encoding: {
      enum: ENCODINGS,
      title: 'Encoding',
      description:
        'A file that is not in it is rejected. Left out: told by a byte order mark, else UTF-8, else windows-1252 with a warning.',
    },
    quote: {
      type: 'string',
      pattern: '^[!-/:-@\\[-`{-~]?$',
      default: '"',
      title: 'Quote',
      description: 'The character around cells; an empty text where quotes have no meaning.',
    },
  },
};

const ready = {
  title: 'When a file is whole',
  description: 'Left out: at once in a folder; on SFTP when its size stood still for 30 seconds.',
  oneOf: [
    {
      type: 'object',
      additionalProperties: false,
      required: ['stableSeconds'],
      properties: {
        stableSeconds: {
          type: 'number',
          minimum: 0,
          maximum: 3600,
          title: 'Seconds between two looks',
          description: 'Size and time of the file must be the same at both looks; 0: one look.',
        },
      },
    },
    {
      type: 'object',
      additionalProperties: false,
      required: ['marker'],
      properties: { marker: { ...companion, title: 'Marker file', examples: ['{file}.done'] } },
    },
    {
      type: 'object',
      additionalProperties: false,
      required: ['manifest'],
      properties: { manifest: { ...companion, title: 'Manifest file', examples: ['{file}.json'] } },
    },
  ],
};

/** The settings of a directory that is read from CSV files. */
export const settingsSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'CSV files',
  type: 'object',
  additionalProperties: false,
  required: ['from', 'files'],
  $defs: {
    fingerprint: { type: 'string', pattern: '^SHA256:[A-Za-z0-9+/]{43}=?$', examples: ['SHA256:…'] },
  },
  properties: {
    from: {
      title: 'Where the files arrive',
      oneOf: [
        { type: 'object', additionalProperties: false, required: ['folder'], properties: { folder } },
        { type: 'object', additionalProperties: false, required: ['sftp'], properties: { sftp } },
      ],
    },
    files: {
      type: 'object',
      title: 'Files per kind',
      additionalProperties: false,
      minProperties: 1,
      properties: { user: pattern, group: pattern },
    },
    csv,
    ready,
    archive: {
      title: 'Archive',
      description: 'A folder to which a file is moved once it is committed; false leaves it where it is.',
      oneOf: [{ const: false }, { type: 'string', minLength: 1 }],
      default: false,
    },
  },
};
