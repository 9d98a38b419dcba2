/** A frame as the image object that cornerstone-core draws. */
import { setToPixelCoordinateSystem } from 'cornerstone-core';
import type { EnabledElement, Image } from 'cornerstone-core';
import { differenceColour } from '../frames/difference.ts';
import { displayLevels } from '../frames/frame.ts';
import type { Frame } from '../frames/frame.ts';
import type { Tone } from '../window/tone.ts';

/** cornerstone-core draws an image by its own `render` when it has one; the typings leave that out. */
export type DrawableImage = Image & { render?: (element: EnabledElement, invalidated: boolean) => void };

const made = new WeakMap<Frame, DrawableImage>();
const frameOf = new WeakMap<object, Frame>();
const toned = new WeakMap<Frame, DrawableImage>();
/** How each element wants its toned image drawn now. */
export const toneFor = new WeakMap<HTMLElement, Tone>();

function drawCanvas(element: EnabledElement, canvas: HTMLCanvasElement): void {
  const target = element.canvas;
  const context = target?.getContext('2d', { desynchronized: true });
  if (!target || !context) return;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = 'black';
  context.fillRect(0, 0, target.width, target.height);
  context.imageSmoothingEnabled = element.viewport?.pixelReplication !== true;
  setToPixelCoordinateSystem(element, context);
  context.drawImage(canvas, 0, 0);
}

function canvasOf(frame: Frame, colourAt: (index: number) => readonly [number, number, number]): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = frame.columns;
  canvas.height = frame.rows;
  const context = canvas.getContext('2d');
  if (!context) return canvas;
  const pixels = context.createImageData(frame.columns, frame.rows);
  for (let i = 0; i < frame.rows * frame.columns; i += 1) {
    const [red, green, blue] = colourAt(i);
    pixels.data[i * 4] = red;
    pixels.data[i * 4 + 1] = green;
    pixels.data[i * 4 + 2] = blue;
    pixels.data[i * 4 + 3] = 255;
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}

/** Red, green and blue as the host gives them; more than 8 bits are brought to 8. */
function colourReader(frame: Frame): (index: number) => readonly [number, number, number] {
  const { values, samples, max } = frame;
  const scale = max > 255 ? 255 / max : 1;
  return (index) => [(values[index * samples] as number) * scale, (values[index * samples + 1] as number) * scale, (values[index * samples + 2] as number) * scale];
}

/** Difference colours for 4096 steps between −1 and +1 of the limit: a look-up instead of a root a pixel. */
const differenceSteps = 4096;
let differenceTable: Uint8ClampedArray | undefined;
function differenceLookup(): Uint8ClampedArray {
  if (differenceTable) return differenceTable;
  const table = new Uint8ClampedArray((differenceSteps + 1) * 3);
  for (let i = 0; i <= differenceSteps; i += 1) table.set(differenceColour((i / differenceSteps) * 2 - 1, 1), i * 3);
  differenceTable = table;
  return table;
}

/**
 * The image object of a frame, made once a frame.
 *
 * Grey frames use the library's look-up drawing (floats as 16-bit levels, for the screen only); colour frames and differences are drawn from a
 * canvas of their own. The window of a difference is its scale: width = 2 × limit.
 */
export function imageObject(imageId: string, frame: Frame): DrawableImage {
  const known = made.get(frame);
  if (known) return known;
  const isDifference = imageId.startsWith('scanloom:difference/');
  const isColour = frame.samples >= 3;
  const shown = isColour || isDifference ? { levels: new Uint8Array(0), slope: 1, intercept: 0, min: 0, max: 255 } : displayLevels(frame);
  let canvas: HTMLCanvasElement | undefined;
  let canvasLimit = Number.NaN;
  const image = {
    imageId,
    rows: frame.rows,
    columns: frame.columns,
    height: frame.rows,
    width: frame.columns,
    minPixelValue: shown.min,
    maxPixelValue: shown.max,
    slope: shown.slope,
    intercept: shown.intercept,
    windowCenter: (shown.slope * (shown.min + shown.max)) / 2 + shown.intercept,
    windowWidth: Math.max(1, Math.abs(shown.slope) * (shown.max - shown.min)),
    getPixelData: () => shown.levels,
    color: isColour,
    rgba: false,
    invert: false,
    sizeInBytes: frame.values.byteLength,
    rowPixelSpacing: undefined,
    columnPixelSpacing: undefined,
    ...(isColour
      ? {
          render: (element: EnabledElement) => {
            canvas ??= canvasOf(frame, colourReader(frame));
            drawCanvas(element, canvas);
          },
        }
      : {}),
    ...(isDifference
      ? {
          render: (element: EnabledElement) => {
            const limit = (element.viewport?.voi?.windowWidth ?? 2) / 2;
            if (!canvas || canvasLimit !== limit) {
              const table = differenceLookup();
              const { values } = frame;
              canvas = canvasOf(frame, (i) => {
                const share = Math.max(-1, Math.min(1, (values[i] as number) / limit));
                const at = Math.round(((share + 1) / 2) * differenceSteps) * 3;
                return [table[at] as number, table[at + 1] as number, table[at + 2] as number];
              });
              canvasLimit = limit;
            }
            drawCanvas(element, canvas);
          },
        }
      : {}),
  };
  const object = image as unknown as DrawableImage;
  made.set(frame, object);
  frameOf.set(object, frame);
  return object;
}

/**
 * The same grey frame as an image that draws itself by `toneFor` its element; null where there is nothing to tone (colour, differences).
 * The library's own drawing knows linear windows only.
 */
export function tonedObject(plain: Image): DrawableImage | null {
  const frame = frameOf.get(plain);
  if (!frame || frame.samples !== 1 || plain.imageId.startsWith('scanloom:difference/')) return null;
  const known = toned.get(frame);
  if (known) return known;
  const shown = displayLevels(frame);
  let drawn: { key: string; canvas: HTMLCanvasElement } | null = null;
  const object: DrawableImage = {
    ...plain,
    imageId: `${plain.imageId}#toned`,
    render: (element) => {
      const tone = toneFor.get(element.element);
      if (!tone) return;
      if (drawn?.key !== tone.key) drawn = { key: tone.key, canvas: tonedCanvas(frame, shown, tone) };
      drawCanvas(element, drawn.canvas);
    },
  };
  toned.set(frame, object);
  return object;
}

function tonedCanvas(frame: Frame, shown: ReturnType<typeof displayLevels>, tone: Tone): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = frame.columns;
  canvas.height = frame.rows;
  const context = canvas.getContext('2d');
  if (!context) return canvas;
  // One colour a stored level, then a look-up a pixel.
  const levels = new Uint8Array(shown.max - shown.min + 1);
  for (let i = 0; i < levels.length; i += 1) {
    const grey = Math.round(255 * tone.grey(shown.slope * (shown.min + i) + shown.intercept));
    levels[i] = tone.invert ? 255 - grey : grey;
  }
  const pixels = context.createImageData(frame.columns, frame.rows);
  const { data } = pixels;
  for (let i = 0; i < frame.rows * frame.columns; i += 1) {
    const at = (levels[(shown.levels[i] as number) - shown.min] as number) * 3;
    data[i * 4] = tone.palette[at] as number;
    data[i * 4 + 1] = tone.palette[at + 1] as number;
    data[i * 4 + 2] = tone.palette[at + 2] as number;
    data[i * 4 + 3] = 255;
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}
