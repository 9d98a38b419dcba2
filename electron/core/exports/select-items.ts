/** Which items an export takes. */
import { ScanloomError, type Item, type StartExport } from '#contract';
import type { Library } from '#library';

const pageSize = 10_000;

/**
 * Named items, those of named jobs, or all there are: enhanced series unless they were rejected (they need no review), synthetic images when they were
 * accepted; with `includeUndecided` also those that nobody has decided on or that someone was unsure of. Never rejected ones, and one of those with the
 * same pixels.
 *
 * @throws ScanloomError `export/invalid` when nothing is left or a named item may not be exported, `request/not-found`
 */
export function selectItems(library: Library, request: StartExport): Item[] {
  const named = request.itemIds?.map((itemId) => library.items.get(itemId).item) ?? [];
  const refused = named.filter((item) => !mayLeave(item, request.includeUndecided));
  if (refused.length > 0) {
    const rejected = refused.filter((item) => item.decision === 'rejected').length;
    throw new ScanloomError('export/invalid', `${refused.length} of the ${named.length} named images ${refused.length === 1 ? 'is' : 'are'} not accepted${rejected === 0 ? '' : ` (${rejected} rejected)`}.`, {
      hint: rejected === refused.length ? 'Rejected images are never exported: leave them out, or change the decision.' : 'Accept them in the review first, or ask for undecided images too.',
    });
  }
  const lists = request.jobIds !== undefined ? request.jobIds.flatMap((jobId) => allItems(library, jobId)) : request.itemIds === undefined ? allItems(library) : [];
  const chosen = [...new Map([...named, ...lists.filter((item) => mayLeave(item, request.includeUndecided))].map((item) => [item.itemId, item])).values()];
  const once = withoutCopies(chosen, library.items.identical());
  if (chosen.length === 0) {
    const waiting = lists.filter((item) => item.provenance === 'synthetic' && item.decision !== 'rejected').length;
    const hint = waiting > 0
      ? `${waiting} synthetic images wait for a decision: accept some in the review, or ask for undecided images too.`
      : lists.length > 0 ? 'Everything in this choice was rejected: change the decision in the review, or choose something else.' : 'Upscale a series or synthesize images first.';
    throw new ScanloomError('export/invalid', 'There is nothing to export.', { hint });
  }
  return once;
}

/**
 * Of synthetic images with the same pixels (one seed made them twice) only the oldest of those chosen stays: under two identities, or on both
 * sides of a split, they would pass for two patients.
 * @param identical Groups of item ids, oldest first in each.
 */
export function withoutCopies<T extends Pick<Item, 'itemId'>>(items: readonly T[], identical: readonly (readonly string[])[]): T[] {
  const chosen = new Set(items.map(({ itemId }) => itemId));
  const copies = new Set(identical.flatMap((group) => group.filter((itemId) => chosen.has(itemId)).slice(1)));
  return items.filter(({ itemId }) => !copies.has(itemId));
}

/** Whether an item goes into an export by what was decided on it. */
export function mayLeave(item: Pick<Item, 'provenance' | 'decision'>, includeUndecided: boolean): boolean {
  if (item.decision === 'rejected') return false;
  return item.provenance === 'enhanced' || item.decision === 'accepted' || includeUndecided;
}

function allItems(library: Library, jobId?: string): Item[] {
  const items: Item[] = [];
  for (;;) {
    const page = library.items.list({ jobId, limit: pageSize, offset: items.length });
    items.push(...page);
    if (page.length < pageSize) return items;
  }
}
