import { FileRejected, SourceUnavailable, type ErrorPlace } from '@rollcall/connector-kit';

const KEPT = 'Nobody was changed; the last accepted file still counts.';

/** The file is not in the encoding that it should be in. */
export function wrongEncoding(file: string, encoding: string, where: ErrorPlace): FileRejected {
  return new FileRejected({
    code: 'RC_FILE_ENCODING',
    what: `${file} is not valid ${encoding}: a byte on line ${where.line ?? 1} is none of its characters. ${KEPT}`,
    where: { file, ...where },
    mend: `Export the file as ${encoding}, or name its true encoding under csv.encoding in the settings of the directory.`,
  });
}

/** The file holds bytes of value zero. */
export function zeroBytes(file: string, line: number): FileRejected {
  return new FileRejected({
    code: 'RC_FILE_ZERO_BYTE',
    what: `${file} holds a zero byte on line ${line}: it is damaged, or it is UTF-16. ${KEPT}`,
    where: { file, line },
    mend: 'Deliver the file again; if it is UTF-16 without a byte order mark, write utf-16le or utf-16be under csv.encoding.',
  });
}

/** A quoted cell never ends: the file was cut, or a quote is not doubled. */
export function neverClosed(file: string, line: number): FileRejected {
  return new FileRejected({
    code: 'RC_FILE_TRUNCATED',
    what: `The quote that opens on line ${line} of ${file} is never closed: the file is cut, or a quote inside a cell is not doubled. ${KEPT}`,
    where: { file, line },
    mend: 'Deliver the whole file again; write a quote inside a cell twice.',
  });
}

/** The file is shorter than its manifest says. */
export function shorterThanManifest(file: string, manifest: string, bytes: number, expected: number): FileRejected {
  return new FileRejected({
    code: 'RC_FILE_TRUNCATED',
    what: `${file} has ${bytes} bytes and ${manifest} says ${expected}: the file is cut or still on its way. ${KEPT}`,
    where: { file },
    mend: 'Wait for the upload to end or deliver the whole file again, then run sync again.',
  });
}

/** The file differs from its manifest. */
export function unlikeManifest(file: string, manifest: string, which: string): FileRejected {
  return new FileRejected({
    code: 'RC_FILE_MANIFEST_MISMATCH',
    what: `${file} differs from ${manifest} in ${which}. ${KEPT}`,
    where: { file },
    mend: 'Deliver the file and its manifest again; both must be of the same export.',
  });
}

/** The manifest cannot be understood. */
export function badManifest(manifest: string, reason: string, cause?: unknown): FileRejected {
  return new FileRejected({
    code: 'RC_FILE_MANIFEST_INVALID',
    what: `The manifest ${manifest} cannot be read: ${reason}. ${KEPT}`,
    where: { file: manifest },
    mend: 'Deliver the manifest as a JSON object with those of file, bytes, rows, sha256, generatedAt, number that you know.',
    cause,
  });
}

/** The file was made before the one that was accepted last. */
export function stale(file: string, which: string, accepted: string): FileRejected {
  return new FileRejected({
    code: 'RC_FILE_STALE',
    what: `${file} is older than ${accepted}, which was accepted last: its manifest has an earlier ${which}. ${KEPT}`,
    where: { file },
    mend: 'Deliver the newest export, or remove the file.',
  });
}

/** The manifest says that the file holds only what changed. */
export function partial(file: string, manifest: string): FileRejected {
  return new FileRejected({
    code: 'RC_FILE_PARTIAL',
    what: `${manifest} says that ${file} is no full export; who is not in it would count as gone. ${KEPT}`,
    where: { file },
    mend: 'Deliver full exports.',
  });
}

/** A column's name stands twice in the header. */
export function doubledHeader(file: string, line: number, name: string, columns: readonly number[]): FileRejected {
  return new FileRejected({
    code: 'RC_FILE_HEADER_DUPLICATE',
    what: `The column "${name}" stands more than once in the header of ${file} (columns ${columns.join(', ')}). ${KEPT}`,
    where: { file, line, column: columns[1] ?? 1 },
    mend: `Rename or remove one of the columns "${name}" in the export.`,
  });
}

/** A column has no name. */
export function namelessHeader(file: string, line: number, column: number): FileRejected {
  return new FileRejected({
    code: 'RC_FILE_HEADER_EMPTY',
    what: `Column ${column} of ${file} has no name in the header. ${KEPT}`,
    where: { file, line, column },
    mend: 'Give every column a name, and end the header without a delimiter.',
  });
}

/** A column has a name that programs must not use as a key. */
export function forbiddenHeader(file: string, line: number, column: number, name: string): FileRejected {
  return new FileRejected({
    code: 'RC_FILE_HEADER_FORBIDDEN',
    what: `Column ${column} of ${file} is called "${name}", which is not allowed as a name. ${KEPT}`,
    where: { file, line, column },
    mend: 'Rename the column in the export.',
  });
}

/** The header cannot be split into names. */
export function unreadableHeader(file: string, line: number, reason: string): FileRejected {
  return new FileRejected({
    code: 'RC_FILE_HEADER_UNREADABLE',
    what: `The header of ${file} cannot be read: ${reason}. ${KEPT}`,
    where: { file, line },
    mend: 'Deliver the file with a header line; check csv.delimiter and csv.quote in the settings of the directory.',
  });
}

/** Nothing in the folder matches, and nothing was accepted before. */
export function missingFile(place: string, pattern: string): SourceUnavailable {
  return new SourceUnavailable({
    code: 'RC_FILE_MISSING',
    what: `No file in ${place} matches "${pattern}".`,
    where: { file: pattern },
    mend: 'Put a file there, or correct the pattern under files in the settings of the directory.',
  });
}

/** A file is there and not yet whole, and nothing was accepted before. */
export function notReady(file: string, reason: string): SourceUnavailable {
  return new SourceUnavailable({
    code: 'RC_FILE_NOT_READY',
    what: `${file} is not ready: ${reason}. Nothing was read.`,
    where: { file },
    mend: 'Run sync again when the upload has ended.',
  });
}

/** A file changed between the first and the second look into it. */
export function changedWhileRead(file: string): SourceUnavailable {
  return new SourceUnavailable({
    code: 'RC_FILE_CHANGED',
    what: `${file} was changed while it was read. ${KEPT}`,
    where: { file },
    mend: 'Run sync again; have the sender upload under another name and rename at the end.',
  });
}
