/**
 * Stored values → a picture of 8 bits a channel, as a person would see it: PS3.3 C.11.2 (window), C.11.6 (inverse), C.7.6.3.1.2 (colour), C.7.9 (palette),
 * C.9.2 (overlays).
 *
 * For thumbnails, `render` and exported pictures; the viewer has its own, on the graphics card.
 */
import { ScanloomError } from '#contract/errors';
import type { DataSet } from './data-set.ts';
import { lookUp, modalityTableOf, readPalette, type Palette } from './lookup-tables.ts';
import { overlayBits, overlayPlanes } from './overlays.ts';
import { modalityValues } from './rescale.ts';
import type { ImageHeader, StoredFrame, WindowSetting } from './types.ts';
import { defaultWindow, voiOptions, type VoiSetting } from './window.ts';

export interface Picture {
  readonly rows: number;
  readonly columns: number;
  /** 1 grey, 3 RGB. */
  readonly channels: 1 | 3;
  /** Row-major, interleaved. */
  readonly pixels: Uint8Array;
}

/**
 * Grey of one value under a window (PS3.3 C.11.2.1.2 and C.11.2.1.3), 0…255.
 */
export function windowed(value: number, window: WindowSetting): number {
  const { center, width } = window;
  if (window.function === 'SIGMOID') return 255 / (1 + Math.exp((-4 * (value - center)) / width));
  if (window.function === 'LINEAR_EXACT' || width <= 1) {
    if (value <= center - width / 2) return 0;
    if (value > center + width / 2) return 255;
    return ((value - center) / width + 0.5) * 255;
  }
  if (value <= center - 0.5 - (width - 1) / 2) return 0;
  if (value > center - 0.5 + (width - 1) / 2) return 255;
  return ((value - (center - 0.5)) / (width - 1) + 0.5) * 255;
}

export interface RenderOptions {
  /** Needed for palettes, tables and overlays; without it a palette image is drawn as grey indices. */
  readonly dataset?: DataSet;
  /** In modality units; the file's first way to show the frame when left out, else defaultWindow of its values. */
  readonly window?: WindowSetting;
  /** A window or table instead; wins over `window`. */
  readonly voi?: VoiSetting;
  readonly frameIndex?: number;
  /** Overlay planes are drawn in white. False when left out: they are not part of the image. */
  readonly overlays?: boolean;
}

/** Draws one frame: modality LUT, VOI window or table, presentation LUT shape; palettes and colour spaces as RGB. */
export function renderFrame(frame: StoredFrame, header: ImageHeader, options: RenderOptions = {}): Picture {
  const picture = drawn(frame, header, options);
  return options.overlays === true && options.dataset !== undefined ? withOverlays(picture, options.dataset, options.frameIndex ?? 0) : picture;
}

function drawn(frame: StoredFrame, header: ImageHeader, options: RenderOptions): Picture {
  const { rows, columns } = frame;
  if (frame.samples >= 3) return { rows, columns, channels: 3, pixels: rgbOf(frame, header) };
  const palette = options.dataset === undefined ? null : usablePalette(options.dataset);
  if (frame.photometricInterpretation === 'PALETTE COLOR' && palette !== null) return { rows, columns, channels: 3, pixels: coloured(frame, palette) };
  const grey = greyOf(frame, header, options);
  // Values from the palette's first on are colour, those below it grey (C.8.16.2.1.1.1, supplemental palette).
  const isMixed = palette !== null && /^(COLOR|MIXED)/.test(options.dataset!.string('PixelPresentation'));
  if (!isMixed) return { rows, columns, channels: 1, pixels: grey };
  const pixels = new Uint8Array(grey.length * 3);
  grey.forEach((value, i) => {
    const stored = frame.stored[i]!;
    pixels.set(stored >= palette.first ? palette.colourOf(stored) : [value, value, value], i * 3);
  });
  return { rows, columns, channels: 3, pixels };
}

/** A damaged palette costs the colours, not the picture. */
function usablePalette(dataset: DataSet): Palette | null {
  try {
    return readPalette(dataset);
  } catch (thrown) {
    if (thrown instanceof ScanloomError) return null;
    throw thrown;
  }
}

function greyOf(frame: StoredFrame, header: ImageHeader, options: RenderOptions): Uint8Array {
  const { dataset, frameIndex = 0 } = options;
  const own = header.framesGeometry?.[frameIndex];
  const rescale = own?.rescale ?? header.rescale;
  const values = modalityValues(frame.stored, rescale, dataset === undefined ? null : modalityTableOf(dataset));
  const inverted = frame.photometricInterpretation === 'MONOCHROME1' || header.inverted === true;
  const grey = greyLevels(values, options.voi ?? (options.window !== undefined ? { window: options.window } : ownVoi(header, dataset, frameIndex)) ?? { window: defaultWindow(header, values) });
  if (inverted) for (let i = 0; i < grey.length; i += 1) grey[i] = 255 - grey[i]!;
  return grey;
}

/** What the file shows the frame with first: a window, else a table; null when it says nothing. */
function ownVoi(header: ImageHeader, dataset: DataSet | undefined, frameIndex: number): VoiSetting | null {
  const window = header.framesGeometry?.[frameIndex]?.window;
  if (window != null) return { window };
  if (dataset === undefined || header.windows.length > 0) return null;
  return voiOptions(dataset, header, frameIndex).find((voi) => 'table' in voi) ?? null;
}

/** Values through a window or a table, 0…255. */
export function greyLevels(values: Float32Array, voi: VoiSetting): Uint8Array {
  const grey = new Uint8Array(values.length);
  if ('table' in voi) {
    const scale = 255 / (2 ** voi.table.bits - 1);
    for (let i = 0; i < grey.length; i += 1) grey[i] = Math.min(255, Math.round(lookUp(voi.table, values[i]!) * scale));
  } else for (let i = 0; i < grey.length; i += 1) grey[i] = Math.round(windowed(values[i]!, voi.window));
  return grey;
}

/** Overlay planes in white over what is there; one that cannot be read is left out. */
function withOverlays(picture: Picture, dataset: DataSet, frameIndex: number): Picture {
  const { rows, columns, channels } = picture;
  const pixels = picture.pixels.slice();
  for (const plane of overlayPlanes(dataset)) {
    const bits = readableBits(dataset, plane.group, frameIndex);
    if (bits === null) continue;
    const [left, top] = plane.origin;
    for (let row = Math.max(0, -top); row < plane.rows && row + top < rows; row += 1) {
      for (let column = Math.max(0, -left); column < plane.columns && column + left < columns; column += 1) {
        if (bits[row * plane.columns + column] !== 1) continue;
        const at = ((row + top) * columns + column + left) * channels;
        pixels.fill(255, at, at + channels);
      }
    }
  }
  return { rows, columns, channels, pixels };
}

function readableBits(dataset: DataSet, group: number, frameIndex: number): Uint8Array | null {
  try {
    return overlayBits(dataset, group, frameIndex);
  } catch (thrown) {
    if (thrown instanceof ScanloomError) return null;
    throw thrown;
  }
}

/** Colour of 8 bits as RGB; YBR_FULL by ITU-R BT.601 in full range, YBR_PARTIAL in its narrow one (PS3.3 C.7.6.3.1.2). */
function rgbOf(frame: StoredFrame, header: ImageHeader): Uint8Array {
  const pixels = frame.rows * frame.columns;
  const out = new Uint8ClampedArray(pixels * 3);
  const shift = 2 ** Math.max(0, header.bitsStored - 8);
  const kind = frame.photometricInterpretation;
  const isFull = kind.startsWith('YBR_FULL');
  const isPartial = kind.startsWith('YBR_PARTIAL');
  const { stored, samples } = frame;
  // ARGB (retired): the first sample is how much of the palette shines through, which nobody stores for images to be read.
  const first = kind === 'ARGB' ? 1 : 0;
  for (let i = 0; i < pixels; i += 1) {
    const a = stored[i * samples + first]! / shift;
    const b = stored[i * samples + first + 1]! / shift;
    const c = stored[i * samples + first + 2]! / shift;
    const y = isPartial ? (255 / 219) * (a - 16) : a;
    const chroma = isPartial ? 255 / 224 : 1;
    const isYbr = isFull || isPartial;
    out[i * 3] = isYbr ? y + 1.402 * chroma * (c - 128) : a;
    out[i * 3 + 1] = isYbr ? y - chroma * (0.344136 * (b - 128) + 0.714136 * (c - 128)) : b;
    out[i * 3 + 2] = isYbr ? y + 1.772 * chroma * (b - 128) : c;
  }
  return new Uint8Array(out.buffer);
}

/** Indices through a palette. */
function coloured(frame: StoredFrame, palette: Palette): Uint8Array {
  const { rgb, first, entries } = palette;
  const out = new Uint8Array(frame.stored.length * 3);
  for (let i = 0; i < frame.stored.length; i += 1) {
    const at = Math.min(entries - 1, Math.max(0, frame.stored[i]! - first)) * 3;
    out[i * 3] = rgb[at]!;
    out[i * 3 + 1] = rgb[at + 1]!;
    out[i * 3 + 2] = rgb[at + 2]!;
  }
  return out;
}

/** Shrinks a picture so that neither side is longer than `largestSide`; each new pixel is the mean of what it covers. Never enlarges. */
export function fitPicture(picture: Picture, largestSide: number): Picture {
  const scale = Math.max(picture.rows, picture.columns) / largestSide;
  if (scale <= 1) return picture;
  const rows = Math.max(1, Math.round(picture.rows / scale));
  const columns = Math.max(1, Math.round(picture.columns / scale));
  const { channels } = picture;
  const pixels = new Uint8Array(rows * columns * channels);
  for (let row = 0; row < rows; row += 1) {
    const top = Math.floor((row * picture.rows) / rows);
    const bottom = Math.max(top + 1, Math.floor(((row + 1) * picture.rows) / rows));
    for (let column = 0; column < columns; column += 1) {
      const left = Math.floor((column * picture.columns) / columns);
      const right = Math.max(left + 1, Math.floor(((column + 1) * picture.columns) / columns));
      for (let channel = 0; channel < channels; channel += 1) {
        let sum = 0;
        for (let y = top; y < bottom; y += 1) for (let x = left; x < right; x += 1) sum += picture.pixels[(y * picture.columns + x) * channels + channel]!;
        pixels[(row * columns + column) * channels + channel] = Math.round(sum / ((bottom - top) * (right - left)));
      }
    }
  }
  return { rows, columns, channels, pixels };
}
