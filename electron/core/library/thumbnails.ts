/** Small pictures. Those of series are kept under `thumbnails/`, named by what they were made from, so that none is ever out of date. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { encode } from 'fast-png';
import { ensureDir, limits, sha256Hex, writeFileAtomic, type Log, type WorkerPool } from '#base';
import { ScanloomError, type ImageMeta, type SeriesDetail, type Window } from '#contract';
import type { DecodeImage } from './images.ts';
import { rescaleOf } from './image-meta.ts';
import { applyRescale } from '#dicom';
import type { Library } from './types.ts';
import { ThumbnailAnswer } from './workers/messages.ts';

interface Needs {
  readonly dir: string;
  readonly readOnly: boolean;
  readonly pool: WorkerPool;
  readonly studies: Library['studies'];
  readonly images: Library['images'];
  readonly decode: DecodeImage;
  readonly log: Log;
}

export function createThumbnails({ dir, readOnly, pool, studies, images, decode, log }: Needs): Library['thumbnails'] {
  const underWay = new Map<string, Promise<Uint8Array>>();

  async function make(detail: SeriesDetail, image: ImageMeta, file: string): Promise<Uint8Array> {
    const source = images.sourceFile(image.sopInstanceUid);
    let png: Uint8Array;
    if (detail.series.provenance === 'source' && image.samplesPerPixel === 1) {
      const { frame, header, frameIndex } = await decode(image.imageId);
      png = picture(applyRescale(frame.stored, rescaleOf(header, frameIndex)), image.rows, image.columns, image.window, false, frame.photometricInterpretation === 'MONOCHROME1');
    } else if (detail.series.provenance === 'source') {
      png = ThumbnailAnswer.parse(await pool.run({ op: 'thumbnail', path: source.path, frame: image.frame, size: limits.thumbnailPixels }, { priority: 'urgent' })).png;
    } else {
      const { frame, header, frameIndex } = await decode(image.imageId);
      png = picture(applyRescale(greyOf(frame.stored, frame.samples), rescaleOf(header, frameIndex)), image.rows, image.columns, image.window, true, frame.photometricInterpretation === 'MONOCHROME1');
    }
    if (!readOnly) {
      try {
        await ensureDir(path.dirname(file));
        await writeFileAtomic(file, png);
      } catch (thrown) {
        // Only a copy: a full disk must not keep the picture from the screen.
        log.warn('thumbnail-not-kept', { code: ScanloomError.from(thrown).code });
      }
    }
    return png;
  }

  return {
    async series(seriesUid) {
      const detail = studies.series(seriesUid);
      const image = representative(detail);
      if (image === null) throw new ScanloomError('request/not-found', 'The series has no image yet.');
      const { sha256 } = images.sourceFile(image.sopInstanceUid);
      // The window is part of the name: it is measured after the first picture may have been asked for.
      const name = sha256Hex(`${image.imageId}\n${sha256}\n${image.window.center} ${image.window.width}`);
      const file = path.join(dir, detail.series.shortId, `${name}.png`);
      const kept = await readFile(file).catch(() => null);
      if (kept !== null) return new Uint8Array(kept);
      const known = underWay.get(name);
      if (known !== undefined) return known;
      const made = make(detail, image, file).finally(() => underWay.delete(name));
      underWay.set(name, made);
      return made;
    },
    of: async (values, rows, columns, window, badge = false) => picture(values, rows, columns, window, badge, false),
  };
}

/** The middle of the largest stack. */
function representative(detail: SeriesDetail): ImageMeta | null {
  let largest: readonly ImageMeta[] = [];
  for (const { images } of detail.stacks) if (images.length > largest.length) largest = images;
  return largest[Math.floor(largest.length / 2)] ?? null;
}

/** First sample of each pixel; enough for a small grey picture of a synthetic colour image. */
function greyOf<T extends { readonly length: number; filter(keep: (value: number, index: number) => boolean): T }>(stored: T, samples: number): T {
  return samples === 1 ? stored : stored.filter((_, index) => index % samples === 0);
}

/**
 * PNG of values in a window, reduced by averaging to at most `limits.thumbnailPixels` on each side, never enlarged.
 *
 * @param values Row-major, any unit; the window is in the same.
 * @param badge  Draws the mark of what a model touched, so that the picture becomes RGB.
 */
function picture(values: Float32Array, rows: number, columns: number, window: Window, badge: boolean, inverted: boolean): Uint8Array {
  const scale = Math.max(1, Math.max(rows, columns) / limits.thumbnailPixels);
  const height = Math.max(1, Math.round(rows / scale));
  const width = Math.max(1, Math.round(columns / scale));
  const grey = new Uint8Array(width * height);
  const low = window.center - window.width / 2;
  for (let y = 0; y < height; y += 1) {
    const top = Math.floor((y * rows) / height);
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * rows) / height));
    for (let x = 0; x < width; x += 1) {
      const left = Math.floor((x * columns) / width);
      const right = Math.max(left + 1, Math.floor(((x + 1) * columns) / width));
      let sum = 0;
      for (let row = top; row < bottom; row += 1) for (let column = left; column < right; column += 1) sum += values[row * columns + column]!;
      const mean = sum / ((bottom - top) * (right - left));
      // Uint8Array would wrap around; NaN becomes black.
      const level = Math.min(255, Math.max(0, Math.round(((mean - low) / window.width) * 255))) || 0;
      grey[y * width + x] = inverted ? 255 - level : level;
    }
  }
  if (!badge) return encode({ width, height, data: grey, channels: 1, depth: 8 });
  return encode({ width, height, data: withBadge(grey, width, height), channels: 3, depth: 8 });
}

/** "AI", five dots wide and high each letter. */
const letters = ['01110 111', '10001 010', '11111 010', '10001 010', '10001 111'];
const badgeColour = [245, 158, 11] as const;

/** An amber field with "AI" in the upper left corner, the same as on the screen. */
function withBadge(grey: Uint8Array, width: number, height: number): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < grey.length; i += 1) rgb.fill(grey[i]!, i * 3, i * 3 + 3);
  const dot = Math.min(width, height) >= 96 ? 2 : 1;
  const set = (x: number, y: number, colour: readonly [number, number, number]): void => {
    if (x < width && y < height) rgb.set(colour, (y * width + x) * 3);
  };
  for (let y = 0; y < 9 * dot; y += 1) for (let x = 0; x < 13 * dot; x += 1) set(x, y, badgeColour);
  letters.forEach((line, row) => {
    [...line].forEach((mark, column) => {
      if (mark !== '1') return;
      for (let y = 0; y < dot; y += 1) for (let x = 0; x < dot; x += 1) set((column + 2) * dot + x, (row + 2) * dot + y, [0, 0, 0]);
    });
  });
  return rgb;
}
