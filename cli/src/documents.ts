/** Keys of a document with what they hold. */
type Keys = Readonly<Record<string, string>>;

const RUNS = 'The runs that this led to at once, as in `rollcall.sync/1`.';
const API_KEY = 'As in `rollcall.apikey-list/1`.';
const WEBHOOK = 'As in `rollcall.webhook-list/1`.';
const EXIT = 'The exit code of the process.';

/** The documents that contract.md leaves to us, with all their top keys beside `format`. */
export const DOCUMENTS: Readonly<Record<string, Keys>> = {
  'rollcall.init/1': {
    exitCode: EXIT,
    project: 'Absolute path of the project.',
    written: 'The files written, relative to it.',
  },
  'rollcall.apply/1': {
    exitCode: EXIT,
    applied: 'False: nothing was stored.',
    tenants:
      'Per tenant: `tenant`, `created`, `directories`, `mappings`, `rules`, `redo` (what sync derives again) and `warnings`. With `apply FILE` instead the keys of `rollcall.sync/1` and `refused`, the rows whose inputs have changed.',
    warnings: 'Of the project as a whole: applied tenants whose files are gone.',
  },
  'rollcall.group/1': { group: 'As in `rollcall.groups/1`, and `membersPage`: the id and name of members.' },
  'rollcall.mapping-eval/1': {
    exitCode: EXIT,
    mapping: '`name`, `kind`, `version`, `file`.',
    sourceId: 'The id that the mapping reads; null where it reads none.',
    attributes:
      'Per attribute `{"value": …}`, or `{"error": …}` where it is unknown; one that is not there says nothing.',
  },
  'rollcall.directory-list/1': {
    next: 'Always null.',
    items:
      'Per directory: `id`, `tenant`, `directory`, `connector`, `mode`, `paused`, `records`, `lastRun`, `lastPushAt` (null where its source never pushed), `openReviews`.',
  },
  'rollcall.directory-tokens/1': {
    next: 'Always null.',
    items:
      'Per token: `id`, `prefix`, `label`, `createdAt`, `createdBy`, `expiresAt`, `revokedAt`, `lastUsedAt` (to within some minutes).',
  },
  'rollcall.directory-rotate-token/1': {
    exitCode: EXIT,
    directory: '`id` and `name`; the provider pushes to `/scim/v2/` and the id.',
    directoryToken: 'As in `rollcall.directory-tokens/1`.',
    token: 'The token itself, this one time.',
  },
  'rollcall.directory-revoke-token/1': { exitCode: EXIT, directoryToken: 'As in `rollcall.directory-tokens/1`.' },
  'rollcall.directory-pause/1': { exitCode: EXIT, directory: 'As in `rollcall.directory-list/1`.' },
  'rollcall.directory-resume/1': { exitCode: EXIT, directory: 'As in `rollcall.directory-list/1`.' },
  'rollcall.plugin-list/1': {
    next: 'Always null.',
    items:
      'Per connector: `id`, `title`, `package`, `version`, `origin`, `status`, and `finding` where it cannot be used.',
  },
  'rollcall.db-migrate/1': { exitCode: EXIT, migrated: 'The names of the migrations that ran.' },
  'rollcall.db-status/1': {
    exitCode: EXIT,
    client: '`sqlite3` or `pg`.',
    version: 'The version of the database.',
    known: 'The version that this program needs.',
    pending: 'The migrations between the two.',
  },
  'rollcall.rederive/1': { '…': 'The keys of `rollcall.sync/1`.' },
  'rollcall.review-approve/1': { exitCode: EXIT, review: 'As in `rollcall.reviews/1`.', runs: RUNS },
  'rollcall.review-reject/1': { exitCode: EXIT, review: 'As in `rollcall.reviews/1`.', runs: RUNS },
  'rollcall.review-undo/1': {
    exitCode: EXIT,
    review:
      'As in `rollcall.reviews/1`. Of an undone one `undoneBy`, `undoneAt` and `undoReason` say who took it back; `decidedBy`, `decidedAt` and `reason` stay those of the approval.',
    runs: RUNS,
  },
  'rollcall.findings-list/1': {
    next: 'The cursor of the following page; null on the last one.',
    items:
      'Per finding: `id`, `name` (such as `schemaDrift`), `subject` (`directory/kind/field`), `detail` (with `what`), `firstAt`, `lastAt`, `count` (reads that showed it), `closedAt`.',
  },
  'rollcall.override-list/1': {
    next: 'The cursor of the following page; null on the last one.',
    items:
      'Per override: `id`, `user`, `who`, `attribute`, `value`, `kind` (`override`, or `pin` of a rejected review), `pins` (of a pin: `value`, `absence`, `creation`, `merge` or `membership`), `reason`, `by`, `setAt`, `until`, `endedAt`, `endedReason` (`expired`, `replaced` or who cleared it).',
  },
  'rollcall.override-set/1': { exitCode: EXIT, override: 'As in `rollcall.override-list/1`.', runs: RUNS },
  'rollcall.override-clear/1': { exitCode: EXIT, override: 'As in `rollcall.override-list/1`.', runs: RUNS },
  'rollcall.apikey-create/1': {
    exitCode: EXIT,
    apiKey: API_KEY,
    token: 'The token: shown this once, and kept nowhere.',
  },
  'rollcall.apikey-rotate/1': {
    exitCode: EXIT,
    apiKey: API_KEY,
    token: 'The new token: shown this once, and kept nowhere.',
  },
  'rollcall.apikey-revoke/1': { exitCode: EXIT, apiKey: API_KEY },
  'rollcall.apikey-list/1': {
    next: 'The cursor of the following page; null on the last one.',
    items:
      'Per key: `id`, `name`, `tenants` (null: all), `rights`, `consumer` (`inactive`, `genericType`), `createdAt`, `createdBy`, `expiresAt`, `revokedAt`, `revokedBy`, `lastUsedAt` (to within five minutes), `tokens` (`prefix`, `createdAt`, `expiresAt`).',
  },
  'rollcall.webhook-create/1': {
    exitCode: EXIT,
    webhook: WEBHOOK,
    secret: 'The signing secret: shown this once, and kept sealed.',
  },
  'rollcall.webhook-rotate-secret/1': {
    exitCode: EXIT,
    webhook: WEBHOOK,
    secret: 'The new signing secret: shown this once, and kept sealed.',
  },
  'rollcall.webhook-list/1': {
    next: 'The cursor of the following page; null on the last one.',
    items:
      'Per endpoint: `id`, `tenant`, `url`, `description`, `format`, `types` (null: all), `status` (`enabled`, `disabled`, `retired`), `disabled` (`at`, `by`, `reason`), `createdAt`, `createdBy`, `secrets` (`version`, `createdAt`, `expiresAt`), `delivery` (`position`, `behind`, `failing`, `waiting`, `failingSince`, `restingUntil`).',
  },
  'rollcall.webhook-show/1': { exitCode: EXIT, webhook: WEBHOOK },
  'rollcall.webhook-update/1': { exitCode: EXIT, webhook: WEBHOOK },
  'rollcall.webhook-disable/1': { exitCode: EXIT, webhook: WEBHOOK },
  'rollcall.webhook-enable/1': { exitCode: EXIT, webhook: WEBHOOK },
  'rollcall.webhook-remove/1': { exitCode: EXIT, webhook: WEBHOOK },
  'rollcall.webhook-recover/1': {
    exitCode: EXIT,
    webhook: WEBHOOK,
    events: 'How many events of the tenant are looked at again.',
  },
  'rollcall.webhook-resend/1': { exitCode: EXIT, webhooks: 'The ids of the endpoints that it is sent to.' },
  'rollcall.events-resend/1': { exitCode: EXIT, webhooks: 'The ids of the endpoints that it is sent to.' },
  'rollcall.webhook-deliveries/1': {
    next: 'The cursor of the following page; null on the last one.',
    items:
      'Per try: `id`, `endpoint`, `event` (`id`, `sequence`, `type`), `attempt`, `at`, `outcome` (`delivered`, `failed`), `status`, `failure` (why no answer came), `milliseconds`, `answer` (the first KiB, masked).',
  },
  'rollcall.serve/1': { exitCode: EXIT, url: 'Where the service listens; printed as soon as it does.' },
  'rollcall.version/1': { version: 'Of the program.', node: 'Of Node.', platform: 'Such as `linux-x64`.' },
  'rollcall.help/1': { text: 'The help as people see it.' },
};
