/** What tells the stacks of one series apart, in the words of a radiologist: `phase`, `TE 30 ms`, `coronal`. */
import { normalOf } from '../geometry.ts';
import type { Stack } from '../types.ts';
import type { Placed } from './placed-image.ts';

/** Values 3 and later of Image Type or Frame Type that have a name of their own (PS3.3 C.8.3.1.1.1, C.8.13.3.1.1, and what scanners write). */
export const words: Readonly<Record<string, string>> = {
  M: 'magnitude', MAGNITUDE: 'magnitude', P: 'phase', PHASE: 'phase', 'PHASE MAP': 'phase', R: 'real', REAL: 'real', I: 'imaginary', IMAGINARY: 'imaginary',
  'FIELD MAP': 'field map', B0: 'field map', 'B0 MAP': 'field map', 'VELOCITY MAP': 'velocity', VELOCITY: 'velocity', ADC: 'ADC', 'ADC MAP': 'ADC', FA: 'FA', TRACEW: 'trace', TRACE: 'trace',
  W: 'water', WATER: 'water', F: 'fat', FAT: 'fat', IP: 'in phase', 'IN PHASE': 'in phase', OP: 'opposed phase', 'OUT PHASE': 'opposed phase', 'OPP PHASE': 'opposed phase',
  'T1 MAP': 'T1 map', 'T2 MAP': 'T2 map', 'T2 STAR MAP': 'T2* map', 'DENSITY MAP': 'density map', MPR: 'reformat', 'PROJECTION IMAGE': 'projection',
};
const kindWords = { image: '', localizer: 'localizer', 'dose-report': 'dose page', mosaic: 'mosaic' } as const;
/** More points of a diffusion series are not listed one by one. */
const largestPointList = 6;
/** A label is a few words; scanners write long lists. */
const longest = 60;
/** Cosine of the angle to an axis of the patient from which a plane has that axis' name; about 26°. */
const namedPlane = 0.9;

/**
 * The stacks with a `label` each where there are several: what differs between them, and a number where nothing does.
 * A diffusion stack names its b-values, too, where it is the only one.
 *
 * @param membersOf The frames of a stack, at least one.
 */
export function labelled(stacks: readonly Stack[], membersOf: (stack: Stack) => readonly Placed[]): Stack[] {
  if (stacks.length < 2) {
    return stacks.map((stack) => {
      const label = stack.oddities.includes('diffusion') ? bValueWords(stack, membersOf(stack)) : '';
      return label === '' ? stack : { ...stack, label };
    });
  }
  const members = stacks.map(membersOf);
  const firsts = members.map((images) => images[0]!);
  const common = firsts.map(typesOf).reduce((all, types) => all.filter((type) => types.includes(type)));
  const properties: ((index: number) => string)[] = [
    (index) => kindWords[firsts[index]!.kind],
    (index) => segmentWords(firsts[index]!),
    (index) => partWords(typesOf(firsts[index]!).filter((type) => !common.includes(type))),
    (index) => ((firsts[index]!.echoTime ?? 0) === 0 ? '' : `TE ${figure(firsts[index]!.echoTime ?? 0)} ms`),
    (index) => bValueWords(stacks[index]!, members[index]!),
    (index) => planeWords(stacks[index]!),
    (index) => `${firsts[index]!.header.columns} × ${firsts[index]!.header.rows}`,
  ];
  const differing = properties.filter((property) => new Set(stacks.map((_, index) => property(index))).size > 1);
  const labels = stacks.map((_, index) => differing.map((property) => property(index)).filter((text) => text !== '').join(', ').slice(0, longest));
  return stacks.map((stack, index) => {
    const alike = labels.flatMap((label, other) => (label === labels[index] ? [other] : []));
    const number = alike.length === 1 ? '' : `(${alike.indexOf(index) + 1} of ${alike.length})`;
    return { ...stack, label: `${labels[index]} ${number}`.trim() };
  });
}

function typesOf({ component }: Placed): string[] {
  // The first part is the number of a segment.
  return component.split('\\').slice(1).map((type) => type.trim().toUpperCase().replaceAll('_', ' ')).filter((type) => type !== '');
}

/** Words that are known, else what the file says. */
function partWords(types: readonly string[]): string {
  const known = types.flatMap((type) => words[type] ?? []);
  return [...new Set(known.length > 0 ? known : types.map((type) => type.toLowerCase()))].join(' ');
}

/** `segment 2: Liver`, as the segmentation numbers and calls it (PS3.3 C.8.20.4). */
function segmentWords({ header, component }: Placed): string {
  const number = component.split('\\', 1)[0]!;
  if (number === '') return '';
  const label = header.segments?.find((segment) => String(segment.number) === number)?.label ?? '';
  return label === '' ? `segment ${number}` : `segment ${number}: ${label}`;
}

/** Point by point where they are few and each has one weighting: `b 0, 1000, 1000`; else from the least to the greatest. */
function bValueWords({ timePoints, images }: Stack, members: readonly Placed[]): string {
  const points = Array.from({ length: timePoints <= largestPointList ? timePoints : 0 }, (_, point) => [...new Set(members.filter((__, at) => images[at]!.timePoint === point).map(({ bValue }) => bValue))]);
  if (points.length > 1 && points.every((found) => found.length === 1 && found[0] !== null)) return `b ${points.map(([value]) => figure(value!)).join(', ')}`;
  const values = [...new Set(members.flatMap(({ bValue }) => bValue ?? []))].sort((a, b) => a - b);
  if (values.length === 0) return '';
  return values.length === 1 ? `b ${figure(values[0]!)}` : `b ${figure(values[0]!)} to ${figure(values.at(-1)!)}`;
}

function planeWords({ orientation, images }: Stack): string {
  if (orientation === null) return images.some(({ positionAlongNormalMm }) => positionAlongNormalMm !== null) ? '' : 'without a place';
  const normal = normalOf(orientation).map(Math.abs);
  return (['sagittal', 'coronal', 'axial'] as const).find((_, axis) => normal[axis]! >= namedPlane) ?? 'oblique';
}

function figure(value: number): string {
  return String(Number(value.toPrecision(4)));
}
