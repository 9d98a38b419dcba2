/** Functional groups of new multi-frame objects (PS3.3 C.7.6.16) and the dimensions that order their frames (C.7.6.17). */
import { DataSet } from '../data-set.ts';
import { tagOf } from '../dictionary.ts';
import { codeItem, instanceItem, sourceForProcessing } from '../items.ts';
import { newUid } from '../uid.ts';
import type { Code } from '../types.ts';
import { createHash } from 'node:crypto';
import { evenSpacing, type Plane } from './planes.ts';

/** One macro: the sequence's keyword and its item for every frame. */
export interface Group {
  readonly sequence: string;
  readonly items: readonly DataSet[];
  /** Some macros shall not be shared, however equal (Frame Content, C.7.6.16.2.2). */
  readonly neverShared?: boolean;
}

function sameItem(a: DataSet, b: DataSet): boolean {
  const [first, second] = [[...a.elements()], [...b.elements()]];
  return first.length === second.length && first.every((element, index) => {
    const other = second[index]!;
    if (element.tag !== other.tag) return false;
    if (element.value instanceof Uint8Array && other.value instanceof Uint8Array) return Buffer.compare(element.value, other.value) === 0;
    const [items, others] = [a.sequence(element.tag), b.sequence(element.tag)];
    return items.length === others.length && items.every((item, n) => sameItem(item, others[n]!));
  });
}

/** Sets the shared and the per-frame sequence: what is the same in all frames is said once. */
export function setFunctionalGroups(dataset: DataSet, frames: number, groups: readonly Group[]): void {
  const shared = new DataSet();
  const perFrame = Array.from({ length: frames }, () => new DataSet());
  for (const { sequence, items, neverShared } of groups) {
    if (neverShared !== true && items.every((item) => sameItem(item, items[0]!))) shared.setSequence(sequence, [items[0]!]);
    else perFrame.forEach((frame, index) => frame.setSequence(sequence, [items[index]!]));
  }
  dataset.setNumber('NumberOfFrames', frames).setSequence('SharedFunctionalGroupsSequence', [shared]).setSequence('PerFrameFunctionalGroupsSequence', perFrame);
}

/** Pixel Measures, Plane Orientation and Plane Position (C.7.6.16.2.1, .3, .4); none where the sources say nothing of their place. */
export function planeGroups(planes: readonly Plane[]): Group[] {
  if (planes.some(({ geometry }) => geometry === null)) return [];
  const spacing = evenSpacing(planes);
  return [
    {
      sequence: 'PixelMeasuresSequence',
      items: planes.map(({ geometry }) => {
        const item = new DataSet().setNumber('PixelSpacing', geometry!.spacingMm);
        const thickness = geometry!.sliceThicknessMm ?? spacing;
        if (thickness !== null) item.setNumber('SliceThickness', thickness);
        if (spacing !== null) item.setNumber('SpacingBetweenSlices', spacing);
        return item;
      }),
    },
    { sequence: 'PlaneOrientationSequence', items: planes.map(({ geometry }) => new DataSet().setNumber('ImageOrientationPatient', geometry!.orientation)) },
    { sequence: 'PlanePositionSequence', items: planes.map(({ geometry }) => new DataSet().setNumber('ImagePositionPatient', geometry!.position)) },
  ];
}

/** Derivation Image (C.7.6.16.2.6): what each frame was made from, pixel for pixel on the source's grid. */
export function derivationGroup(planes: readonly Plane[], codes: readonly Code[], description: string): Group {
  return {
    sequence: 'DerivationImageSequence',
    items: planes.map((plane) => {
      const source = instanceItem(plane).setSequence('PurposeOfReferenceCodeSequence', [codeItem(sourceForProcessing)]).setString('SpatialLocationsPreserved', 'YES');
      if (plane.isMultiFrame) source.setNumber('ReferencedFrameNumber', plane.source.frame + 1);
      const item = new DataSet().setSequence('DerivationCodeSequence', codes.map(codeItem)).setSequence('SourceImageSequence', [source]);
      return description === '' ? item : item.setString('DerivationDescription', description);
    }),
  };
}

/** An attribute that orders frames: its keyword and the sequence of the functional group it lies in. */
export interface Dimension {
  readonly attribute: string;
  readonly group: string;
  readonly label: string;
}

/** Attribute tags as a value (VR AT): group and element, each little endian (PS3.5 6.2). */
export function tagValue(keyword: string): Uint8Array {
  const tag = tagOf(keyword);
  const bytes = new Uint8Array(4);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Number.parseInt(tag.slice(0, 4), 16), true);
  view.setUint16(2, Number.parseInt(tag.slice(4), 16), true);
  return bytes;
}

/** Multi-frame Dimension Module (C.7.6.17). Its UID follows from the object's, so that the same options give the same bytes. */
export function setDimensions(dataset: DataSet, dimensions: readonly Dimension[], sopInstanceUid: string): void {
  const uid = newUid(Uint8Array.from(createHash('sha256').update(`dimensions of ${sopInstanceUid}`).digest().subarray(0, 16)));
  dataset
    .setSequence('DimensionOrganizationSequence', [new DataSet().setString('DimensionOrganizationUID', uid)])
    .setSequence('DimensionIndexSequence', dimensions.map(({ attribute, group, label }) =>
      new DataSet().setString('DimensionOrganizationUID', uid).setBytes('DimensionIndexPointer', 'AT', tagValue(attribute)).setBytes('FunctionalGroupPointer', 'AT', tagValue(group)).setString('DimensionDescriptionLabel', label),
    ));
}

/** Frame Content (C.7.6.16.2.2) with the numbers of the dimensions, in their order; a stack where nothing else orders the frames. */
export function frameContentGroup(indices: readonly (readonly number[])[], stack: readonly number[] | null = null): Group {
  return {
    sequence: 'FrameContentSequence',
    neverShared: true,
    items: indices.map((values, index) => {
      const item = new DataSet().setNumber('DimensionIndexValues', values);
      return stack === null ? item : item.setString('StackID', '1').setNumber('InStackPositionNumber', stack[index]!);
    }),
  };
}
