/** What an image can be shown with: the file's own windows and tables, and the window it is first shown with. */
import { windowsOf } from './attributes.ts';
import type { DataSet } from './data-set.ts';
import { voiTablesOf, type LookupTable } from './lookup-tables.ts';
import type { ImageHeader, WindowSetting } from './types.ts';

/** At most this many values are looked at for percentiles: enough for a window, quick on any image. */
const largestSample = 65_536;

/**
 * Window centre and width in modality units.
 *
 * The file's first window (PS3.3 C.11.2), when it is usable; else CT: soft tissue 400/40, brain 80/40 for heads;
 * everything else: 1st to 99th percentile of the values given.
 *
 * @param values Modality values of the image, or better of the whole series (one window a series); needed for all but CT.
 */
export function defaultWindow(header: ImageHeader, values?: Float32Array): WindowSetting {
  const fromFile = header.windows[0];
  if (fromFile !== undefined && isUsable(fromFile, header)) return fromFile;
  if (header.modality === 'CT' && header.imageType[2] !== 'LOCALIZER' && header.samplesPerPixel === 1) return ctWindow(header.bodyPart);
  if (values === undefined || values.length === 0) return fullRange(header);
  return percentileWindow(values, header);
}

/** LINEAR needs a width of 1 or more (C.11.2.1.2.1), but where values lie closer than that, what is meant is clear. */
function isUsable(window: WindowSetting, header: ImageHeader): boolean {
  const isFine = header.floatPixels !== null || Math.abs(header.rescale?.slope ?? 1) < 1;
  return window.width >= 1 || (window.width > 0 && (isFine || (window.function ?? 'LINEAR') !== 'LINEAR'));
}

/** One way to show values: a window or a table. */
export type VoiSetting = { readonly window: WindowSetting } | { readonly table: LookupTable };

/**
 * Every way to show a frame that the file offers: its windows, then its tables (C.11.2.1.1: they are alternatives to each other), then those of the frame's
 * own functional group.
 */
export function voiOptions(dataset: DataSet, header: ImageHeader, frame: number): VoiSetting[] {
  const own = dataset.sequence('PerFrameFunctionalGroupsSequence')[frame]?.sequence('FrameVOILUTSequence')[0] ?? dataset.sequence('SharedFunctionalGroupsSequence')[0]?.sequence('FrameVOILUTSequence')[0];
  const isSigned = header.pixelRepresentation === 1 || ((header.framesGeometry?.[frame]?.rescale ?? header.rescale)?.intercept ?? 0) < 0;
  const sources = own === undefined ? [dataset] : [own, dataset];
  return [
    ...sources.flatMap((source) => windowsOf(source)).map((window) => ({ window })),
    ...sources.flatMap((source) => voiTablesOf(source, isSigned)).map((table) => ({ table })),
  ];
}

function ctWindow(bodyPart: string): WindowSetting {
  const part = bodyPart.toUpperCase();
  if (/HEAD|BRAIN|SKULL/.test(part)) return { center: 40, width: 80, explanation: 'BRAIN' };
  if (/LUNG/.test(part)) return { center: -600, width: 1500, explanation: 'LUNG' };
  return { center: 40, width: 400, explanation: 'SOFT TISSUE' };
}

/** Everything that can be stored. */
function fullRange(header: ImageHeader): WindowSetting {
  const slope = header.rescale?.slope ?? 1;
  const intercept = header.rescale?.intercept ?? 0;
  const bits = Math.min(header.bitsStored || 8, 32);
  const low = header.pixelRepresentation === 1 ? -(2 ** (bits - 1)) : 0;
  const high = low + 2 ** bits - 1;
  const a = slope * low + intercept;
  const b = slope * high + intercept;
  return { center: (a + b) / 2, width: Math.max(1, Math.abs(b - a)) };
}

function percentileWindow(values: Float32Array, header: ImageHeader): WindowSetting {
  const step = Math.max(1, Math.floor(values.length / largestSample));
  const padding = header.pixelPaddingValue === null ? null : header.pixelPaddingValue * (header.rescale?.slope ?? 1) + (header.rescale?.intercept ?? 0);
  const sample = new Float32Array(Math.ceil(values.length / step));
  let count = 0;
  for (let i = 0; i < values.length; i += step) {
    const value = values[i]!;
    if (Number.isFinite(value) && value !== padding) {
      sample[count] = value;
      count += 1;
    }
  }
  if (count === 0) return fullRange(header);
  const sorted = sample.subarray(0, count).sort();
  const at = (share: number): number => sorted[Math.min(count - 1, Math.max(0, Math.round(share * (count - 1))))]!;
  let [low, high] = [at(0.01), at(0.99)];
  // A small object on an even ground: the percentiles coincide, the extremes do not.
  if (high <= low) [low, high] = [sorted[0]!, sorted[count - 1]!];
  // PET starts at zero uptake.
  if (header.modality === 'PT' && low > 0) low = 0;
  const smallestWidth = header.floatPixels !== null || Math.abs(header.rescale?.slope ?? 1) < 1 ? 1e-6 : 1;
  const width = Math.max(smallestWidth, high - low);
  return { center: low + width / 2, width };
}
