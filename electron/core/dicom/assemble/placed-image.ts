/** One frame with everything that decides which stack it is in, and where. */
import { kindOf, type ImageKind } from './image-kind.ts';
import type { ImageHeader, Orientation, StackInput, Vector3 } from '../types.ts';

/** One frame with what decides its place. */
export interface Placed {
  readonly input: StackInput;
  readonly header: ImageHeader;
  readonly kind: ImageKind;
  readonly position: Vector3 | null;
  readonly orientation: Orientation | null;
  readonly spacing: readonly [number, number] | null;
  readonly sliceThicknessMm: number | null;
  readonly echoTime: number | null;
  readonly bValue: number | null;
  /** In order of weight: what tells images of one place apart in time. */
  readonly time: readonly (number | null)[];
  /** M, P, R, I and the like: images of different meaning are different stacks. */
  readonly component: string;
}

/** Cosines of one orientation may differ by rounding and by small corrections between slices: about 0.3°. */
const cosineTolerance = 0.005;

export function place(input: StackInput): Placed {
  const { header, frame } = input;
  const own = header.framesGeometry?.[frame];
  const isManyPlaces = header.frames > 1 && header.framesGeometry === null;
  const clock = (text: string): number | null => {
    const digits = text.replace(/^\d{8}(?=\d{6})/, '');
    const match = /^(\d{2})(\d{2})(\d{2}(?:\.\d+)?)/.exec(digits);
    return match === null ? null : Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
  };
  return {
    input,
    header,
    kind: kindOf(header),
    // A classic multi-frame has one position for all its frames: that of none in particular.
    position: own === undefined ? (isManyPlaces ? null : header.position) : own.position,
    orientation: own === undefined ? (isManyPlaces ? null : header.orientation) : own.orientation,
    spacing: own?.pixelSpacingMm ?? header.pixelSpacingMm,
    sliceThicknessMm: own?.sliceThicknessMm ?? header.sliceThicknessMm,
    echoTime: own?.echoTime ?? header.echoTime,
    bValue: own?.diffusionBValue ?? header.diffusionBValue,
    time: [
      own?.temporalPosition ?? header.temporalPosition,
      header.acquisitionNumber,
      header.triggerTimeMs,
      own?.diffusionBValue ?? header.diffusionBValue,
      clock(header.acquisitionTime),
      clock(header.contentTime),
      header.instanceNumber,
      frame,
    ],
    component: [own?.segmentNumber ?? '', ...(own?.frameType ?? header.imageType).slice(2)].join('\\'),
  };
}

export function sameOrientation(a: Orientation | null, b: Orientation | null): boolean {
  if (a === null || b === null) return a === b;
  return a.every((cosine, index) => Math.abs(cosine - b[index]!) <= cosineTolerance);
}

export function sameSpacing(a: readonly [number, number] | null, b: readonly [number, number] | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a[0] - b[0]) <= 1e-3 * a[0] && Math.abs(a[1] - b[1]) <= 1e-3 * a[1];
}

function belongTogether(a: Placed, b: Placed): boolean {
  return (
    a.kind === b.kind &&
    a.header.rows === b.header.rows &&
    a.header.columns === b.header.columns &&
    a.header.samplesPerPixel === b.header.samplesPerPixel &&
    (a.position === null) === (b.position === null) &&
    sameOrientation(a.orientation, b.orientation) &&
    sameSpacing(a.spacing, b.spacing) &&
    // A classic multi-frame without places per frame (a cine) is a stack of its own.
    (a.position !== null || a.header.frames === 1 || a.header.sopInstanceUid === b.header.sopInstanceUid)
  );
}

export function grouped(placed: readonly Placed[]): Placed[][] {
  const groups: Placed[][] = [];
  for (const image of placed) {
    // Neighbours in a file list mostly belong together: the newest group is tried first.
    const group = groups.findLast((candidate) => belongTogether(candidate[0]!, image));
    if (group === undefined) groups.push([image]);
    else group.push(image);
  }
  return groups;
}

export function distinct<T>(items: readonly T[], same: (a: T, b: T) => boolean): number {
  const kinds: T[] = [];
  for (const item of items) if (!kinds.some((kind) => same(kind, item))) kinds.push(item);
  return kinds.length;
}
