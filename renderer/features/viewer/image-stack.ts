/** What a viewport shows: an ordered list of images with the name of each one's pixels, whoever made them. */
import type { ImageMeta, Item, ItemDetail, SeriesDetail, SeriesSummary, StudySummary } from '#contract';
import { differencePixels, imagePixels, itemPixels } from './frames/pixel-address.ts';

export interface StackImage {
  readonly pixels: string;
  readonly meta: ImageMeta;
  /** Of an enhanced image: the pixels it came from and its difference to them. */
  readonly source: { readonly pixels: string; readonly difference: string; readonly rows: number; readonly columns: number } | null;
}

export interface ImageStack {
  /** `series:UID:0` or `item:ID`: also how an address names it. */
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
  };
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
  return { spec: `item:${item.itemId}`, provenance: item.provenance, title: item.title, images, badge: badgeOf(item, sourceRows), series: source?.series ?? null, study: source?.study ?? null, item, modality: item.modality };
}

/** `series:UID:0` or `item:ID` taken apart; null for anything else. */
export function parseSpec(spec: string | undefined): { kind: 'series'; uid: string; stack: number } | { kind: 'item'; itemId: string } | null {
  const series = /^series:([0-9.]{1,64})(?::(\d{1,4}))?$/.exec(spec ?? '');
  if (series) return { kind: 'series', uid: series[1] as string, stack: Number(series[2] ?? 0) };
  const item = /^item:([0-9a-f-]{36})$/.exec(spec ?? '');
  return item ? { kind: 'item', itemId: item[1] as string } : null;
}
