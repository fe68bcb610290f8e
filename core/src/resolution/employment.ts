import { isInactiveReason, type InactiveReason } from '../model/claims.js';
import type { Json } from '../model/json.js';
import type { ResolvedAttribute, Vote } from '../model/resolution.js';
import type { LifecycleRules } from '../model/rules.js';
import { addDays, earlier, hasBegunEverywhere, startOfDay, usableZone, utcMidnight } from './dates.js';

/** A vote with what only the winner passes on. */
export interface DatedVote {
  vote: Vote;
  /** It rests on a last good value. */
  isUnknown: boolean;
  /** Epoch milliseconds of the date that caused it; null: no date did. */
  effectiveAt: number | null;
}

/** What employment says of `active`, and when it may say something else. */
export interface EmploymentVote extends DatedVote {
  /** Epoch milliseconds of the next date; null: none. */
  dueAt: number | null;
}

/** A vote's content before it is signed. */
type Judged = Pick<Vote, 'vote' | 'reason' | 'detail'> & Pick<DatedVote, 'isUnknown' | 'effectiveAt'>;

/** The resolved `employment.*` of one user. */
interface Employment {
  status: Json | undefined;
  statusReason: Json | undefined;
  period: Period;
  isUnknown: (field: 'status' | 'startDate' | 'endDate') => boolean;
}

interface Period {
  /** First instant of work, less `preHireDays`; null also where that is long past. */
  begin: number | null;
  /** First instant after the last day. */
  end: number | null;
}

/**
 * The vote of employment, from the resolved `employment.*`: terminated or past its end denies, before its begin denies
 * with `pre_hire`, leave does what the tenant says, everything else abstains.
 */
export function employmentVote(
  attributes: Readonly<Record<string, ResolvedAttribute>>,
  lifecycle: LifecycleRules,
  now: number,
  tenantZone: string,
): EmploymentVote {
  const timeZone = usableZone(attributes['employment.timeZone']?.value, tenantZone);
  const status = attributes['employment.status']?.value;
  const period = periodOf(attributes, status, lifecycle.preHireDays, now, timeZone);
  const employment: Employment = {
    status,
    statusReason: attributes['employment.statusReason']?.value,
    period,
    isUnknown: (field) => attributes[`employment.${field}`]?.state === 'unknown',
  };
  const { isUnknown, effectiveAt, ...said } =
    departure(employment, now) ?? arrival(employment, now) ?? presence(employment, lifecycle);
  return {
    vote: { by: 'employment', directory: null, recordId: null, ...said, value: status },
    isUnknown,
    effectiveAt,
    // Dates change nothing for somebody whose status says terminated.
    dueAt: status === 'terminated' ? null : nextOf([period.begin, period.end], now),
  };
}

/** Who began long ago needs no zone to be seen; asking one costs more than all the rest of a resolution. */
function periodOf(
  attributes: Readonly<Record<string, ResolvedAttribute>>,
  status: Json | undefined,
  preHireDays: number,
  now: number,
  timeZone: string,
): Period {
  const start = utcMidnight(attributes['employment.startDate']?.value);
  const end = utcMidnight(attributes['employment.endDate']?.value);
  const isBeginAsked = start !== null && (status === 'pre_hire' || !hasBegunEverywhere(start, now));
  return {
    begin: isBeginAsked ? startOfDay(addDays(start, -preHireDays), timeZone) : null,
    end: end === null ? null : startOfDay(addDays(end, 1), timeZone),
  };
}

function departure({ status, statusReason, period: { end }, isUnknown }: Employment, now: number): Judged | null {
  if (status === 'terminated') return deny('terminated', statusReason, isUnknown('status'));
  if (end === null || end > now) return null;
  return { ...deny(listedOr('contract_ended', statusReason), statusReason, isUnknown('endDate')), effectiveAt: end };
}

function arrival({ status, period: { begin }, isUnknown }: Employment, now: number): Judged | null {
  if (begin !== null) return begin > now ? deny('pre_hire', null, isUnknown('startDate')) : null;
  return status === 'pre_hire' ? deny('pre_hire', null, isUnknown('status')) : null;
}

function presence({ status, statusReason, period, isUnknown }: Employment, lifecycle: LifecycleRules): Judged {
  if (status === 'on_leave' && lifecycle.onLeave === 'deny') {
    return deny(listedOr('suspended', statusReason), statusReason ?? status, isUnknown('status'));
  }
  // Who still is called a new hire works because the day has come, not because a source said so.
  const effectiveAt = status === 'pre_hire' ? period.begin : null;
  return { vote: 'abstain', reason: null, detail: null, isUnknown: false, effectiveAt };
}

function deny(reason: InactiveReason, given: Json | undefined, isUnknown: boolean): Judged {
  return { vote: 'deny', reason, detail: detailBeside(reason, given), isUnknown, effectiveAt: null };
}

function listedOr(reason: InactiveReason, given: Json | undefined): InactiveReason {
  return isInactiveReason(given) ? given : reason;
}

/** The free text that stands beside a reason: what the source says in its own words. */
export function detailBeside(reason: InactiveReason, given: Json | undefined): string | null {
  return typeof given === 'string' && given !== '' && given !== reason ? given : null;
}

function nextOf(instants: readonly (number | null)[], now: number): number | null {
  return instants.reduce((next, instant) => (instant !== null && instant > now ? earlier(next, instant) : next), null);
}
