export type { Json, JsonObject } from '@rollcall/connector-kit';
