/**
 * Stored values → a picture of 8 bits a channel, as a person would see it: PS3.3 C.11.2 (window), C.7.6.3.1.2 (colour), C.7.9 (palette).
 *
 * For thumbnails, `render` and exported pictures; the viewer has its own, on the graphics card.
 */
import type { DataSet } from './data-set.ts';
import { applyRescale } from './rescale.ts';
import type { ImageHeader, StoredFrame, WindowSetting } from './types.ts';
import { defaultWindow } from './window.ts';

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

/**
 * Draws one frame.
 *
 * @param dataset Needed for palettes; without it a palette image is drawn as grey indices.
 * @param window  In modality units; defaultWindow of the frame when left out.
 */
export function renderFrame(frame: StoredFrame, header: ImageHeader, options: { dataset?: DataSet; window?: WindowSetting; frameIndex?: number } = {}): Picture {
  const { rows, columns } = frame;
  if (frame.samples >= 3) return { rows, columns, channels: 3, pixels: rgbOf(frame, header) };
  if (frame.photometricInterpretation === 'PALETTE COLOR' && options.dataset !== undefined) {
    const pixels = paletteOf(frame, options.dataset);
    if (pixels !== null) return { rows, columns, channels: 3, pixels };
  }
  const rescale = header.framesGeometry?.[options.frameIndex ?? 0]?.rescale ?? header.rescale ?? { slope: 1, intercept: 0 };
  const values = applyRescale(frame.stored, rescale);
  const window = options.window ?? defaultWindow(header, values);
  const inverted = frame.photometricInterpretation === 'MONOCHROME1';
  const pixels = new Uint8Array(rows * columns);
  for (let i = 0; i < pixels.length; i += 1) {
    const grey = Math.round(windowed(values[i]!, window));
    pixels[i] = inverted ? 255 - grey : grey;
  }
  return { rows, columns, channels: 1, pixels };
}

/** Colour of 8 bits as RGB; YBR_FULL by ITU-R BT.601, full range (PS3.3 C.7.6.3.1.2). */
function rgbOf(frame: StoredFrame, header: ImageHeader): Uint8Array {
  const pixels = frame.rows * frame.columns;
  const out = new Uint8ClampedArray(pixels * 3);
  const shift = 2 ** Math.max(0, header.bitsStored - 8);
  const isYbr = frame.photometricInterpretation.startsWith('YBR_FULL') || frame.photometricInterpretation.startsWith('YBR_PARTIAL');
  const { stored, samples } = frame;
  for (let i = 0; i < pixels; i += 1) {
    const a = stored[i * samples]! / shift;
    const b = stored[i * samples + 1]! / shift;
    const c = stored[i * samples + 2]! / shift;
    out[i * 3] = isYbr ? a + 1.402 * (c - 128) : a;
    out[i * 3 + 1] = isYbr ? a - 0.344136 * (b - 128) - 0.714136 * (c - 128) : b;
    out[i * 3 + 2] = isYbr ? a + 1.772 * (b - 128) : c;
  }
  return new Uint8Array(out.buffer);
}

/** Palette Color Lookup Tables (PS3.3 C.7.6.3.1.5, C.7.6.3.1.6), unsegmented; null when they are not there. */
function paletteOf(frame: StoredFrame, dataset: DataSet): Uint8Array | null {
  const tables = ['Red', 'Green', 'Blue'].map((colour) => {
    const descriptor = dataset.numbers(`${colour}PaletteColorLookupTableDescriptor`);
    const data = dataset.bytes(`${colour}PaletteColorLookupTableData`);
    const [entries, first, bits] = descriptor;
    if (entries === undefined || first === undefined || data === null || data.length === 0) return null;
    const length = entries === 0 ? 65_536 : entries;
    // 16-bit entries hold the colour in the high byte; some writers pack 8-bit entries one a byte.
    const isPacked = bits === 8 && data.length < length * 2;
    return { first, length, colour: (index: number): number => (isPacked ? data[index]! : bits === 8 ? (data[index * 2]! || data[index * 2 + 1]!) : data[index * 2 + 1]!) };
  });
  if (tables.some((table) => table === null)) return null;
  const out = new Uint8Array(frame.stored.length * 3);
  frame.stored.forEach((value: number, i: number) => {
    tables.forEach((table, channel) => {
      const index = Math.min(table!.length - 1, Math.max(0, value - table!.first));
      out[i * 3 + channel] = table!.colour(index);
    });
  });
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
