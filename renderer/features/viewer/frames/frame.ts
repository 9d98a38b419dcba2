/**
 * One frame as it came from the host: stored values and how they become modality units. The values are never changed:
 * probe and regions read them, and what the screen shows is made from them.
 */
import type { PixelDtype } from '#contract';

export type PixelValues = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

export interface Frame {
  readonly rows: number;
  readonly columns: number;
  /** 1 = grey, 3 = colour (red, green, blue, interleaved). */
  readonly samples: number;
  /** Stored values, row-major `[row, column, sample]`. */
  readonly values: PixelValues;
  /** Modality unit = slope × stored + intercept. */
  readonly slope: number;
  readonly intercept: number;
  readonly photometric: string;
  /** Of the stored values. */
  readonly min: number;
  readonly max: number;
}

/** Little-endian bytes as a typed array. All machines that run the page are little endian. */
export function valuesOf(dtype: PixelDtype, bytes: ArrayBuffer): PixelValues {
  switch (dtype) {
    case 'uint8': return new Uint8Array(bytes);
    case 'int8': return new Int8Array(bytes);
    case 'uint16': return new Uint16Array(bytes);
    case 'int16': return new Int16Array(bytes);
    case 'uint32': return new Uint32Array(bytes);
    case 'int32': return new Int32Array(bytes);
    case 'float32': return new Float32Array(bytes);
    case 'float64': return new Float64Array(bytes);
  }
}

/** Smallest and largest finite value; 0 and 0 when there is none. */
export function rangeOf(values: PixelValues): { min: number; max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number;
    if (value < min && value !== -Infinity) min = value;
    if (value > max && value !== Infinity) max = value;
  }
  return min <= max ? { min, max } : { min: 0, max: 0 };
}

/** Makes a frame and checks that as many values came as the shape says. */
export function makeFrame(parts: { rows: number; columns: number; samples: number; values: PixelValues; slope: number; intercept: number; photometric: string }): Frame {
  if (parts.values.length < parts.rows * parts.columns * parts.samples) throw new Error(`A frame of ${parts.rows} × ${parts.columns} × ${parts.samples} came with ${parts.values.length} values.`);
  return { ...parts, ...rangeOf(parts.values) };
}

/** Modality unit (HU for CT) at a pixel, or undefined outside the frame or in a colour frame. */
export function valueAt(frame: Frame, column: number, row: number): number | undefined {
  if (frame.samples !== 1 || column < 0 || row < 0 || column >= frame.columns || row >= frame.rows) return undefined;
  return frame.slope * (frame.values[row * frame.columns + column] as number) + frame.intercept;
}

/** Memory of a frame with what is made of it for the screen: floats and 32-bit values get 16-bit levels beside them. */
export function sizeBytes(frame: Frame): number {
  return frame.values.byteLength + (frame.values.BYTES_PER_ELEMENT > 2 ? 2 * frame.values.length : 0);
}

/**
 * Values as 16-bit levels for the screen, with the slope and intercept that lead back to modality units. Integer frames of 16 bits or fewer
 * are passed on as they are; others (float, 32 bit) are spread over 65536 levels of their own range, so that a step is at most 1/65535 of it.
 */
export function displayLevels(frame: Frame): { levels: Uint8Array | Int8Array | Uint16Array | Int16Array; slope: number; intercept: number; min: number; max: number } {
  const { values, slope, intercept, min, max } = frame;
  if (values instanceof Uint8Array || values instanceof Int8Array || values instanceof Uint16Array || values instanceof Int16Array) return { levels: values, slope, intercept, min, max };
  const step = max > min ? (max - min) / 65535 : 1;
  const levels = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number;
    // Not a number shows as the darkest level.
    levels[i] = value >= max ? Math.round((max - min) / step) : value > min ? Math.round((value - min) / step) : 0;
  }
  return { levels, slope: slope * step, intercept: slope * min + intercept, min: 0, max: 65535 };
}
