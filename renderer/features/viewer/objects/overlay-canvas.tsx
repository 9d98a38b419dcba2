/** The canvas over an image: fetches what lies on the image that is drawn, and draws it again whenever the image moves. */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { ScanloomError } from '#contract';
import { useStore } from '../../../client/index.ts';
import { imageDrawn } from '../pane/pane-state.ts';
import type { Pane } from '../pane/pane.ts';
import { drawLayers } from './draw-layers.ts';
import { layersFor } from './layers.ts';
import type { Layer } from './layers.ts';
import { overlays } from './overlay-state.ts';
import { objectsOf, useSeriesObjects } from './series-objects.ts';

export interface Shown {
  readonly pixels: string;
  readonly layers: readonly Layer[];
}

/** What lies over the image of a viewport now; nothing while it is fetched. */
export function useLayers(pane: Pane): { readonly shown: Shown | null; readonly error: ScanloomError | null } {
  const state = useStore(pane.store);
  const view = useStore(overlays);
  const image = imageDrawn(state);
  const pixels = state.shown?.pixels ?? null;
  const seriesUid = state.stack?.series?.seriesInstanceUid ?? null;
  const objects = useSeriesObjects(seriesUid);
  const [shown, setShown] = useState<Shown | null>(null);
  const [error, setError] = useState<ScanloomError | null>(null);
  // What was made from an image lies where the image lies: its objects show on it as well.
  const imageId = image === null ? null : image.source ? image.source.pixels.replace('scanloom:image/', '') : image.meta.imageId;
  const rows = image?.source?.rows ?? image?.meta.rows ?? 0;
  const columns = image?.source?.columns ?? image?.meta.columns ?? 0;
  const hasPlanes = image?.meta.more?.includes('overlays') === true;
  const isSynthetic = state.stack?.provenance === 'synthetic' && state.stack.item !== null;
  const { presentation } = state;
  useEffect(() => {
    if (imageId === null || pixels === null || seriesUid === null || isSynthetic) return;
    let isOver = false;
    const { segmentations, structureSets } = objectsOf(objects);
    layersFor({ imageId, seriesUid, rows, columns, segmentations, structureSets, hasPlanes, presentation, view }).then(
      (layers) => {
        if (isOver) return;
        setShown({ pixels, layers });
        setError(null);
      },
      (thrown: unknown) => {
        if (!isOver) setError(ScanloomError.from(thrown));
      },
    );
    return () => {
      isOver = true;
    };
  }, [imageId, pixels, seriesUid, rows, columns, hasPlanes, isSynthetic, presentation, objects, view]);
  return { shown: shown?.pixels === pixels ? shown : null, error };
}

export function OverlayCanvas({ pane, shown }: { pane: Pane; shown: Shown | null }): ReactNode {
  const state = useStore(pane.store);
  const drawn = useStore(pane.drawn);
  const view = useStore(overlays);
  const canvas = useRef<HTMLCanvasElement>(null);
  const image = imageDrawn(state);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    const { surface } = pane;
    if (!element || !context) return;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [Math.max(1, Math.round(element.clientWidth * ratio)), Math.max(1, Math.round(element.clientHeight * ratio))];
    if (element.width !== width) element.width = width;
    if (element.height !== height) element.height = height;
    const rows = image?.source?.rows ?? image?.meta.rows ?? 1;
    const columns = image?.source?.columns ?? image?.meta.columns ?? 1;
    const [origin, right, down] = [{ x: 0, y: 0 }, { x: image?.meta.columns ?? 1, y: 0 }, { x: 0, y: image?.meta.rows ?? 1 }].map((point) => surface?.toScreen(point));
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    if (!shown || shown.layers.length === 0 || !origin || !right || !down) return;
    const matrix = new DOMMatrix([
      ((right.x - origin.x) / columns) * ratio, ((right.y - origin.y) / columns) * ratio,
      ((down.x - origin.x) / rows) * ratio, ((down.y - origin.y) / rows) * ratio,
      origin.x * ratio, origin.y * ratio,
    ]);
    drawLayers(context, shown.layers, { matrix, rows, columns, ratio }, view);
  }, [pane, shown, drawn, view, image]);
  return <canvas ref={canvas} className="overlay-canvas" data-testid="overlay-canvas" data-layers={shown?.layers.length ?? 0} aria-hidden="true" />;
}
