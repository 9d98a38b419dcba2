/** What a viewport shows: an ordered list of images with the name of each one's pixels, whoever made them. */
import type { ImageMeta, Item, ItemDetail, SeriesDetail, SeriesSummary, StudySummary } from '#contract';
import { differencePixels, imagePixels, itemPixels, planePixels } from './frames/pixel-address.ts';
import { planeMeta, planesOf, volumeOf } from './planes/plane-geometry.ts';
import type { Axis, PlaneName } from './planes/plane-geometry.ts';

export interface StackImage {
  readonly pixels: string;
  readonly meta: ImageMeta;
  /** Of an enhanced image: the pixels it came from and its difference to them. */
  readonly source: { readonly pixels: string; readonly difference: string; readonly rows: number; readonly columns: number } | null;
}

export interface ImageStack {
  /** `series:UID:0`, `plane:UID:0:1` or `item:ID`: also how an address names it. */
  readonly spec: string;
  readonly provenance: 'source' | 'enhanced' | 'synthetic';
  readonly title: string;
  readonly images: readonly StackImage[];
  /** Words of the amber badge; null only for what came from a scanner. */
  readonly badge: string | null;
  readonly series: SeriesSummary | null;
  readonly study: StudySummary | null;
  readonly item: Item | null;
  readonly modality: string;
  /** How often each place is there, in time or with another weighting: all images of the first time, then of the second. 1 where none repeats or some are missing. */
  readonly timePoints: number;
  /** Planes of the volume that its slices do not show; with their names, and how an address names them. Empty where there is no volume. */
  readonly planes: readonly { readonly name: PlaneName; readonly spec: string }[];
  /** Set where these images are such planes. */
  readonly plane: PlaneName | null;
}

/** Words of the badge of a made image. */
export function badgeOf(item: Pick<Item, 'provenance' | 'class' | 'rows'>, sourceRows?: number): string {
  if (item.provenance === 'synthetic') return `SYNTHETIC${item.class === null ? '' : ` · ${item.class}`} · RESEARCH`;
  const factor = sourceRows ? item.rows / sourceRows : Number.NaN;
  return `AI-ENHANCED${Number.isInteger(factor) ? ` ×${factor}` : ''} · RESEARCH`;
}

export function stackOfSeries(detail: SeriesDetail, stackIndex: number): ImageStack | null {
  const chosen = detail.stacks[stackIndex];
  if (!chosen) return null;
  const { series, study } = detail;
  const volume = volumeOf(chosen);
  return {
    spec: `series:${series.seriesInstanceUid}:${stackIndex}`,
    provenance: series.provenance,
    title: [series.description, chosen.stack.label].filter(Boolean).join(' · '),
    images: chosen.images.map((meta) => ({ pixels: imagePixels(meta), meta, source: null })),
    // A file that says of itself that a model made it is marked like our own.
    badge: series.provenance === 'synthetic' ? 'SYNTHETIC · RESEARCH' : series.provenance === 'enhanced' ? 'AI-ENHANCED · RESEARCH' : null,
    series,
    study,
    item: null,
    modality: series.modality,
    timePoints: chosen.images.length % chosen.stack.timePoints === 0 ? chosen.stack.timePoints : 1,
    planes: volume ? planesOf(volume).map(({ name, through }) => ({ name, spec: `plane:${series.seriesInstanceUid}:${stackIndex}:${through}` })) : [],
    plane: null,
  };
}

/** A stack seen across its slices, plane by plane; null where it is no volume. @param through The axis of the volume that leads from one plane to the next. */
export function stackOfPlanes(detail: SeriesDetail, stackIndex: number, through: Axis): ImageStack | null {
  const chosen = detail.stacks[stackIndex];
  const slices = stackOfSeries(detail, stackIndex);
  const volume = chosen ? volumeOf(chosen) : null;
  const layout = volume ? planesOf(volume).find((one) => one.through === through) : undefined;
  const middle = chosen?.images[Math.floor((chosen?.images.length ?? 0) / 2)];
  if (!slices || !volume || !layout || !middle) return null;
  const names = slices.images.map((image) => image.pixels);
  const { seriesInstanceUid } = detail.series;
  const images = Array.from({ length: volume.counts[through] }, (_, index): StackImage => {
    const pixels = planePixels(seriesInstanceUid, stackIndex, names, layout, index);
    return { pixels, meta: planeMeta(volume, layout, index, pixels, middle), source: null };
  });
  return { ...slices, spec: `plane:${seriesInstanceUid}:${stackIndex}:${through}`, title: `${slices.title} · ${layout.name}, across the slices`, images, plane: layout.name };
}

/** @param source The series that the item was made from, for comparing and for the corners. */
export function stackOfItem(detail: ItemDetail, source: SeriesDetail | null): ImageStack {
  const { item } = detail;
  const sourceImages = new Map(source?.stacks.flatMap((stack) => stack.images).map((meta) => [meta.imageId, meta]) ?? []);
  let sourceRows: number | undefined;
  const images = detail.images.map((meta, frame): StackImage => {
    const sourceMeta = sourceImages.get(detail.sourceImageIds[frame] ?? '');
    sourceRows ??= sourceMeta?.rows;
    const pixels = itemPixels(item.itemId, frame);
    if (!sourceMeta) return { pixels, meta, source: null };
    const sourcePixels = imagePixels(sourceMeta);
    return { pixels, meta, source: { pixels: sourcePixels, difference: differencePixels(item.itemId, frame, sourcePixels), rows: sourceMeta.rows, columns: sourceMeta.columns } };
  });
  return { spec: `item:${item.itemId}`, provenance: item.provenance, title: item.title, images, badge: badgeOf(item, sourceRows), series: source?.series ?? null, study: source?.study ?? null, item, modality: item.modality, timePoints: 1, planes: [], plane: null };
}

/** `series:UID:0`, `plane:UID:0:1` or `item:ID` taken apart; null for anything else. */
export function parseSpec(spec: string | undefined): { kind: 'series'; uid: string; stack: number } | { kind: 'plane'; uid: string; stack: number; through: Axis } | { kind: 'item'; itemId: string } | null {
  const plane = /^plane:([0-9.]{1,64}):(\d{1,4}):([01])$/.exec(spec ?? '');
  if (plane) return { kind: 'plane', uid: plane[1] as string, stack: Number(plane[2]), through: plane[3] === '0' ? 0 : 1 };
  const series = /^series:([0-9.]{1,64})(?::(\d{1,4}))?$/.exec(spec ?? '');
  if (series) return { kind: 'series', uid: series[1] as string, stack: Number(series[2] ?? 0) };
  const item = /^item:([0-9a-f-]{36})$/.exec(spec ?? '');
  return item ? { kind: 'item', itemId: item[1] as string } : null;
}

/** The stack that images belong to as a list names it: of planes, that whose slices they cut. */
export function listedSpec(spec: string | undefined): string | null {
  const parsed = parseSpec(spec);
  return parsed?.kind === 'plane' ? `series:${parsed.uid}:${parsed.stack}` : (spec ?? null);
}
