/** What an export would hold, counted from the items before it starts. Pure. */
import type { Item } from '#contract';

export interface ExportPlan {
  /** Enhanced series that are taken: accepted, undecided and unsure ones. */
  readonly enhanced: number;
  readonly enhancedImages: number;
  /** Of those, the ones that nobody decided on or that someone was unsure of: they need no review. */
  readonly enhancedUndecided: number;
  readonly enhancedRejected: number;
  /** From here on synthetic images. */
  readonly accepted: number;
  readonly undecided: number;
  readonly unsure: number;
  readonly rejected: number;
  /** Synthetic images that would be taken, but for another one taken with the same pixels. */
  readonly identical: number;
  /** Items that would be written. */
  readonly taken: number;
  readonly images: number;
}

/**
 * Enhanced series unless rejected; synthetic images when accepted, and with `includeUndecided` also those that nobody decided.
 * Rejected ones never; of those with the same pixels one.
 * @param identical Groups of item ids with the same pixels.
 */
export function planExport(items: readonly Item[], includeUndecided: boolean, identical: readonly (readonly string[])[] = []): ExportPlan {
  const plan = { enhanced: 0, enhancedImages: 0, enhancedUndecided: 0, enhancedRejected: 0, accepted: 0, undecided: 0, unsure: 0, rejected: 0 };
  for (const item of items) {
    if (item.provenance === 'enhanced') {
      if (!mayLeave(item, includeUndecided)) {
        plan.enhancedRejected += 1;
        continue;
      }
      plan.enhanced += 1;
      plan.enhancedImages += item.frames;
      if (item.decision !== 'accepted') plan.enhancedUndecided += 1;
    } else if (item.decision === null) plan.undecided += 1;
    else plan[item.decision] += 1;
  }
  const taken = new Set(items.filter((item) => item.provenance === 'synthetic' && mayLeave(item, includeUndecided)).map((item) => item.itemId));
  const copies = identical.reduce((sum, group) => sum + Math.max(0, group.filter((itemId) => taken.has(itemId)).length - 1), 0);
  const synthetic = taken.size - copies;
  return { ...plan, identical: copies, taken: plan.enhanced + synthetic, images: plan.enhancedImages + synthetic };
}

/** Whether the host would take an item: what it refuses by name is not asked for. */
export function mayLeave(item: Pick<Item, 'provenance' | 'decision'>, includeUndecided: boolean): boolean {
  if (item.decision === 'rejected') return false;
  return item.provenance === 'enhanced' || item.decision === 'accepted' || includeUndecided;
}

export const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/;

/** A name of the day that no export has yet: `glioma-2026-11-21`, then `glioma-2026-11-21-2`. */
export function freshName(base: string, today: string, taken: readonly string[]): string {
  const clean = base.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40) || 'export';
  const name = `${clean}-${today}`;
  if (!taken.includes(name)) return name;
  for (let n = 2; ; n += 1) if (!taken.includes(`${name}-${n}`)) return `${name}-${n}`;
}
