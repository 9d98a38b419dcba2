/** One group of images that belong together → one stack or several: parts, echoes, time points, copies. */
import { dot, normalOf } from '../geometry.ts';
import type { Oddity, Stack, StackImage, Vector3 } from '../types.ts';
import { imageOddities } from './image-kind.ts';
import { along, areToldApart, areVersions, differInTime, placesOf } from './places.ts';
import type { Placed } from './placed-image.ts';
import { evenRuns, judgeSpacing } from './spacing.ts';

/** Slices count as tilted when the way from one to the next leaves the normal by more. */
const tiltToleranceDegrees = 0.5;
/** More kinds of image at one place than this are no kinds, but a series over something. */
const largestPartCount = 32;

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

export function sortedOddities(oddities: Iterable<Oddity>): Oddity[] {
  return [...new Set(oddities)].sort();
}

export function stacksOf(group: readonly Placed[], notices: string[]): Stack[] {
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

function timeStacks(places: readonly Placed[][], notices: string[]): Stack[] {
  const counts = places.map((place) => place.length);
  const most = Math.max(...counts);
  const isRegular = counts.every((number) => number === most);
  const repeats = counts.filter((number) => number > 1).length;
  const bValues = new Set(places.flat().map((image) => image.bValue ?? 0));
  const isTimed = places.some(differInTime);
  const isVersions = !isTimed && places.some(areVersions);
  const isSeries = isVersions ? false : isRegular ? places.every(areToldApart) : repeats > places.length / 2 && isTimed;
  if (isSeries) {
    const kind: Oddity = bValues.size > 1 || [...bValues].some((value) => value > 0) ? 'diffusion' : 'time-series';
    if (!isRegular) notices.push(`Places hold between ${Math.min(...counts)} and ${most} images: the series is not complete.`);
    notices.push(kind === 'diffusion' ? `Each place holds ${most} images of different diffusion weighting or direction.` : isTimed ? `Each place holds ${most} images: the series runs over time.` : `Each place holds ${most} images that differ in their numbers alone, not in any time: repetitions of a scan, or one image in several versions.`);
    return [orderedStack(places, isRegular ? [kind] : [kind, 'missing-slices'], notices)];
  }
  notices.push(`${count(repeats, 'place')} of the series ${repeats === 1 ? 'holds' : 'hold'} more than one image, ${isVersions ? 'which differ in how they were compressed or derived, not in time: versions of one' : 'and nothing says why'}; the further ones are in stacks of their own.`);
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
export function flatStack(group: readonly Placed[], hasGeometry = false): Stack {
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
