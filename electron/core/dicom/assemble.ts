/**
 * Images of one series → stacks: by orientation and position along the normal, never by instance number or file name.
 * What is unusual is said in published words (`Oddity`) and in sentences; no spacing is ever invented.
 */
import { dot, normalOf } from './geometry.ts';
import { imageOddities, kindOf, type ImageKind } from './image-kind.ts';
import { evenRuns, judgeSpacing } from './spacing.ts';
import type { AssembledSeries, ImageHeader, Oddity, Orientation, Stack, StackImage, StackInput, Vector3 } from './types.ts';

/** One frame with what decides its place. */
interface Placed {
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
/** Slices count as tilted when the way from one to the next leaves the normal by more. */
const tiltToleranceDegrees = 0.5;
/** More images in one orientation are no localizer. */
const largestLocalizerStack = 12;
const microscopy = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.77\.1\.6$/;
/** More kinds of image at one place than this are no kinds, but a series over something. */
const largestPartCount = 32;

export function assembleSeries(inputs: readonly StackInput[]): AssembledSeries {
  const notices: string[] = [];
  const { unique, repeated } = withoutRepeats(inputs);
  if (repeated > 0) notices.push(`${count(repeated, 'further image')} came with a SOP Instance UID that is here already and ${repeated === 1 ? 'is' : 'are'} left out.`);
  const placed = unique.map(place);
  const groups = grouped(placed);
  const turning = turningImages(groups);
  const stacks = (turning === null ? groups.flatMap((group) => stacksOf(group, notices)) : [{ ...flatStack(turning, true), orientation: null }]).sort((a, b) => b.images.length - a.images.length);
  if (turning !== null) notices.push(`Each of the ${turning.length} images has an orientation of its own, as rotating projections and radial slices have; they are shown in order of their numbers.`);
  const oddities = new Set<Oddity>(stacks.flatMap((stack) => stack.oddities));
  if (repeated > 0) oddities.add('duplicates');
  if (new Set(unique.map(({ header }) => header.frameOfReferenceUid)).size > 1) {
    // A series has one frame of reference (PS3.3 A.1.2.3); some de-identifying programs gave every image its own.
    notices.push('The images of the series name different frames of reference; their positions were compared all the same.');
  }
  const images = groups.filter((group) => group[0]!.kind === 'image' && group[0]!.orientation !== null);
  if (distinct(images.map((group) => group[0]!), (a, b) => sameOrientation(a.orientation, b.orientation)) > 1) {
    oddities.add('mixed-orientation');
    if (turning === null) notices.push('The images of the series have different orientations; each orientation is a stack of its own.');
    if (turning === null && isCrossingLocalizer(images)) {
      oddities.add('localizer');
      notices.push('A few images in crossing orientations: the series is a localizer.');
    }
  }
  const sized = groups.filter((group) => group[0]!.kind === 'image');
  if (distinct(sized.map((group) => group[0]!.header), (a, b) => a.rows === b.rows && a.columns === b.columns) > 1) {
    oddities.add('mixed-size');
    notices.push('The images of the series have different sizes.');
  }
  notices.push(...noticesOfKind(unique));
  const isNifti = unique.some(({ header }) => header.sourceFormat === 'nifti');
  return { stacks, oddities: sortedOddities(oddities), notices: [...new Set(notices)], ...(isNifti ? { sourceFormat: 'nifti' } : {}) };
}

/** Images of one size of which no two share an orientation, more than three of them; null for any other series. */
function turningImages(groups: readonly (readonly Placed[])[]): readonly Placed[] | null {
  const [first] = groups;
  if (groups.length <= 3 || first === undefined || !groups.every((group) => group.length === 1 && group[0]!.orientation !== null && group[0]!.kind === 'image')) return null;
  const images = groups.map((group) => group[0]!);
  const isAlike = images.every(({ header, spacing }) => header.rows === first[0]!.header.rows && header.columns === first[0]!.header.columns && sameSpacing(spacing, first[0]!.spacing));
  // Orientations may only seem different from another's: the spacing or size made the group.
  return isAlike && distinct(images, (a, b) => sameOrientation(a.orientation, b.orientation)) === images.length ? images : null;
}

/** MR images in three orientations that cross, a few in each: nobody reads such a series, it places others. */
function isCrossingLocalizer(groups: readonly (readonly Placed[])[]): boolean {
  if (groups.some((group) => group.length > largestLocalizerStack || group[0]!.header.modality !== 'MR')) return false;
  const normals = groups.map((group) => normalOf(group[0]!.orientation!));
  const crosses = (a: Vector3, b: Vector3): boolean => Math.abs(dot(a, b)) < 0.3;
  return normals.some((a) => normals.some((b) => crosses(a, b) && normals.some((c) => crosses(a, c) && crosses(b, c))));
}

/** What a series says by being of its kind. */
function noticesOfKind(inputs: readonly StackInput[]): string[] {
  const notices: string[] = [];
  const first = inputs[0]?.header;
  if (first?.sourceFormat === 'nifti') {
    notices.push(`Read from a NIfTI file: it names no patient and no date${first.modality === 'OT' ? ', and not the modality' : ''}.`);
    if (first.orientation === null) notices.push('The NIfTI file does not say how its image lies in the patient.');
  }
  if (first !== undefined && microscopy.test(first.sopClassUid) && inputs.length > 1) notices.push('The images are tiles of one microscopy picture, not slices.');
  if (first?.seriesInstanceUid === '') notices.push('These images name no series; they are only listed together.');
  return notices;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function sortedOddities(oddities: Iterable<Oddity>): Oddity[] {
  return [...new Set(oddities)].sort();
}

function withoutRepeats(inputs: readonly StackInput[]): { unique: StackInput[]; repeated: number } {
  const seen = new Set<string>();
  const unique = inputs.filter(({ header, frame }) => {
    const key = `${header.sopInstanceUid}:${frame}`;
    if (header.sopInstanceUid !== '' && seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return { unique, repeated: inputs.length - unique.length };
}

function place(input: StackInput): Placed {
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

function sameOrientation(a: Orientation | null, b: Orientation | null): boolean {
  if (a === null || b === null) return a === b;
  return a.every((cosine, index) => Math.abs(cosine - b[index]!) <= cosineTolerance);
}

function sameSpacing(a: readonly [number, number] | null, b: readonly [number, number] | null): boolean {
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

function grouped(placed: readonly Placed[]): Placed[][] {
  const groups: Placed[][] = [];
  for (const image of placed) {
    // Neighbours in a file list mostly belong together: the newest group is tried first.
    const group = groups.findLast((candidate) => belongTogether(candidate[0]!, image));
    if (group === undefined) groups.push([image]);
    else group.push(image);
  }
  return groups;
}

function distinct<T>(items: readonly T[], same: (a: T, b: T) => boolean): number {
  const kinds: T[] = [];
  for (const item of items) if (!kinds.some((kind) => same(kind, item))) kinds.push(item);
  return kinds.length;
}

function stacksOf(group: readonly Placed[], notices: string[]): Stack[] {
  const first = group[0]!;
  if (first.position === null || first.orientation === null) return [flatStack(group)];
  const places = placesOf(group);
  if (places.every((images) => images.length === 1)) return [orderedStack(places, [], notices)];
  // Places repeat. Images of different meaning or echo are stacks of their own.
  const parts = splitBy(group, (image) => image.component) ?? splitBy(group, (image) => (image.echoTime === null ? '' : image.echoTime.toFixed(2)));
  if (parts !== null) {
    const isEcho = parts.every((part) => part[0]!.component === first.component);
    return parts.flatMap((part) => stacksOf(part, notices).map((stack) => (isEcho ? { ...stack, oddities: sortedOddities([...stack.oddities, 'multi-echo']) } : stack)));
  }
  return timeStacks(places, notices);
}

/** Parts by a property; null when all images agree in it or hardly any two do. */
function splitBy(group: readonly Placed[], property: (image: Placed) => string): Placed[][] | null {
  const parts = new Map<string, Placed[]>();
  for (const image of group) {
    const key = property(image);
    const part = parts.get(key);
    if (part === undefined) parts.set(key, [image]);
    else part.push(image);
  }
  return parts.size < 2 || parts.size > largestPartCount ? null : [...parts.values()];
}

function along(image: Placed, normal: Vector3): number {
  return dot(image.position!, normal);
}

/** Images by place along the normal, ascending; within a place by time. */
function placesOf(group: readonly Placed[]): Placed[][] {
  const normal = normalOf(group[0]!.orientation!);
  const tolerance = Math.min(0.02, 0.2 * (group[0]!.sliceThicknessMm || 0.1));
  const sorted = [...group].sort((a, b) => along(a, normal) - along(b, normal));
  const places: Placed[][] = [];
  for (const image of sorted) {
    const place = places.at(-1);
    if (place !== undefined && along(image, normal) - along(place[0]!, normal) <= tolerance) place.push(image);
    else places.push([image]);
  }
  for (const place of places) place.sort(byTime);
  return places;
}

function byTime(a: Placed, b: Placed): number {
  for (const [index, value] of a.time.entries()) {
    const other = b.time[index] ?? null;
    if (value !== null && other !== null && value !== other) return value - other;
  }
  return 0;
}

/** True when something says which image of a place is which: copies of one image have the same numbers, too. */
function areToldApart(place: readonly Placed[]): boolean {
  return differInTime(place) || place.slice(1).every((image, index) => {
    const before = place[index]!;
    const isOtherFrame = image.header.sopInstanceUid === before.header.sopInstanceUid;
    return isOtherFrame || (image.header.instanceNumber !== null && image.header.instanceNumber !== before.header.instanceNumber);
  });
}

/** True when the images of a place differ in what a time series or a diffusion series differs in. */
function differInTime(place: readonly Placed[]): boolean {
  // All but instance number and frame: these differ between copies too.
  return place.slice(1).some((image, index) => image.time.slice(0, 6).some((value, at) => value !== null && place[index]!.time[at] !== null && value !== place[index]!.time[at]));
}

function timeStacks(places: readonly Placed[][], notices: string[]): Stack[] {
  const counts = places.map((place) => place.length);
  const most = Math.max(...counts);
  const isRegular = counts.every((number) => number === most);
  const repeats = counts.filter((number) => number > 1).length;
  const bValues = new Set(places.flat().map((image) => image.bValue ?? 0));
  const isSeries = isRegular ? places.every(areToldApart) : repeats > places.length / 2 && places.some(differInTime);
  if (isSeries) {
    const kind: Oddity = bValues.size > 1 || [...bValues].some((value) => value > 0) ? 'diffusion' : 'time-series';
    if (!isRegular) notices.push(`Places hold between ${Math.min(...counts)} and ${most} images: the series is not complete.`);
    notices.push(kind === 'diffusion' ? `Each place holds ${most} images of different diffusion weighting or direction.` : `Each place holds ${most} images: the series runs over time.`);
    return [orderedStack(places, isRegular ? [kind] : [kind, 'missing-slices'], notices)];
  }
  notices.push(`${count(repeats, 'place')} of the series ${repeats === 1 ? 'holds' : 'hold'} more than one image, and nothing says why; the further ones are in stacks of their own.`);
  // The first images of all places, then the second ones; more copies than kinds of image can be are left together.
  const layers = Array.from({ length: Math.min(most, largestPartCount) }, (_, layer) => places.flatMap((place) => {
    const images = layer === largestPartCount - 1 ? place.slice(layer) : place.slice(layer, layer + 1);
    return images.length === 0 ? [] : [images];
  }));
  return layers.map((layer) => orderedStack(layer, ['duplicates'], notices));
}

/** A stack with geometry: time point after time point, each along the normal. */
function orderedStack(places: readonly Placed[][], found: readonly Oddity[], notices: string[]): Stack {
  const first = places[0]![0]!;
  const orientation = first.orientation!;
  const normal = normalOf(orientation);
  const timePoints = Math.max(...places.map((place) => place.length));
  const images: StackImage[] = [];
  for (let timePoint = 0; timePoint < timePoints; timePoint += 1) {
    for (const place of places) {
      const image = place[timePoint];
      if (image !== undefined) images.push({ id: image.input.id, frame: image.input.frame, positionAlongNormalMm: along(image, normal), timePoint });
    }
  }
  const oddities = new Set<Oddity>([...found, ...imageOddities(first.header, true)]);
  const alongs = places.map((place) => along(place[0]!, normal));
  const spacing = judgeSpacing(alongs);
  const isImage = first.kind === 'image';
  // A segmentation has frames only where it has something to show: it misses none.
  const isWhole = isImage && first.header.modality !== 'SEG';
  if (isWhole && spacing.kind === 'uneven') {
    oddities.add('uneven-spacing');
    notices.push(`Slices are unevenly spaced, from ${spacing.smallestMm.toFixed(2)} to ${spacing.largestMm.toFixed(2)} mm apart${runsInWords(alongs)}.`);
  }
  if (isWhole && spacing.kind === 'missing') {
    oddities.add('missing-slices');
    notices.push(`${count(spacing.missing, 'slice')} of an otherwise even stack ${spacing.missing === 1 ? 'is' : 'are'} missing.`);
  }
  const tilt = isImage ? tiltDegrees(places, normal) : 0;
  if (tilt > tiltToleranceDegrees) {
    oddities.add('gantry-tilt');
    notices.push(`Slices are shifted against each other: the stack leans by ${tilt.toFixed(1)}° (gantry tilt).`);
  }
  if ((first.bValue ?? 0) > 0) oddities.add('diffusion');
  const isComplete = places.every((place) => place.length === timePoints);
  return {
    images,
    rows: first.header.rows,
    columns: first.header.columns,
    spacingMm: first.spacing === null ? null : [spacing.spacingMm, first.spacing[0], first.spacing[1]],
    orientation,
    // Three places are the fewest whose evenness can be seen.
    volume: isImage && places.length >= 3 && spacing.kind === 'even' && tilt <= tiltToleranceDegrees && isComplete && first.spacing !== null,
    timePoints,
    oddities: sortedOddities(oddities),
  };
}

/** Where an uneven stack is even in parts, as a head CT with two collimations is. */
function runsInWords(alongs: readonly number[]): string {
  const runs = evenRuns(alongs);
  return runs.length < 2 || runs.length > 4 ? '' : `: ${runs.map(({ slices, spacingMm }) => `${slices} slices ${spacingMm.toFixed(2)} mm apart`).join(', ')}`;
}

/** Angle between the way from the first slice to the last and the normal, degrees. */
function tiltDegrees(places: readonly Placed[][], normal: Vector3): number {
  const a = places[0]![0]!.position!;
  const b = places.at(-1)![0]!.position!;
  const way: Vector3 = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
  const length = Math.hypot(...way);
  if (length === 0) return 0;
  return (Math.acos(Math.min(1, Math.abs(dot(way, normal)) / length)) * 180) / Math.PI;
}

/** Images without a place: by instance number, then frame. */
function flatStack(group: readonly Placed[], hasGeometry = false): Stack {
  const first = group[0]!;
  const sorted = [...group].sort((a, b) => (a.header.instanceNumber ?? 0) - (b.header.instanceNumber ?? 0) || a.input.frame - b.input.frame);
  const oddities = new Set<Oddity>(group.flatMap((image) => imageOddities(image.header, hasGeometry)));
  if (first.header.frames > 1 && first.header.frameTimeMs !== null) oddities.add('time-series');
  return {
    images: sorted.map((image) => ({ id: image.input.id, frame: image.input.frame, positionAlongNormalMm: null, timePoint: 0 })),
    rows: first.header.rows,
    columns: first.header.columns,
    spacingMm: first.spacing === null ? null : [null, first.spacing[0], first.spacing[1]],
    orientation: first.orientation,
    volume: false,
    timePoints: 1,
    oddities: sortedOddities(oddities),
  };
}
