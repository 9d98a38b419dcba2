/**
 * Names of pixels inside the page, and how each is had. `scanloom:image/ID` is a stored frame of a file, `scanloom:item/ID/N` a float frame
 * that a model made, `scanloom:difference/ID/N` that frame minus its source, `scanloom:plane/UID/STACK/AXIS/N` a plane across the slices of a volume.
 */
import { ScanloomError } from '#contract';
import type { ImageMeta } from '#contract';
import { fetchPixels, urls } from '../../../client/index.ts';
import { differenceOf } from './difference.ts';
import { FrameStore } from './frame-store.ts';
import { cutPlane } from '../planes/cut-plane.ts';
import type { PlaneLayout } from '../planes/plane-geometry.ts';
import { makeFrame, valuesOf } from './frame.ts';
import type { Frame } from './frame.ts';

type Source =
  | { readonly kind: 'fetch'; readonly url: string; readonly slope: number; readonly intercept: number }
  | { readonly kind: 'difference'; readonly enhanced: string; readonly source: string }
  | { readonly kind: 'plane'; readonly slices: readonly string[]; readonly layout: PlaneLayout; readonly index: number };

const sources = new Map<string, Source>();
const mostSources = 200_000;

function register(id: string, source: Source): string {
  if (sources.size >= mostSources) sources.delete(sources.keys().next().value as string);
  sources.set(id, source);
  return id;
}

/** Names the pixels of a source image: stored values with the image's own rescale, or the colours of a colour image. */
export function imagePixels(meta: Pick<ImageMeta, 'imageId' | 'rescale' | 'samplesPerPixel' | 'photometricInterpretation' | 'more'>): string {
  const isColour = meta.samplesPerPixel > 1 || meta.photometricInterpretation === 'PALETTE COLOR' || meta.more?.includes('colours') === true;
  // Colour comes as it is seen: YBR and palettes are the host's business.
  if (isColour) return register(`scanloom:image/${meta.imageId}`, { kind: 'fetch', url: urls.imageColour(meta.imageId), slope: 1, intercept: 0 });
  return register(`scanloom:image/${meta.imageId}`, { kind: 'fetch', url: urls.imagePixels(meta.imageId), ...meta.rescale });
}

/** Names one frame of an item; its values are modality units already. */
export function itemPixels(itemId: string, frame: number): string {
  return register(`scanloom:item/${itemId}/${frame}`, { kind: 'fetch', url: urls.itemPixels(itemId, frame), slope: 1, intercept: 0 });
}

/** Names an item's frame minus its source. */
export function differencePixels(itemId: string, frame: number, source: string): string {
  return register(`scanloom:difference/${itemId}/${frame}`, { kind: 'difference', enhanced: itemPixels(itemId, frame), source });
}

/** Names a plane across the slices of a volume. @param slices Names of all their pixels, in order. */
export function planePixels(seriesUid: string, stackIndex: number, slices: readonly string[], layout: PlaneLayout, index: number): string {
  return register(`scanloom:plane/${seriesUid}/${stackIndex}/${layout.through}/${index}`, { kind: 'plane', slices, layout, index });
}

/** One grey frame in modality units. */
function unitsOf(frame: Frame): { values: Float32Array; rows: number; columns: number } {
  const { rows, columns, slope, intercept, values } = frame;
  if (values instanceof Float32Array && slope === 1 && intercept === 0) return { rows, columns, values };
  const out = new Float32Array(rows * columns);
  for (let i = 0; i < out.length; i += 1) out[i] = slope * (values[i] as number) + intercept;
  return { rows, columns, values: out };
}

async function load(id: string): Promise<Frame> {
  const source = sources.get(id);
  if (!source) throw new ScanloomError('internal', 'The page asked for pixels that it does not know.', { details: { id } });
  if (source.kind === 'difference') {
    const [enhanced, base] = await Promise.all([frames.get(source.enhanced), frames.get(source.source)]);
    const made = unitsOf(enhanced);
    return makeFrame({ rows: made.rows, columns: made.columns, samples: 1, values: differenceOf(made, unitsOf(base)), slope: 1, intercept: 0, photometric: 'MONOCHROME2' });
  }
  if (source.kind === 'plane') return cutPlane(await Promise.all(source.slices.map((slice) => frames.get(slice))), source.layout, source.index);
  const answer = await fetchPixels(source.url);
  return makeFrame({ rows: answer.rows, columns: answer.columns, samples: answer.samples, photometric: answer.photometric, values: valuesOf(answer.dtype, answer.bytes), slope: source.slope, intercept: source.intercept });
}

/** All frames of the page. Half a gigabyte holds a thousand CT slices of 512². */
export const frames = new FrameStore(load, { limitBytes: 512 * 1024 * 1024, atOnce: 4, isDerived: (id) => sources.get(id)?.kind !== 'fetch' });
