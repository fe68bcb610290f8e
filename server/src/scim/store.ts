import { isRollcallError } from '@rollcall/core';
import { ScimError, unavailable, type ScimStore } from '@rollcall/connector-scim';

/** Seconds after which a busy database is asked again. */
const BUSY_SECONDS = 1;

/** A directory's store whose refusals are SCIM's. */
export function inScimsWords(store: ScimStore): ScimStore {
  return {
    read: (...given) => translated(store.read(...given)),
    readMany: (...given) => translated(store.readMany(...given)),
    find: (...given) => translated(store.find(...given)),
    page: (...given) => translated(store.page(...given)),
    count: (...given) => translated(store.count(...given)),
    members: (...given) => translated(store.members(...given)),
    membersAmong: (...given) => translated(store.membersAmong(...given)),
    groupsOf: (...given) => translated(store.groupsOf(...given)),
    write: (work) => translated(store.write(work)),
  };
}

async function translated<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw translate(error);
  }
}

function translate(error: unknown): unknown {
  if (!isRollcallError(error)) return error;
  if (error.code === 'RC_PUSH_CLOSED') return directoryClosed();
  if (error.code === 'RC_PUSH_UNSTORABLE')
    return new ScimError(400, `${error.message} ${error.mend}`, { scimType: 'invalidValue', cause: error });
  return error.next === 'retry' ? unavailable(BUSY_SECONDS, error) : error;
}

/** Whoever disabled the directory has not asked for anybody to leave: nothing is taken, nothing is answered. */
export function directoryClosed(): ScimError {
  return new ScimError(403, 'This directory is disabled. Enable it in Rollcall; nobody was changed.');
}
