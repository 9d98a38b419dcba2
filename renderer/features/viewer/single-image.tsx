/** One viewport for another screen (review): wheel, window, zoom and pan as in the viewer, no tools but those. */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useStore } from '../../client/index.ts';
import { tell, useKeys } from '../../ui/index.ts';
import type { Binding } from '../../ui/index.ts';
import { PaneView } from './pane/pane-view.tsx';
import { Pane } from './pane/pane.ts';
import { imageAt, reset, stackWindow } from './pane/pane-state.ts';
import type { Compare, PaneState } from './pane/pane-state.ts';
import type { ImageStack } from './image-stack.ts';
import { useSpace } from './use-space.ts';
import { ctPresets, percentileWindow } from './window/window.ts';
import type { Voi } from './window/window.ts';

/** Beside CT: from the 1st percentile to these. What is bright and small (skull, fat) is cut off, so that the rest is seen. */
const percentilePresets: readonly { readonly key: string; readonly high: number }[] = [{ key: '1', high: 0.99 }, { key: '2', high: 0.97 }, { key: '3', high: 0.94 }, { key: '4', high: 0.9 }];

interface Kept {
  readonly voi: Voi | null;
  readonly invert: boolean;
  /** The number key that set the window; found anew for each image, as their greys differ. Null for a window set by the mouse. */
  readonly preset: string | null;
}
/** How the hand left the images of one run: the next image of it is shown in the same way. The newest runs are remembered. */
const kept = new Map<string, Kept>();
const mostKept = 50;

function keep(name: string, how: Kept): void {
  if (name === '') return;
  kept.delete(name);
  kept.set(name, how);
  if (kept.size > mostKept) kept.delete(kept.keys().next().value as string);
}

/** Images of 0 to 1 that a model made say nothing of their window, and most of them come up dark in all of that range: they open in 1 to 99 %. */
function firstPreset(stack: ImageStack | null): string | null {
  return stack?.provenance === 'synthetic' && stack.modality !== 'CT' ? '1' : null;
}

/** The number key whose window holds now: that of the hand, else the first one; null for a window set by the mouse. */
function presetInForce(stack: ImageStack | null, before: Kept | undefined): string | null {
  return before === undefined || (before.voi === null && before.preset === null) ? firstPreset(stack) : before.preset;
}

/** The window of a number key for what is shown; null where the key means nothing. `0` is the images' own. */
function presetOf(state: PaneState, key: string): Voi | null {
  const { stack, shown } = state;
  if (!stack) return null;
  if (key === '0') return stackWindow(stack);
  if (stack.modality === 'CT') {
    const preset = ctPresets.find((one) => one.key === key);
    return preset ? { center: preset.center, width: preset.width } : null;
  }
  const preset = percentilePresets.find((one) => one.key === key);
  // A difference has a scale of its own.
  return preset && shown && shown.frame.samples === 1 && state.compare !== 'difference' ? percentileWindow(shown.frame, 0.01, preset.high) : null;
}

/**
 * @param keepAs Images with the same name share window and inversion, however many are shown one after the other.
 * @param onShown Called with the name of the pixels each time others are drawn.
 */
export function SingleImage({ stack, empty, keepAs = '', onShown }: { stack: ImageStack | null; empty: ReactNode; keepAs?: string; onShown?: (pixels: string) => void }): ReactNode {
  const [pane] = useState(() => new Pane('single'));
  const space = useSpace(() => {
    pane.change(reset);
    const first = firstPreset(pane.state.stack);
    const voi = first === null ? null : presetOf(pane.state, first);
    if (voi) pane.change((state) => ({ ...state, voi }), true);
  });
  useEffect(() => {
    pane.onChanged = (before, { voi, invert }) => {
      if (before.voi !== voi) keep(keepAs, { voi, invert, preset: null });
      else if (before.invert !== invert) keep(keepAs, { voi, invert, preset: presetInForce(pane.state.stack, kept.get(keepAs)) });
    };
    return () => {
      pane.onChanged = null;
    };
  }, [pane, keepAs]);
  useEffect(() => {
    pane.open(stack);
    const before = kept.get(keepAs);
    if (stack && before) pane.change((state) => ({ ...state, voi: before.voi, invert: before.invert }), true);
  }, [pane, stack, keepAs]);
  const pixels = useStore(pane.store).shown?.pixels;
  const told = useRef(onShown);
  useEffect(() => {
    told.current = onShown;
  });
  useEffect(() => {
    if (pixels === undefined) return;
    const key = presetInForce(pane.state.stack, kept.get(keepAs));
    const voi = key === null ? null : presetOf(pane.state, key);
    if (voi) {
      pane.change((state) => ({ ...state, voi }), true);
      // The next image opens in this window until its own is found: no flash of another one between.
      keep(keepAs, { voi, invert: pane.state.invert, preset: key });
    }
    told.current?.(pixels);
  }, [pixels, pane, keepAs]);
  const preset = (key: string): void => {
    const voi = presetOf(pane.state, key);
    if (!voi) return;
    pane.change((state) => ({ ...state, voi }));
    keep(keepAs, { voi, invert: pane.state.invert, preset: key });
  };
  const length = useStore(pane.store).stack?.images.length ?? 0;
  const step = (key: string, does: string, by: number): Binding => ({ keys: [key], does, overLists: true, run: () => pane.step(by) });
  const compare = (kind: Compare): void => {
    if (imageAt(pane.state)?.source) pane.change((state) => ({ ...state, compare: state.compare === kind ? 'none' : kind }));
    else tell('Nothing to compare here: what it was made from is not in the library.');
  };
  useKeys([
    ...(length < 2 ? [] : [
      step('ArrowDown', 'next slice', 1),
      step('ArrowUp', 'previous slice', -1),
      step('Shift+ArrowDown', 'ten slices on', 10),
      step('Shift+ArrowUp', 'ten slices back', -10),
      { keys: ['Home'], does: 'first slice', overLists: true, run: () => pane.goTo(0) },
      { keys: ['End'], does: 'last slice', overLists: true, run: () => pane.goTo(length - 1) },
    ]),
    ...(stack?.provenance !== 'enhanced' ? [] : [
      { keys: ['X'], does: 'compare: before/after slider', overLists: true, run: () => compare('swipe') },
      { keys: ['Y'], does: 'compare: signed difference', overLists: true, run: () => compare('difference') },
    ]),
    ...['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'].map((key) => ({ keys: [key], does: 'window preset', overLists: true, run: () => preset(key) })),
    { keys: ['I'], does: 'invert', overLists: true, run: () => pane.change((state) => ({ ...state, invert: !state.invert })) },
  ]);
  return <PaneView pane={pane} tool="window" active={false} hideMarks={false} linked={null} empty={empty} isSpaceHeld={space.isHeld} onSpaceUsed={space.used} onActivate={() => {}} />;
}
