/** A frame as the image object that cornerstone-core draws. */
import { setToPixelCoordinateSystem } from 'cornerstone-core';
import type { EnabledElement, Image } from 'cornerstone-core';
import { differenceColour } from '../frames/difference.ts';
import { displayLevels } from '../frames/frame.ts';
import type { Frame } from '../frames/frame.ts';

/** cornerstone-core draws an image by its own `render` when it has one; the typings leave that out. */
export type DrawableImage = Image & { render?: (element: EnabledElement, invalidated: boolean) => void };

const made = new WeakMap<Frame, DrawableImage>();

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

/** Colour is shown as it is: full-range BT.601 for YBR (PS3.3 C.7.6.3.1.2), RGB untouched. */
function colourReader(frame: Frame): (index: number) => readonly [number, number, number] {
  const { values, samples, max } = frame;
  const scale = max > 255 ? 255 / max : 1;
  const ybr = frame.photometric.startsWith('YBR_FULL');
  return (index) => {
    const a = (values[index * samples] as number) * scale;
    const b = (values[index * samples + 1] as number) * scale;
    const c = (values[index * samples + 2] as number) * scale;
    return ybr ? [a + 1.402 * (c - 128), a - 0.344136 * (b - 128) - 0.714136 * (c - 128), a + 1.772 * (b - 128)] : [a, b, c];
  };
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
  return object;
}
