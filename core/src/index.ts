export { createRollcall, type RollcallOptions } from './runtime.js';
export type { ApiKeyDoor, ApiKeyGrant, ApiKeyRequest, IssuedApiKey } from './api-key-door.js';
export type { ConsumerDoor, TenantNames } from './consumer-door.js';
export type { ConsumerDirectory } from './reading/consumer-directories.js';
export type { ConsumerChange, EventGrounds } from './reading/consumer-event-grounds.js';
export type { ConsumerGroup } from './reading/consumer-groups.js';
export type { ConsumerUser } from './reading/consumer-users.js';
export type { ObjectListing, ObjectPage } from './reading/page-by-object.js';
export type { DirectoryTokensDoor, IssuedDirectoryToken, TokenRequest } from './directory-tokens-door.js';
export type { DirectoryTokenDocument } from './security/directory-tokens.js';
export type { NotificationDoor, NotificationEntry } from './notification-door.js';
export type { PushDoor, PushedDirectory, PushEntry } from './push-door.js';
export type { IssuedWebhook, WebhookChanges, WebhookDoor, WebhookRequest, WebhookWorker } from './webhooks-api.js';
export type { WebhookOptions } from './webhook-service.js';
export type { DeliveryDocument, WebhookDocument } from './events/webhook-documents.js';
export type { RenderEvents } from './events/webhook-sender.js';
export { API_KEY_RIGHTS, type ApiKeyDocument, type ApiKeyRight, type ConsumerWishes } from './security/api-keys.js';
export type {
  AppliedPlan,
  ApplyDocument,
  Decided,
  Decision,
  DirectoryDocument,
  FreshnessCounts,
  OperationOptions,
  OverrideDocument,
  PageRequest,
  PlanOptions,
  Progress,
  RederiveOptions,
  Rollcall,
  SchedulerDoor,
  SyncOptions,
  TenantDoor,
} from './api.js';
export type {
  ConflictDocument,
  Counts,
  DoubtDocument,
  DueDocument,
  ErrorBody,
  EventDocument,
  FindingDocument,
  GroupDocument,
  HeldDocument,
  HistoryDocument,
  ImpactDocument,
  Listing,
  MembershipDocument,
  PlanDocument,
  PlanRunDocument,
  QuarantineDocument,
  RecordDocument,
  ReviewDocument,
  RunDocument,
  DirectoryFreshness,
  StoredRunDocument,
  SyncDocument,
  TierDocument,
  UserDocument,
  Who,
} from './model/documents.js';
export type { ReadingDoor } from './reading-door.js';
export { errorBody } from './reconciliation/error-body.js';
export { worstExit } from './reconciliation/exit-code.js';
export {
  findProject,
  PROJECT_FILE,
  readCustomAttributes,
  readProject,
  type ProjectConfiguration,
} from './configuration/read-project.js';
export type { DirectoryConfiguration, TenantConfiguration } from './configuration/read-tenant.js';
export { initProject } from './configuration/init-project.js';
export { readSecretKey, resolveSecret, type SecretReference } from './configuration/secrets.js';
export type { Finding } from './rules/finding.js';
export { tenantsWithoutFile } from './tenants-without-file.js';
export type { ConnectorListing } from './connectors/registry.js';
export type { BuiltInConnector } from './connectors/find.js';
export type { StoreConfiguration } from './store/store.js';
export type { IdSource } from './tokens.js';
export { escapeControl, redactFields } from './security/redact.js';
export { catalogueOf, type Catalogue, type CatalogueEntry } from './model/catalogue.js';
export { CompiledEvaluator } from './mapping/compiled-evaluator.js';
export { parseMapping, type CompiledMapping, type MappingOptions } from './mapping/mapping-file.js';
export { lintMapping, lintMappingText } from './mapping/lint.js';
export { parseCases, runCases, type MappingCase } from './mapping/cases.js';
export { mapBatch, type MappedClaim, type MappedRecord } from './mapping/map-batch.js';
export { sourceIdReader } from './mapping/source-id.js';
export { isRollcallError, RollcallError, type CheckReport, type ErrorPlace } from '@rollcall/connector-kit';
export type { InboundRequest, Json, JsonObject } from '@rollcall/connector-kit';
export { nearestName } from './rules/nearest-name.js';
