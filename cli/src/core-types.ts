import type { ErrorBody, HistoryDocument, parseMapping, TenantDoor, UserDocument } from '@rollcall/core';

/** A JSON value, as core's documents carry them. */
export type Json = HistoryDocument['from'];
export type JsonObject = UserDocument['attributes'];
/** Where something went wrong. */
export type ErrorPlace = ErrorBody['where'];
/** The steps of a connection check. */
export type CheckReport = Awaited<ReturnType<TenantDoor['directories']['check']>>;
/** What a mapping file is read with. */
export type MappingOptions = Parameters<typeof parseMapping>[1];
