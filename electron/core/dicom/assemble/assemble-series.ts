/**
 * Images of one series → stacks: by orientation and position along the normal, never by instance number or file name.
 * What is unusual is said in published words (`Oddity`) and in sentences; no spacing is ever invented.
 */
import { dot, normalOf } from '../geometry.ts';
import type { AssembledSeries, ImageHeader, Oddity, Stack, StackInput, Vector3 } from '../types.ts';
import { labelled } from './label-stacks.ts';
import { count, flatStack, sortedOddities, stacksOf } from './make-stacks.ts';
import { distinct, grouped, place, sameOrientation, sameSpacing, type Placed } from './placed-image.ts';

/** More images in one orientation are no localizer. */
const largestLocalizerStack = 12;
const microscopy = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.77\.1\.6$/;

export function assembleSeries(inputs: readonly StackInput[]): AssembledSeries {
  const notices: string[] = [];
  const { unique, repeated, others } = withoutRepeats(inputs);
  for (const [{ rows, columns }, frames] of others) notices.push(`${count(frames, 'frame')} of another object (${rows} × ${columns}) came with a SOP Instance UID that is here already, which two objects cannot share, and ${frames === 1 ? 'is' : 'are'} left out.`);
  if (repeated > 0) notices.push(`${count(repeated, 'further image')} came with a SOP Instance UID that is here already and ${repeated === 1 ? 'is' : 'are'} left out.`);
  const placed = unique.map(place);
  const groups = grouped(placed);
  const turning = turningImages(groups);
  const made = (turning === null ? groups.flatMap((group) => stacksOf(group, notices)) : [{ ...flatStack(turning, true), orientation: null }]).sort((a, b) => b.images.length - a.images.length);
  if (turning !== null) notices.push(`Each of the ${turning.length} images has an orientation of its own, as rotating projections and radial slices have; they are shown in order of their numbers.`);
  const oddities = new Set<Oddity>(made.flatMap((stack) => stack.oddities));
  if (repeated > 0 || others.size > 0) oddities.add('duplicates');
  if (new Set(unique.map(({ header }) => header.frameOfReferenceUid)).size > 1) {
    // A series has one frame of reference (PS3.3 A.1.2.3); some de-identifying programs gave every image its own.
    notices.push('The images of the series name different frames of reference; their positions were compared all the same.');
  }
  const images = groups.filter((group) => group[0]!.kind === 'image' && group[0]!.orientation !== null);
  const isCrossing = turning === null && isCrossingLocalizer(images);
  if (distinct(images.map((group) => group[0]!), (a, b) => sameOrientation(a.orientation, b.orientation)) > 1) {
    oddities.add('mixed-orientation');
    if (turning === null) notices.push('The images of the series have different orientations; each orientation is a stack of its own.');
    if (isCrossing) {
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
  const placedOf = new Map(placed.map((image) => [`${image.input.id}:${image.input.frame}`, image]));
  const membersOf = (stack: Stack): Placed[] => stack.images.map(({ id, frame }) => placedOf.get(`${id}:${frame}`)!);
  const stacks = labelled(made, membersOf).map((stack) => (isCrossing && membersOf(stack)[0]!.kind === 'image' ? { ...stack, oddities: sortedOddities([...stack.oddities, 'localizer']) } : stack));
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

/** Each object once: further copies are counted, and the frames of other objects that were given the same UID (PS3.5 B: it is one object's alone). */
function withoutRepeats(inputs: readonly StackInput[]): { unique: StackInput[]; repeated: number; others: ReadonlyMap<ImageHeader, number> } {
  const seen = new Set<string>();
  const owners = new Map<string, ImageHeader>();
  const others = new Map<ImageHeader, number>();
  let repeated = 0;
  const unique = inputs.filter(({ header, frame }) => {
    if (header.sopInstanceUid === '') return true;
    const owner = owners.get(header.sopInstanceUid) ?? header;
    owners.set(header.sopInstanceUid, owner);
    if (owner !== header && (owner.rows !== header.rows || owner.columns !== header.columns || owner.frames !== header.frames)) {
      others.set(header, (others.get(header) ?? 0) + 1);
      return false;
    }
    const key = `${header.sopInstanceUid}:${frame}`;
    if (seen.has(key)) {
      repeated += 1;
      return false;
    }
    seen.add(key);
    return true;
  });
  return { unique, repeated, others };
}
