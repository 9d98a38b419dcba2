/** Stacks by name, fetched. */
import { useEffect, useMemo } from 'react';
import { call, live, useResource, useStore } from '../../client/index.ts';
import type { Resource } from '../../client/index.ts';
import { parseSpec, stackOfItem, stackOfPlanes, stackOfSeries } from './image-stack.ts';
import type { ImageStack } from './image-stack.ts';
import { marks } from './measure/marks.ts';
import { firstIndex, ownerOf } from './pane/pane-state.ts';
import type { Pane } from './pane/pane.ts';
import type { ViewSession } from './view-session.ts';

/** Fetches what a name stands for. */
export async function loadStack(spec: string, signal: AbortSignal): Promise<ImageStack | null> {
  const parsed = parseSpec(spec);
  if (parsed === null) return null;
  if (parsed.kind === 'series') return stackOfSeries(await call('getSeries', { params: { seriesUid: parsed.uid }, signal }), parsed.stack);
  if (parsed.kind === 'plane') return stackOfPlanes(await call('getSeries', { params: { seriesUid: parsed.uid }, signal }), parsed.stack, parsed.through);
  const detail = await call('getItem', { params: { itemId: parsed.itemId }, signal });
  const source = detail.item.sourceSeriesUid === null ? null : await call('getSeries', { params: { seriesUid: detail.item.sourceSeriesUid }, signal });
  return stackOfItem(detail, source);
}

/**
 * Keeps a viewport on the stack that the address names. While a series is still being read it grows: then the viewport stays at its image.
 */
export function usePaneStack(session: ViewSession, index: number, spec: string | null): Resource<ImageStack | null> {
  const pane = session.panes[index] as Pane;
  const { studies } = useStore(live);
  const isOfSeries = spec !== null && !spec.startsWith('item:');
  const resource = useResource(spec === null ? null : (signal) => loadStack(spec, signal), spec ?? '', isOfSeries ? studies : 0);
  const stack = spec === null ? null : resource.value;
  useEffect(() => {
    if (stack === undefined) {
      if (pane.state.stack !== null && pane.state.stack.spec !== spec) pane.open(null);
      return;
    }
    const before = pane.state.stack;
    if (before?.spec === stack?.spec) {
      if (stack && before && before.images.length !== stack.images.length) {
        const here = before.images[pane.state.index]?.pixels;
        const index = Math.max(0, stack.images.findIndex((image) => image.pixels === here));
        pane.change((state) => ({ ...state, stack, index }), true);
      }
      return;
    }
    pane.open(stack, stack && isOfSeries ? firstIndex(stack) : 0);
    if (stack) void marks.open(ownerOf(pane.state));
    if (session.visible.length > 1 && session.state.linked) alignNew(session, pane);
  }, [pane, session, spec, stack, isOfSeries]);
  return useMemo(() => resource, [resource]);
}

/** A stack that just opened goes to where the other viewport is; a first one stays where it began. */
function alignNew(session: ViewSession, opened: Pane): void {
  const other = session.visible.find((pane) => pane !== opened && pane.state.stack !== null);
  if (!other || !opened.state.stack || !session.visible.includes(opened)) return;
  const { active } = session.state;
  session.set({ active: session.panes.indexOf(other) });
  session.align();
  session.set({ active });
}
