/** Multi-frame functional groups (PS3.3 C.7.6.16): what each frame says of its place, time and values; and the older vectors of NM and RT dose. */
import { orientationOf, rescaleOf, spacingOf, vector3, windowsOf } from './attributes.ts';
import type { DataSet } from './data-set.ts';
import { mappedUnits, mappingRescale } from './parametric-map/real-world-value.ts';
import { imageRescale } from './rescale.ts';
import { dot, normalOf } from './geometry.ts';
import type { FrameGeometry, Vector3 } from './types.ts';

/** Looks attributes up in the items of the shared functional groups. */
export interface SharedGroups {
  number(key: string): number | null;
  string(key: string): string;
}

/** All groups one level down, of the shared item: attributes such as Echo Time are found wherever they lie. */
export function sharedGroups(dataset: DataSet): SharedGroups {
  const shared = dataset.sequence('SharedFunctionalGroupsSequence')[0];
  const items: DataSet[] = [];
  if (shared !== undefined) for (const element of shared.elements()) items.push(...shared.sequence(element.tag));
  return {
    number: (key) => items.find((item) => item.hasValue(key))?.number(key) ?? null,
    string: (key) => items.find((item) => item.hasValue(key))?.string(key) ?? '',
  };
}

/** One entry a frame; null for objects whose frames say nothing of their own. */
export function framesGeometry(dataset: DataSet, frames: number, modality: string): FrameGeometry[] | null {
  const perFrame = dataset.sequence('PerFrameFunctionalGroupsSequence');
  const shared = dataset.sequence('SharedFunctionalGroupsSequence')[0];
  // A parametric map says its values by mappings alone; other images may have them beside their Modality LUT.
  const isMap = dataset.string('SOPClassUID') === '1.2.840.10008.5.1.4.1.1.30';
  if (perFrame.length > 0 || shared !== undefined) return Array.from({ length: frames }, (_, index) => ofGroups(perFrame[index], shared, modality, isMap));
  return ofVectors(dataset, frames, modality);
}

/** Where Frame Type lies, by modality (PS3.3 C.8.13.5.1, C.8.15.3.1, C.8.22.5.1). */
const frameTypeGroups = ['MRImageFrameTypeSequence', 'CTImageFrameTypeSequence', 'PETFrameTypeSequence'];

function ofGroups(own: DataSet | undefined, shared: DataSet | undefined, modality: string, isMap: boolean): FrameGeometry {
  const group = (sequence: string): DataSet | undefined => own?.sequence(sequence)[0] ?? shared?.sequence(sequence)[0];
  const measures = group('PixelMeasuresSequence');
  const position = group('PlanePositionSequence');
  const orientation = group('PlaneOrientationSequence');
  const transformation = group('PixelValueTransformationSequence');
  const voi = group('FrameVOILUTSequence');
  const content = group('FrameContentSequence');
  const echo = group('MREchoSequence');
  const diffusion = group('MRDiffusionSequence');
  const temporal = group('TemporalPositionSequence');
  const direction = diffusion?.sequence('DiffusionGradientDirectionSequence')[0];
  const gradient = direction === undefined ? null : vector3(direction, 'DiffusionGradientOrientation');
  const mappings = own?.sequence('RealWorldValueMappingSequence') ?? [];
  const units = mappedUnits(mappings.length > 0 ? mappings : (shared?.sequence('RealWorldValueMappingSequence') ?? []));
  const frameType = frameTypeGroups.map(group).find((found) => found?.hasValue('FrameType'));
  return {
    position: position === undefined ? null : vector3(position, 'ImagePositionPatient'),
    orientation: orientation === undefined ? null : orientationOf(orientation),
    pixelSpacingMm: measures === undefined ? null : spacingOf(measures, 'PixelSpacing'),
    sliceThicknessMm: measures?.number('SliceThickness') ?? null,
    rescale: (isMap ? mappingRescale(group('RealWorldValueMappingSequence')) : null) ?? (transformation === undefined ? null : rescaleOf(transformation, modality)),
    window: voi === undefined ? null : (windowsOf(voi)[0] ?? null),
    temporalPosition: content?.number('TemporalPositionIndex') ?? temporal?.number('TemporalPositionTimeOffset') ?? null,
    echoTime: echo?.number('EffectiveEchoTime') ?? null,
    diffusionBValue: diffusion?.number('DiffusionBValue') ?? null,
    stackId: content?.string('StackID') || null,
    segmentNumber: group('SegmentIdentificationSequence')?.number('ReferencedSegmentNumber') ?? null,
    dimensionIndex: content?.numbers('DimensionIndexValues') ?? [],
    ...(frameType === undefined ? {} : { frameType: frameType.strings('FrameType') }),
    ...(gradient === null || gradient.every((cosine) => cosine === 0) ? {} : { diffusionDirection: gradient }),
    ...(units.length === 0 ? {} : { mappedUnits: units }),
  };
}

/** RT dose: Grid Frame Offset Vector along the normal (PS3.3 C.8.8.3.2); NM volumes: Slice Vector with Spacing Between Slices. */
function ofVectors(dataset: DataSet, frames: number, modality: string): FrameGeometry[] | null {
  const position = vector3(dataset, 'ImagePositionPatient');
  const orientation = orientationOf(dataset);
  const offsets = dataset.numbers('GridFrameOffsetVector');
  if (frames < 2 || position === null || orientation === null || offsets.length !== frames || !offsets.every(Number.isFinite)) return null;
  const normal = normalOf(orientation);
  // The first offset is 0 (relative), or absolute in z for axial grids.
  const isAbsolute = offsets[0] !== 0;
  const base = isAbsolute ? dot(position, normal) : 0;
  return offsets.map((offset) => {
    const along = offset - base;
    const place: Vector3 = [position[0] + normal[0] * along, position[1] + normal[1] * along, position[2] + normal[2] * along];
    return {
      position: place,
      orientation,
      pixelSpacingMm: spacingOf(dataset, 'PixelSpacing'),
      sliceThicknessMm: dataset.number('SliceThickness'),
      rescale: imageRescale(dataset, modality),
      window: windowsOf(dataset)[0] ?? null,
      temporalPosition: null,
      echoTime: null,
      diffusionBValue: null,
      stackId: null,
      segmentNumber: null,
      dimensionIndex: [],
    };
  });
}
