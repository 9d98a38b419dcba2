/**
 * What lies over one image, ready to be drawn: areas with their outlines, lines, words and covers, all in image points of the source image.
 * Everything is fetched before a layer is shown, and a layer names the image it belongs to, so that no mask ever stands on another slice.
 */
import type { PresentationState } from '#contract';
import { outlineOf, largestOf } from './mask-shapes.ts';
import { objectStore } from './object-store.ts';
import { segmentKey } from './overlay-state.ts';
import type { OverlayState } from './overlay-state.ts';

export type Colour = readonly [number, number, number];

export interface AreaLayer {
  readonly kind: 'area';
  /** Name of the segment or structure, for the probe. */
  readonly name: string;
  readonly colour: Colour;
  /** Outline in image points. */
  readonly outline: Path2D;
  /** Where the area is filled: a picture of the mask's grid, or the outline's own inside. */
  readonly fill: { readonly kind: 'picture'; readonly canvas: HTMLCanvasElement; readonly at: readonly [number, number] } | { readonly kind: 'path'; readonly rule: CanvasFillRule } | null;
  readonly contains: (x: number, y: number) => boolean;
}
/** Overlay planes are drawn as they are: full colour, no outline, no opacity. */
export interface PlaneLayer {
  readonly kind: 'plane';
  readonly canvas: HTMLCanvasElement;
  readonly at: readonly [number, number];
}
export interface ShutterLayer {
  readonly kind: 'shutter';
  readonly state: PresentationState;
  readonly bitmaps: readonly PlaneLayer[];
}
export interface AnnotationLayer {
  readonly kind: 'annotations';
  readonly state: PresentationState;
  readonly imageId: string;
}
export type Layer = AreaLayer | PlaneLayer | ShutterLayer | AnnotationLayer;

export interface LayerRequest {
  readonly imageId: string;
  readonly seriesUid: string;
  readonly rows: number;
  readonly columns: number;
  /** Objects that lie on this series, by kind. */
  readonly segmentations: readonly string[];
  readonly structureSets: readonly string[];
  readonly hasPlanes: boolean;
  readonly presentation: PresentationState | null;
  readonly view: OverlayState;
}

/** Everything over one image, from the bottom up. @throws what a fetch threw */
export async function layersFor(request: LayerRequest): Promise<Layer[]> {
  const { view, presentation, imageId } = request;
  if (view.hidden) return [];
  const isPresented = presentation?.imageIds.includes(imageId) === true;
  const wanted: Promise<Layer[]>[] = [
    ...request.segmentations.filter((uid) => view.on.has(uid)).map((uid) => segmentAreas(request, uid)),
    ...request.structureSets.filter((uid) => view.on.has(uid)).map((uid) => structureAreas(request, uid)),
    ...(isPresented ? [shutterOf(presentation)] : []),
    ...(request.hasPlanes && view.planes ? [imagePlanes(imageId)] : []),
    ...(isPresented ? [statePlanes(presentation), Promise.resolve<Layer[]>([{ kind: 'annotations', state: presentation, imageId }])] : []),
  ];
  return (await Promise.all(wanted)).flat();
}

async function segmentAreas({ imageId, seriesUid, view }: LayerRequest, uid: string): Promise<Layer[]> {
  const detail = await objectStore.segmentation(uid, seriesUid);
  if (!detail.images.some((image) => image.imageId === imageId)) return [];
  const masks = await objectStore.masks(uid, imageId);
  return masks.planes.flatMap(({ number, bytes }): Layer[] => {
    const segment = detail.segments.find((one) => one.number === number);
    if (!segment || view.off.has(segmentKey(uid, number))) return [];
    const most = largestOf(bytes);
    if (most === 0) return [];
    const isFractional = detail.type === 'fractional';
    // A fractional area is outlined where it is at least half.
    const threshold = isFractional ? 128 : 1;
    return [{
      kind: 'area',
      name: segment.label,
      colour: segment.colour,
      outline: pathOf(bytes, masks.rows, masks.columns, threshold),
      fill: { kind: 'picture', canvas: pictureOf(bytes, masks.rows, masks.columns, segment.colour, isFractional ? 255 : 1), at: [0, 0] },
      contains: (x, y) => x >= 0 && y >= 0 && x < masks.columns && y < masks.rows && (bytes[Math.floor(y) * masks.columns + Math.floor(x)] as number) >= threshold,
    }];
  });
}

const paths = new WeakMap<Uint8Array, Path2D>();
function pathOf(mask: Uint8Array, rows: number, columns: number, threshold: number): Path2D {
  const known = paths.get(mask);
  if (known) return known;
  const path = new Path2D();
  const pieces = outlineOf(mask, rows, columns, threshold);
  for (let i = 0; i < pieces.length; i += 4) {
    path.moveTo(pieces[i] as number, pieces[i + 1] as number);
    path.lineTo(pieces[i + 2] as number, pieces[i + 3] as number);
  }
  paths.set(mask, path);
  return path;
}

const pictures = new WeakMap<Uint8Array, HTMLCanvasElement>();
/** A mask in one colour; `full` is the value that covers wholly. */
function pictureOf(mask: Uint8Array, rows: number, columns: number, colour: Colour, full: number): HTMLCanvasElement {
  const known = pictures.get(mask);
  if (known) return known;
  const canvas = document.createElement('canvas');
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext('2d');
  if (context && rows > 0 && columns > 0) {
    const pixels = context.createImageData(columns, rows);
    for (let i = 0; i < rows * columns; i += 1) {
      const value = mask[i] as number;
      if (value === 0) continue;
      pixels.data.set([colour[0], colour[1], colour[2], Math.min(255, Math.round((value / full) * 255))], i * 4);
    }
    context.putImageData(pixels, 0, 0);
  }
  pictures.set(mask, canvas);
  return canvas;
}

async function structureAreas({ imageId, seriesUid, view }: LayerRequest, uid: string): Promise<Layer[]> {
  const detail = await objectStore.structureSet(uid, seriesUid);
  if (!detail.images.some((image) => image.imageId === imageId)) return [];
  const found = await objectStore.contours(uid, imageId);
  return found.rois.flatMap(({ number, contours }): Layer[] => {
    const roi = detail.rois.find((one) => one.number === number);
    if (!roi || view.off.has(segmentKey(uid, number))) return [];
    const outline = new Path2D();
    const closed = new Path2D();
    for (const { type, points } of contours) {
      // A place of the contract is 0 at the centre of the first pixel, an image point 0.5.
      if (type === 'point') {
        const [x, y] = [(points[0] ?? 0) + 0.5, (points[1] ?? 0) + 0.5];
        outline.moveTo(x - 2, y);
        outline.lineTo(x + 2, y);
        outline.moveTo(x, y - 2);
        outline.lineTo(x, y + 2);
        continue;
      }
      for (const path of type === 'closed' ? [outline, closed] : [outline]) {
        for (let i = 0; i + 1 < points.length; i += 2) {
          const [x, y] = [(points[i] as number) + 0.5, (points[i + 1] as number) + 0.5];
          if (i === 0) path.moveTo(x, y);
          else path.lineTo(x, y);
        }
        if (type === 'closed') path.closePath();
      }
    }
    const probe = document.createElement('canvas').getContext('2d');
    return [{ kind: 'area', name: roi.name, colour: roi.colour, outline, fill: { kind: 'path', rule: roi.fill }, contains: (x, y) => probe?.isPointInPath(closed, x, y, roi.fill) === true }];
  });
}

/** Overlays are white where nobody chose a colour; a dark rim keeps them readable on white. */
const planeColour: Colour = [255, 255, 255];

async function imagePlanes(imageId: string): Promise<Layer[]> {
  const { overlays } = await objectStore.display(imageId);
  return Promise.all(overlays.map(async (plane): Promise<Layer> => {
    const bytes = await objectStore.imagePlane(imageId, plane.group);
    return { kind: 'plane', canvas: pictureOf(bytes, plane.rows, plane.columns, planeColour, 1), at: plane.origin };
  }));
}

async function statePlanes(state: PresentationState): Promise<Layer[]> {
  const shutters = new Set(state.shutters.flatMap((shutter) => (shutter.shape === 'bitmap' ? [shutter.group] : [])));
  return Promise.all(state.overlays.filter((plane) => !shutters.has(plane.group)).map((plane) => planeOf(state, plane.group, planeColour)));
}

async function planeOf(state: PresentationState, group: number, colour: Colour): Promise<PlaneLayer> {
  const plane = state.overlays.find((one) => one.group === group);
  const bytes = await objectStore.objectPlane(state.object.sopInstanceUid, group);
  return { kind: 'plane', canvas: pictureOf(bytes, plane?.rows ?? 0, plane?.columns ?? 0, colour, 1), at: plane?.origin ?? [0, 0] };
}

async function shutterOf(state: PresentationState): Promise<Layer[]> {
  if (state.shutters.length === 0) return [];
  const bitmaps = await Promise.all(state.shutters.flatMap((shutter) => (shutter.shape === 'bitmap' ? [planeOf(state, shutter.group, state.shutterColour)] : [])));
  return [{ kind: 'shutter', state, bitmaps }];
}
