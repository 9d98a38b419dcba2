/** Small pictures. Those of series are kept under `thumbnails/`, named by what they were made from, so that none is ever out of date. */
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { encode } from 'fast-png';
import { ensureDir, limits, writeFileAtomic, sha256Hex, type Log, type WorkerPool } from '#base';
import { ScanloomError, type ImageMeta, type SeriesDetail } from '#contract';
import { fitPicture, renderFrame, windowed, type Picture } from '#dicom';
import type { DecodeImage } from './images.ts';
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

  async function make(detail: SeriesDetail, image: ImageMeta): Promise<Uint8Array> {
    if (detail.series.provenance === 'source') {
      const { path: file } = images.sourceFile(image.sopInstanceUid);
      return ThumbnailAnswer.parse(await pool.run({ op: 'thumbnail', path: file, frame: image.frame, size: limits.thumbnailPixels }, { priority: 'urgent' })).png;
    }
    const { frame, header, frameIndex } = await decode(image.imageId);
    return pngOf(withBadge(fitPicture(renderFrame(frame, header, { window: image.window, frameIndex }), limits.thumbnailPixels)));
  }

  async function keep(file: string, png: Uint8Array): Promise<void> {
    if (readOnly) return;
    try {
      await ensureDir(path.dirname(file));
      await writeFileAtomic(file, png);
      // A series keeps one, and each of its stacks: what stood for it before (fewer images, another window) is asked for no more.
      for (const name of await readdir(path.dirname(file))) if (name !== path.basename(file) && name.endsWith('.png')) await rm(path.join(path.dirname(file), name), { force: true });
    } catch (thrown) {
      // Only a copy: a full disk must not keep the picture from the screen.
      log.warn('thumbnail-not-kept', { code: ScanloomError.from(thrown).code });
    }
  }

  return {
    async series(seriesUid, stack) {
      const detail = studies.series(seriesUid);
      const image = stack === undefined ? representative(detail) : middleOf(detail.stacks[stack]?.images ?? []);
      if (image === null) throw new ScanloomError('request/not-found', 'The series has no image yet.');
      const { sha256 } = images.sourceFile(image.sopInstanceUid);
      // The window is part of the name: it is measured after the first picture may have been asked for.
      const name = sha256Hex(`${image.imageId}\n${sha256}\n${image.window.center} ${image.window.width}`);
      const file = path.join(dir, detail.series.shortId, ...(stack === undefined ? [] : [String(stack)]), `${name}.png`);
      const kept = await readFile(file).catch(() => null);
      if (kept !== null) return new Uint8Array(kept);
      const known = underWay.get(name);
      if (known !== undefined) return known;
      const made = make(detail, image)
        .then(async (png) => {
          await keep(file, png);
          return png;
        })
        .finally(() => underWay.delete(name));
      underWay.set(name, made);
      return made;
    },

    async of(values, rows, columns, window, badge = false) {
      const pixels = Uint8Array.from(values, (value) => Math.round(windowed(value, window)));
      const small = fitPicture({ rows, columns, channels: 1, pixels }, limits.thumbnailPixels);
      return pngOf(badge ? withBadge(small) : small);
    },
  };
}

/** The middle of the largest stack. */
function representative(detail: SeriesDetail): ImageMeta | null {
  let largest: readonly ImageMeta[] = [];
  for (const { images } of detail.stacks) if (images.length > largest.length) largest = images;
  return middleOf(largest);
}

function middleOf(images: readonly ImageMeta[]): ImageMeta | null {
  return images[Math.floor(images.length / 2)] ?? null;
}

function pngOf(picture: Picture): Uint8Array {
  return encode({ width: picture.columns, height: picture.rows, data: picture.pixels, channels: picture.channels, depth: 8 });
}

/** "AI", five dots wide and high. */
const letters = ['01110 111', '10001 010', '11111 010', '10001 010', '10001 111'];
const badgeColour = [245, 158, 11] as const;

/** The mark of what a model touched: an amber field with "AI" in the upper left corner. */
function withBadge(picture: Picture): Picture {
  const { rows, columns } = picture;
  const pixels = picture.channels === 3 ? picture.pixels.slice() : new Uint8Array(rows * columns * 3);
  if (picture.channels === 1) picture.pixels.forEach((grey, i) => pixels.fill(grey, i * 3, i * 3 + 3));
  const dot = Math.min(rows, columns) >= 96 ? 2 : 1;
  const fill = (left: number, top: number, width: number, height: number, colour: readonly [number, number, number]): void => {
    for (let y = top; y < Math.min(rows, top + height); y += 1) for (let x = left; x < Math.min(columns, left + width); x += 1) pixels.set(colour, (y * columns + x) * 3);
  };
  fill(0, 0, 13 * dot, 9 * dot, badgeColour);
  letters.forEach((line, row) => {
    [...line].forEach((mark, column) => {
      if (mark === '1') fill((column + 2) * dot, (row + 2) * dot, dot, dot, [0, 0, 0]);
    });
  });
  return { rows, columns, channels: 3, pixels };
}
