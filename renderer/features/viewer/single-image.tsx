/** One viewport for another screen (review): wheel, window, zoom and pan as in the viewer, no tools but those. */
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { PaneView } from './pane/pane-view.tsx';
import { Pane } from './pane/pane.ts';
import { reset } from './pane/pane-state.ts';
import type { ImageStack } from './image-stack.ts';
import { useSpace } from './use-space.ts';

export function SingleImage({ stack, empty }: { stack: ImageStack | null; empty: ReactNode }): ReactNode {
  const [pane] = useState(() => new Pane('single'));
  const space = useSpace(() => pane.change(reset));
  useEffect(() => {
    pane.open(stack);
  }, [pane, stack]);
  return <PaneView pane={pane} tool="window" active={false} hideMarks={false} linked={null} empty={empty} isSpaceHeld={space.isHeld} onSpaceUsed={space.used} onActivate={() => {}} />;
}
