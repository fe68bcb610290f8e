import type { CheckReport } from '@rollcall/connector-kit';
import type {
  DirectoryDocument,
  OperationOptions,
  PlanOptions,
  RederiveOptions,
  SyncOptions,
  TenantDoor,
} from './api.js';
import type { PlanDocument, SyncDocument } from './model/documents.js';
import { applyPlan } from './reconciliation/apply-plan.js';
import { decideReview } from './reconciliation/decide-review.js';
import { clearOverride, setOverride } from './reconciliation/overrides.js';
import { planRules, rederive, rederivePlan } from './reconciliation/rederive.js';
import { openDirectoryTokens } from './directory-tokens-door.js';
import { parseRules } from './rules/parse-rules.js';
import type { Evaluator } from './mapping/evaluator.js';
import { storedInstant } from './model/instants.js';
import { listDirectories } from './reading/directories.js';
import { readingDoor } from './reading-door.js';
import type { Engine, Job } from './reconciliation/engine.js';
import { directoryUnknown, syncTenant } from './reconciliation/sync.js';
import { undoReview } from './reconciliation/undo-review.js';
import { planTenant } from './reconciliation/plan.js';
import type { TenantContext } from './reconciliation/tenant-context.js';
import type { Sql } from './store/table.js';
import { setPaused, type Directory } from './tenancy/directories.js';
import { sha256Hex } from './hash.js';

/** What stands behind a tenant's door. */
export interface DoorParts {
  tenant: string;
  engine: Engine;
  evaluator: Evaluator;
  job(options?: OperationOptions): Job;
  context(): Promise<TenantContext>;
  /** True when the tenant's files say something else than what is in force. */
  changedSinceApply(): Promise<boolean>;
  check(context: TenantContext, directory: Directory, signal: AbortSignal): Promise<CheckReport>;
  /** Whether sources of this connector push. */
  isPushed(connector: string): Promise<boolean>;
}

/** Opens the door of one tenant: every method binds it. */
export function openTenantDoor(parts: DoorParts): TenantDoor {
  const { tenant, engine } = parts;
  const read = <T>(task: (sql: Sql) => Promise<T>): Promise<T> => engine.store.read(task);
  const reading = readingDoor({
    tenant,
    read,
    now: () => storedInstant(engine.clock.now()),
    mappings: async () => ({
      evaluator: parts.evaluator,
      catalogue: (await parts.context()).catalogue,
      hash: sha256Hex,
    }),
  });
  return {
    ...reading,
    sync: (options) => sync(parts, options),
    plan: (options) => plan(parts, options),
    applyPlan: async (document, options) => applyPlan(parts.job(options), await parts.context(), document),
    rederive: rederiveDoor(parts),
    rulesPlan: async (text, file, options = {}) => {
      const context = await parts.context();
      const rules = parseRules(text, { file, directories: [...context.byName.keys()], catalogue: context.catalogue });
      return planRules(parts.job(options), context, rules, options.detailedExitCode ?? false);
    },
    reviewDecide: async (id, decision, reason, by) =>
      decideReview(parts.job(), await parts.context(), { id, decision, reason, by }),
    reviewUndo: async (id, reason, by) => undoReview(parts.job(), await parts.context(), { id, reason, by }),
    overrides: {
      set: async (who, attribute, value, options) =>
        setOverride(parts.job(), await parts.context(), { who, attribute, value, ...options }),
      ...reading.overrides,
      clear: async (target, by) => clearOverride(parts.job(), await parts.context(), target, by),
    },
    directories: { ...reading.directories, ...directoryDoor(parts, read) },
  };
}

function directoryDoor(
  parts: DoorParts,
  read: <T>(task: (sql: Sql) => Promise<T>) => Promise<T>,
): Omit<TenantDoor['directories'], 'list' | 'schedule'> {
  const find = async (name: string): Promise<{ context: TenantContext; directory: Directory }> => {
    const context = await parts.context();
    const directory = context.byName.get(name);
    if (directory === undefined) throw directoryUnknown(context, name);
    return { context, directory };
  };
  const pause = async (name: string, paused: boolean): Promise<DirectoryDocument> => {
    const { directory } = await find(name);
    await parts.engine.store.write('fast', (sql) => setPaused(sql, parts.tenant, directory.id, paused));
    const all = await read((sql) => listDirectories(sql, parts.tenant));
    const document = all.find((entry) => entry.directory === name);
    if (document === undefined) throw new Error(`The directory ${name} went away.`);
    return document;
  };
  return {
    check: async (name, signal = new AbortController().signal) => {
      const { context, directory } = await find(name);
      return parts.check(context, directory, signal);
    },
    pause: (name) => pause(name, true),
    resume: (name) => pause(name, false),
    ...openDirectoryTokens({
      tenant: parts.tenant,
      store: parts.engine.store,
      clock: parts.engine.clock,
      ids: parts.engine.ids,
      find: async (name) => (await find(name)).directory,
      isPushed: (connector) => parts.isPushed(connector),
    }),
  };
}

async function sync(parts: DoorParts, options: SyncOptions = {}): ReturnType<TenantDoor['sync']> {
  const document = await syncTenant(parts.job(options), await parts.context(), options);
  if (await parts.changedSinceApply())
    document.warnings.push({
      code: 'RC_NOT_APPLIED',
      message: `The files of tenant ${parts.tenant} were changed after they were applied; the changes take effect with: rollcall apply`,
    });
  return document;
}

async function plan(parts: DoorParts, options: PlanOptions = {}): ReturnType<TenantDoor['plan']> {
  return planTenant(parts.job(options), await parts.context(), options);
}

function rederiveDoor(parts: DoorParts): TenantDoor['rederive'] {
  async function door(options: RederiveOptions & { plan: true; detailedExitCode?: boolean }): Promise<PlanDocument>;
  async function door(options?: RederiveOptions & { plan?: false }): Promise<SyncDocument>;
  async function door(
    options: RederiveOptions & { plan?: boolean; detailedExitCode?: boolean } = {},
  ): Promise<PlanDocument | SyncDocument> {
    const context = await parts.context();
    const job = parts.job(options);
    return options.plan === true
      ? rederivePlan(job, context, options.directories, options.detailedExitCode ?? false)
      : rederive(job, context, options.directories);
  }
  return door;
}
