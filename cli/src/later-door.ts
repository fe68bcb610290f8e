import type {
  Json,
  Listing,
  OperationOptions,
  PlanDocument,
  ReviewDocument,
  SyncDocument,
  TenantDoor,
} from '@rollcall/core';

/** A value that a person set. */
export interface OverrideDocument {
  id: string;
  user: string;
  who: { sourceId: string; name: string };
  attribute: string;
  value: Json;
  reason: string;
  by: string;
  setAt: string;
  until: string | null;
}

/** What `apply FILE` did: the runs that applied the plan, and the rows whose inputs are no longer those of the plan. */
export type AppliedPlan = SyncDocument & {
  refused: { user: string; who: { sourceId: string; name: string }; reason: string }[];
};

/** What a decision led to at once. */
export interface Decided<Item> {
  item: Item;
  runs: SyncDocument['runs'];
}

/** The part of a tenant's door that the commands of `wired.ts` wait for. */
export interface LaterDoor extends TenantDoor {
  applyPlan(plan: PlanDocument, options?: OperationOptions): Promise<AppliedPlan>;
  rederive(options: OperationOptions & { directories?: readonly string[]; plan: true }): Promise<PlanDocument>;
  rederive(options: OperationOptions & { directories?: readonly string[]; plan: false }): Promise<SyncDocument>;
  rulesPlan(text: string, file: string, options?: OperationOptions): Promise<PlanDocument>;
  reviewDecide(
    id: string,
    decision: 'approve' | 'reject',
    reason: string,
    by: string,
  ): Promise<Decided<ReviewDocument>>;
  overrides: {
    set(
      who: string,
      attribute: string,
      value: Json,
      options: { reason: string; until: string; by: string },
    ): Promise<Decided<OverrideDocument>>;
    list(request?: { limit?: number; after?: string; all?: boolean }): Promise<Listing<OverrideDocument>>;
    /** By `ovr-` id, or by person and attribute. */
    clear(target: { id: string } | { who: string; attribute: string }, by: string): Promise<Decided<OverrideDocument>>;
  };
}

/** The door with what is added to it later. */
export function laterDoor(door: TenantDoor): LaterDoor {
  return door as LaterDoor;
}
