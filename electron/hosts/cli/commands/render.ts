import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createMemoryLog, writeFileAtomic } from '#base';
import { ScanloomError, type ImageMeta, type Item } from '#contract';
import type { Core } from '#core';
import { decodeFrame, describeImage, isPresentationState, parseDicom, readPresentationState, renderFrame, renderWithState, type Picture, type WindowSetting } from '#dicom';
import { label } from '#exports';
import { isContainer, openLibrary, type Library } from '#library';
import type { Command, CommandContext } from '../command.ts';
import { greyPicture, scaled, toPng } from '../picture.ts';

interface Drawn {
  readonly picture: Picture;
  readonly spacing: readonly [number, number] | null;
  readonly mark: string | null;
  readonly what: string;
}

function windowFrom(given: string | undefined): WindowSetting | undefined {
  if (given === undefined) return undefined;
  const [center, width, ...more] = given.split(',').map(Number);
  if (center === undefined || width === undefined || more.length > 0 || !Number.isFinite(center) || !(width > 0)) throw new ScanloomError('usage/invalid', `--window takes CENTER,WIDTH, not "${given.slice(0, 40)}".`);
  return { center, width };
}

function chosenFrame(frame: number | undefined, count: number): number {
  const chosen = frame ?? Math.floor(count / 2);
  if (chosen >= count) throw new ScanloomError('usage/invalid', `There are ${count} images; --frame counts from 0.`);
  return chosen;
}

async function drawFile(file: string, frame: number | undefined, window: WindowSetting | undefined, state?: string): Promise<Drawn> {
  const parsed = parseDicom(new Uint8Array(await readFile(file)));
  const header = describeImage(parsed);
  if (!header.hasPixels) throw new ScanloomError('dicom/no-pixels', 'This object holds no image.');
  const index = chosenFrame(frame, Math.max(1, header.frames));
  const decoded = await decodeFrame(parsed, index);
  const picture = state === undefined ? renderFrame(decoded, header, { dataset: parsed.dataset, frameIndex: index, overlays: true, ...(window === undefined ? {} : { window }) }) : await drawWithState(state, { frame: decoded, header, dataset: parsed.dataset, frameIndex: index });
  return { picture, spacing: header.pixelSpacingMm, mark: header.syntheticData === 'YES' ? markOf(header.imageType.includes('RESAMPLED') ? 'enhanced' : 'synthetic') : null, what: path.basename(file) };
}

async function drawWithState(state: string, target: Parameters<typeof renderWithState>[0]): Promise<Picture> {
  const { dataset } = parseDicom(new Uint8Array(await readFile(state)));
  if (!isPresentationState(dataset.string('SOPClassUID'))) throw new ScanloomError('usage/invalid', '--state takes the file of a presentation state.');
  const content = readPresentationState(dataset);
  if (!content.images.some(({ sopInstanceUid }) => sopInstanceUid === target.header.sopInstanceUid)) throw new ScanloomError('usage/invalid', 'This presentation state does not refer to the image.', { hint: 'A state holds for the images that it names, and for no others.' });
  return renderWithState(target, content, dataset);
}

function markOf(provenance: Item['provenance']): string {
  return `${label[provenance]} - research`;
}

async function drawItem(core: Core, itemId: string, frame: number | undefined, window: WindowSetting | undefined): Promise<Drawn> {
  const { item, images } = core.services.library.items.get(itemId);
  const index = chosenFrame(frame, item.frames);
  const meta = images[index]!;
  const values = await core.services.library.items.frame(itemId, index);
  return { picture: greyPicture(values, item.rows, item.columns, window ?? meta.window), spacing: meta.pixelSpacingMm, mark: markOf(item.provenance), what: item.title };
}

/** What lies in a folder, an archive or a NIfTI file: read into a library that is gone afterwards; the largest series is drawn. */
async function drawContainer(context: CommandContext, place: string, frame: number | undefined, window: WindowSetting | undefined): Promise<Drawn> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'scanloom-render-'));
  try {
    const library = await openLibrary({ dir: path.join(dir, 'library'), clock: context.clock, log: createMemoryLog(), workers: { entry: path.join(context.places.entries, 'dicom-worker.js'), size: 2 } });
    try {
      const handle = library.ingest.start([place]);
      const stop = (): void => handle.cancel();
      context.signal.addEventListener('abort', stop, { once: true });
      const state = await handle.done;
      if (context.signal.aborted) throw new ScanloomError('job/cancelled', 'Stopped.');
      const [largest] = state.seriesUids.map((uid) => library.studies.series(uid).series).sort((a, b) => b.images - a.images);
      if (largest === undefined) {
        const [refused] = state.refused;
        throw new ScanloomError('input/empty', refused === undefined ? 'There are no images in it.' : `There are no images in it that can be read: ${refused.message}`, { hint: '`scanloom inspect` says what is there.' });
      }
      return { ...(await drawSeries(library, largest.seriesInstanceUid, frame, window)), what: `${largest.modality} series of ${largest.images} images in ${path.basename(place)}` };
    } finally {
      await library.close();
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function drawSeries(library: Library, seriesUid: string, frame: number | undefined, window: WindowSetting | undefined): Promise<Drawn> {
  const { series, stacks } = library.studies.series(seriesUid);
  const images: ImageMeta[] = stacks.flatMap((stack) => stack.images);
  if (images.length === 0) throw new ScanloomError('input/empty', 'The series has no images.');
  const largest = stacks.reduce((a, b) => (b.images.length > a.images.length ? b : a));
  const meta = frame === undefined ? largest.images[Math.floor(largest.images.length / 2)]! : images[chosenFrame(frame, images.length)]!;
  const mark = series.provenance === 'source' ? null : markOf(series.provenance);
  const what = `${series.modality} series ${series.shortId}`;
  // What values and a window alone do not say is drawn from the file itself.
  const isPlain = meta.samplesPerPixel === 1 && meta.photometricInterpretation !== 'PALETTE COLOR' && meta.inverted !== true && !(meta.more ?? []).some((word) => word === 'overlays' || word === 'voi-table' || word === 'colours');
  if (!isPlain) return { ...(await drawFile(library.images.sourceFile(meta.sopInstanceUid).path, meta.frame, window)), mark, what };
  const { values, rows, columns } = await library.images.values(meta.imageId);
  const picture = greyPicture(values, rows, columns, window ?? meta.window);
  if (meta.photometricInterpretation === 'MONOCHROME1') picture.pixels.forEach((value, i) => { picture.pixels[i] = 255 - value; });
  return { picture, spacing: meta.pixelSpacingMm, mark, what };
}

async function draw(context: CommandContext, word: string): Promise<Drawn> {
  const frame = context.args.whole('frame', { min: 0, max: 1_000_000 });
  const window = windowFrom(context.args.text('window'));
  const place = path.resolve(context.cwd, word);
  if (existsSync(place)) {
    const state = context.args.text('state');
    if (await isContainer(place)) {
      if (state !== undefined) throw new ScanloomError('usage/invalid', '--state is for a DICOM file.');
      return drawContainer(context, place, frame, window);
    }
    return drawFile(place, frame, window, state === undefined ? undefined : path.resolve(context.cwd, state));
  }
  if (context.args.text('state') !== undefined) throw new ScanloomError('usage/invalid', '--state is for a FILE.');
  const core = await context.openCore('look');
  const { items } = core.services.library;
  const matching = word.length < 4 ? [] : items.list({ limit: 10_000, offset: 0 }).filter(({ itemId }) => itemId === word || itemId.startsWith(word.toLowerCase()));
  if (matching.length === 1) return drawItem(core, matching[0]!.itemId, frame, window);
  if (matching.length > 1) throw new ScanloomError('usage/invalid', `Several items begin with "${word}".`, { hint: 'Give more characters.' });
  return drawSeries(core.services.library, core.services.library.studies.resolveSeries(word), frame, window);
}

export const render: Command = {
  name: 'render',
  usage: 'render ITEM|SERIES|FILE|FOLDER|ARCHIVE --out F.png',
  summary: 'one image as a person would see it; what a model touched keeps its mark',
  options: {
    out: { kind: 'text', value: 'F.png', help: 'The picture; replaced when it is there.' },
    frame: { kind: 'text', value: 'N', help: 'Which image, from 0 in the order of the stacks; the middle one when left out.' },
    window: { kind: 'text', value: 'CENTER,WIDTH', help: 'In HU or the image\'s own units; the image\'s window when left out.' },
    state: { kind: 'text', value: 'FILE', help: 'A presentation state that the file\'s image is shown by: its window, shutters and graphics.' },
    zoom: { kind: 'text', value: 'Z', help: 'Screen pixels for one image pixel, 0.05 to 16.' },
  },
  async run(context) {
    const { args, out } = context;
    const [word, ...more] = args.positionals;
    const target = args.text('out');
    if (word === undefined || more.length > 0) throw new ScanloomError('usage/invalid', 'render takes one file, series or item.');
    if (target === undefined || !/\.png$/i.test(target)) throw new ScanloomError('usage/invalid', 'render needs --out F.png.');
    const zoom = Number(args.text('zoom') ?? '1');
    if (!(zoom >= 0.05 && zoom <= 16)) throw new ScanloomError('usage/invalid', '--zoom is a number from 0.05 to 16.');
    const { picture, spacing, mark, what } = await draw(context, word);
    const file = path.resolve(context.cwd, target);
    const shown = scaled(picture, spacing, zoom);
    await writeFileAtomic(file, toPng(shown, mark));
    out.result({ file, rows: shown.rows, columns: shown.columns, mark }, `${what}: ${shown.columns} × ${shown.rows} pixels in ${file}${mark === null ? '' : `, marked "${mark}"`}`);
    return 0;
  },
};
