import { createReadStream } from 'node:fs';

const NEWLINE = 10;

/** The lines of a file as buffers, chunk by chunk: what both arms read with. */
export async function* linesOf(file) {
  let rest = null;
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 })) {
    const data = rest === null ? chunk : Buffer.concat([rest, chunk]);
    const lines = [];
    let from = 0;
    for (let at = data.indexOf(NEWLINE, from); at !== -1; at = data.indexOf(NEWLINE, from)) {
      lines.push(data.subarray(from, at));
      from = at + 1;
    }
    rest = from < data.length ? data.subarray(from) : null;
    yield lines;
  }
  if (rest !== null) yield [rest];
}
