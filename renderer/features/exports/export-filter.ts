/** What of all that was made a person wants to see and export: by the day, by the model, by the task, by the decision. Pure. */
import type { Decision, Item, Job } from '#contract';

export interface ExportFilter {
  /** Days on this machine's calendar, `YYYY-MM-DD`, both included; '' = open. */
  readonly from: string;
  readonly to: string;
  /** A package, '' = any. */
  readonly packageId: string;
  readonly provenance: '' | Item['provenance'];
  readonly decision: '' | Decision | 'undecided';
}

export const noFilter: ExportFilter = { from: '', to: '', packageId: '', provenance: '', decision: '' };

export function isFiltering(filter: ExportFilter): boolean {
  return Object.values(filter).some((value) => value !== '');
}

/** The day of an instant where the person sits. */
export function dayOf(instant: string): string {
  const date = new Date(instant);
  const two = (figure: number): string => String(figure).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function isWithin(instant: string, { from, to }: ExportFilter): boolean {
  const day = dayOf(instant);
  return (from === '' || day >= from) && (to === '' || day <= to);
}

export function matchesItem(item: Pick<Item, 'createdAt' | 'packageId' | 'provenance' | 'decision'>, filter: ExportFilter): boolean {
  return isWithin(item.createdAt, filter)
    && (filter.packageId === '' || item.packageId === filter.packageId)
    && (filter.provenance === '' || item.provenance === filter.provenance)
    && (filter.decision === '' || (item.decision ?? 'undecided') === filter.decision);
}

/** Runs that can hold an item of the filter. A run may go on for days, so it counts from its beginning to its end; decisions are known of items only. */
export function matchesRun(job: Pick<Job, 'createdAt' | 'endedAt' | 'packageId' | 'task'>, filter: ExportFilter): boolean {
  const lastDay = job.endedAt === null ? null : dayOf(job.endedAt);
  return (filter.to === '' || dayOf(job.createdAt) <= filter.to)
    && (filter.from === '' || lastDay === null || lastDay >= filter.from)
    && (filter.packageId === '' || job.packageId === filter.packageId)
    && (filter.provenance === '' || (filter.provenance === 'synthetic') === (job.task === 'synthesize'));
}
