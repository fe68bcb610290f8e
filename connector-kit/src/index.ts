export type { Json, JsonObject } from './json.js';
export type {
  Capabilities,
  CheckReport,
  CheckStep,
  Completeness,
  Connector,
  DeltaPage,
  Departure,
  EdgeObservation,
  JsonSchema,
  MalformedRecord,
  Observation,
  Page,
  ReadRequest,
  RecordKind,
  SourceInfo,
  SourcePosition,
} from './contract.js';
export {
  defineConnector,
  isConnectorDefinition,
  type ClassDefinition,
  type ConnectorDeclaration,
  type ConnectorDefinition,
  type FactoryDefinition,
  type Needs,
  type Resolved,
} from './define-connector.js';
export {
  CLOCK,
  LOGGER,
  PROJECT,
  SETTINGS,
  token,
  type Clock,
  type LogFields,
  type Logger,
  type ProjectPlace,
  type Token,
} from './tokens.js';
export {
  isRollcallError,
  RollcallError,
  type ErrorCode,
  type ErrorParts,
  type ErrorPlace,
  type NextStep,
} from './errors/rollcall-error.js';
export {
  AuthenticationFailed,
  CursorExpired,
  FileRejected,
  HostKeyMismatch,
  PermissionMissing,
  RateLimited,
  SettingsRejected,
  SourceSchemaChanged,
  SourceUnavailable,
  type ConnectorErrorParts,
} from './errors/connector-errors.js';
export { WHAT_HAPPENS_NEXT, type ErrorRow } from './errors/what-happens-next.js';
