/** Which scale holds between points of an image: that of the whole image, of one region of an ultrasound screen, or of one tile of a mosaic. Pure. */
import type { ImageMeta } from '#contract';
import type { Point, SpacingMm } from './roi.ts';

export interface Scale {
  /** [row, column], mm; null: there is none between these points, and lengths are in pixels. */
  readonly spacing: SpacingMm;
  /** What has to be said beside the figure; '' where nothing has. */
  readonly note: string;
}

type Measured = Pick<ImageMeta, 'pixelSpacingMm' | 'regions' | 'mosaic' | 'rows' | 'columns'>;
type Region = NonNullable<ImageMeta['regions']>[number];

/** @param points In image coordinates as in `roi.ts`. */
export function scaleBetween(meta: Measured, points: readonly Point[]): Scale {
  if (meta.regions !== undefined && meta.regions.length > 0) return scaleOfRegions(meta.regions, points);
  if (meta.mosaic !== undefined && meta.pixelSpacingMm !== null) return scaleOfTiles(meta, points);
  return { spacing: meta.pixelSpacingMm, note: '' };
}

function holds({ left, top, right, bottom }: Region, { x, y }: Point): boolean {
  return x >= left && x <= right + 1 && y >= top && y <= bottom + 1;
}

function scaleOfRegions(regions: readonly Region[], points: readonly Point[]): Scale {
  const around = regions.filter((region) => points.every((point) => holds(region, point)));
  const [first] = around;
  if (first === undefined) return { spacing: null, note: points.some((point) => regions.some((region) => holds(region, point))) ? 'across regions: no mm' : 'outside the scaled regions: no mm' };
  if (first.spacingMm === null || around.some(({ spacingMm }) => spacingMm === null)) return { spacing: null, note: 'no scale in this region' };
  const [row, column] = first.spacingMm;
  // A magnified part may lie over another one.
  const isOne = around.every(({ spacingMm }) => spacingMm !== null && Math.abs(spacingMm[0] - row) <= 1e-3 * row && Math.abs(spacingMm[1] - column) <= 1e-3 * column);
  return isOne ? { spacing: [row, column], note: '' } : { spacing: null, note: 'two scales here: no mm' };
}

/** Rows and columns of one tile: a mosaic is as many tiles wide as high, the last ones empty. Null where the number is not known or does not fit. */
export function tileSize({ mosaic, rows, columns }: Pick<ImageMeta, 'mosaic' | 'rows' | 'columns'>): { readonly rows: number; readonly columns: number } | null {
  if (mosaic === undefined || mosaic.tiles === null) return null;
  const across = Math.ceil(Math.sqrt(mosaic.tiles));
  return rows % across === 0 && columns % across === 0 ? { rows: rows / across, columns: columns / across } : null;
}

function scaleOfTiles(meta: Measured, points: readonly Point[]): Scale {
  const tile = tileSize(meta);
  if (tile === null) return { spacing: meta.pixelSpacingMm, note: 'holds within one tile only' };
  const among = (values: readonly number[], size: number): boolean => {
    const start = Math.floor(Math.min(...values) / size) * size;
    return Math.max(...values) <= start + size;
  };
  const isInOne = among(points.map(({ x }) => x), tile.columns) && among(points.map(({ y }) => y), tile.rows);
  return isInOne ? { spacing: meta.pixelSpacingMm, note: '' } : { spacing: null, note: 'across tiles: no mm' };
}

/** What is said of a mosaic beside its series; null for any other image. */
export function mosaicWords(meta: Pick<ImageMeta, 'mosaic' | 'rows' | 'columns'> | undefined): string | null {
  if (meta?.mosaic === undefined) return null;
  const { tiles } = meta.mosaic;
  return `Mosaic: its tiles are ${tiles === null ? 'slices' : `${tiles} slices`} on one sheet. It has no one position; lengths hold within a tile.`;
}
