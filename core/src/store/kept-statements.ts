/** What is used of a connection of node-sqlite3 (https://github.com/TryGhost/node-sqlite3/wiki/API). */
export interface SqliteConnection {
  exec(text: string, done: (error: Error | null) => void): void;
  configure(option: 'busyTimeout', value: number): void;
  prepare(text: string, done: (error: Error | null) => void): SqliteStatement;
  all(text: string, bindings: unknown, done: Answered): unknown;
  close(done?: (error: Error | null) => void): void;
}

interface SqliteStatement {
  all(bindings: unknown, done: Answered): unknown;
  finalize(done?: () => void): void;
}

type Answered = (error: Error | null, rows?: unknown[]) => void;

/** Our statements have constant texts, some hundred in all. */
const MOST_KEPT = 200;

/** A kept statement keeps its last bindings; batches of a megabyte are better let go. */
const LARGEST_BINDING = 16_384;

/**
 * Lets a connection keep the statements it was given before: node-sqlite3 would prepare the same text anew each time,
 * by one more turn through its threads, which is half of what a small statement costs.
 */
export function keepStatements(connection: SqliteConnection): void {
  const kept = new Map<string, SqliteStatement>();
  const seen = new Set<string>();
  const plain = connection.all.bind(connection);
  const close = connection.close.bind(connection);
  const forget = (): void => {
    for (const statement of kept.values()) statement.finalize();
    kept.clear();
    seen.clear();
  };

  connection.all = (text, bindings, done) => {
    if (!isSmall(bindings)) return plain(text, bindings, done);
    const known = kept.get(text);
    if (known !== undefined) return known.all(bindings, done);
    if (!seen.has(text)) {
      seen.add(text);
      return plain(text, bindings, done);
    }
    if (kept.size >= MOST_KEPT) forget();
    const statement = connection.prepare(text, (error) => {
      if (error === null) return;
      kept.delete(text);
      done(error);
    });
    kept.set(text, statement);
    return statement.all(bindings, done);
  };
  connection.close = (done) => {
    forget();
    close(done);
  };
}

function isSmall(bindings: unknown): boolean {
  return (
    !Array.isArray(bindings) ||
    bindings.every((value: unknown) => typeof value !== 'string' || value.length <= LARGEST_BINDING)
  );
}
