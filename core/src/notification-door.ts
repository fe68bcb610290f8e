import { createHash } from 'node:crypto';
import type { Capabilities, InboundRequest, Notification, Reception } from '@rollcall/connector-kit';
import { storedInstant } from './model/instants.js';
import type { Engine } from './reconciliation/engine.js';
import { errorBody } from './reconciliation/error-body.js';
import { hearNotification } from './scheduling/tier-states.js';
import { forgetReceipts, takeReceipts, type ChannelPlace } from './sources/notifications.js';
import { THE_STREAM, wantReads, type Wanted } from './sources/wanted-reads.js';
import type { Sql } from './store/table.js';
import { findDirectoryAnywhere, lockDirectory, type Directory } from './tenancy/directories.js';

/**
 * What came of a request that claims to come from a source. Refused: no such directory, none that takes notifications, a
 * wrong signature, a time too far from now; nobody is told which.
 */
export type NotificationEntry =
  | {
      taken: true;
      /** What the source expects as an answer; null: nothing in particular. */
      answer: { contentType: string; body: string } | null;
      /** How many notifications it held that were new, and that were taken earlier. */
      fresh: number;
      repeated: number;
    }
  | { taken: false };

/** Where sources tell of changes. */
export interface NotificationDoor {
  /**
   * Takes what a source sent: verified by its connector, stored before this returns.
   *
   * @param directoryId - `dir-` id.
   */
  receive(directoryId: string, request: InboundRequest): Promise<NotificationEntry>;
}

/** What stands behind that door. */
export interface NotificationParts {
  engine: Engine;
  /** @throws where the connector is broken or gone. */
  capabilities(connector: string): Promise<Capabilities>;
  /** Brings the schema up to date where it is not. */
  prepare(): Promise<void>;
  /** Something is to be read. */
  wake(): void;
}

/** Receipts are kept so long: sources try again for hours, some for days. */
const KEPT_MS = 7 * 86_400_000;
/** More at once are one wish for the stream of changes. */
const MOST = 1_000;
const LONGEST_RECEIPT = 255;
const LONGEST_ID = 1_024;
/** NUL and lone surrogates: PostgreSQL's text cannot hold them. */
const UNSTORABLE = /[\0\p{Cs}]/u;

/** Opens that door. */
export function openNotificationDoor(parts: NotificationParts): NotificationDoor {
  const { engine } = parts;
  return {
    async receive(directoryId, request) {
      await parts.prepare();
      const found = await engine.store.read((sql) => findDirectoryAnywhere(sql, directoryId));
      if (found === null || !(await isListening(parts, found.directory))) return { taken: false };
      const { tenantId, directory } = found;
      const reception = await verified(engine, tenantId, directory, request);
      if (reception === null) return { taken: false };
      const { notifications, answer = null } = reception;
      const fresh = await engine.store.write('notification', (sql) =>
        keep(sql, { tenantId, directoryId: directory.id }, notifications, engine.clock.now()),
      );
      if (fresh > 0) parts.wake();
      return { taken: true, answer, fresh, repeated: notifications.length - fresh };
    },
  };
}

/** A paused directory listens: what it hears is read when it is resumed. */
async function isListening(parts: NotificationParts, { mode, connector }: Directory): Promise<boolean> {
  if (mode !== 'live' && mode !== 'shadow') return false;
  try {
    return (await parts.capabilities(connector)).notifications;
  } catch {
    return false;
  }
}

/** Null for what cannot be believed. An error of the connector is its word for that, too: the request is a stranger's. */
async function verified(
  engine: Engine,
  tenantId: string,
  directory: Directory,
  request: InboundRequest,
): Promise<Reception | null> {
  const open = await engine.openConnector(tenantId, directory);
  try {
    return (await open.connector.receive?.(request)) ?? null;
  } catch (error) {
    engine.log.info('A notification was refused.', { directory: directory.id, error: errorBody(error).code });
    return null;
  } finally {
    await open.close();
  }
}

/** Receipts and what is to be read for them, together; what comes twice is one. @returns how many are new. */
async function keep(sql: Sql, place: ChannelPlace, notifications: readonly Notification[], now: Date): Promise<number> {
  const at = storedInstant(now);
  await lockDirectory(sql, place.tenantId, place.directoryId);
  await forgetReceipts(sql, place, storedInstant(new Date(now.getTime() - KEPT_MS)));
  const byReceipt = new Map(notifications.map((notification) => [receiptOf(notification), notification]));
  const fresh = await takeReceipts(sql, place, [...byReceipt.keys()], at);
  const news = [...byReceipt].filter(([receipt]) => fresh.has(receipt)).map(([, notification]) => notification);
  await wantReads(sql, { ...place, reason: 'notification', at }, wantedBy(news));
  if (notifications.length > 0) await hearNotification(sql, place, { now, isNews: news.length > 0 });
  return news.length;
}

function wantedBy(notifications: readonly Notification[]): Wanted[] {
  if (notifications.length > MOST) return [THE_STREAM];
  return notifications.map(({ subject }) => {
    const { kind, sourceId } = subject ?? THE_STREAM;
    const isReadable = sourceId.length <= LONGEST_ID && !UNSTORABLE.test(sourceId);
    return isReadable ? { kind, sourceId } : THE_STREAM;
  });
}

function receiptOf({ receipt }: Notification): string {
  if (receipt.length <= LONGEST_RECEIPT && !UNSTORABLE.test(receipt)) return receipt;
  return createHash('sha256').update(receipt).digest('hex');
}
