/** Multi-frame objects: as many groups as frames, the macros their IOD asks for, dimension numbers that fit (PS3.3 A.36, A.38, A.51, A.75, C.7.6.16, C.7.6.17). */
import type { DataSet } from '../data-set.ts';
import { frameCount } from '../pixel-layout.ts';
import type { Report } from './report.ts';

const storage = '1.2.840.10008.5.1.4.1.1';
const place = ['PixelMeasuresSequence', 'PlanePositionSequence', 'PlaneOrientationSequence'] as const;

/** Mandatory functional group macros (edition 2024e); each in the shared group or in every frame's. */
const mandatory: Readonly<Record<string, readonly string[] | undefined>> = {
  [`${storage}.2.1`]: [...place, 'FrameContentSequence', 'FrameAnatomySequence', 'IrradiationEventIdentificationSequence', 'CTImageFrameTypeSequence', 'PixelValueTransformationSequence'],
  [`${storage}.4.1`]: [...place, 'FrameContentSequence', 'FrameAnatomySequence', 'MRImageFrameTypeSequence'],
  [`${storage}.30`]: ['PixelMeasuresSequence', 'FrameContentSequence', 'PixelValueTransformationSequence', 'FrameVOILUTSequence', 'RealWorldValueMappingSequence', 'ParametricMapFrameTypeSequence'],
};

export function checkFunctionalGroups(dataset: DataSet, report: Report): void {
  const perFrame = dataset.sequence('PerFrameFunctionalGroupsSequence');
  const shared = dataset.sequence('SharedFunctionalGroupsSequence');
  if (perFrame.length === 0 && shared.length === 0) return;
  let frames: number;
  try {
    frames = frameCount(dataset);
  } catch {
    return;
  }
  if (perFrame.length > 0 && perFrame.length !== frames) report('error', 'frame-groups-count', '52009230', `There are functional groups for ${perFrame.length} frames, and ${frames} frames.`);
  if (shared.length > 1) report('error', 'shared-groups-count', '52009229', 'There is more than one item of shared functional groups.');
  for (const macro of mandatory[dataset.string('SOPClassUID')] ?? []) {
    const isShared = shared.some((group) => group.sequence(macro).length > 0);
    if (!isShared && (perFrame.length === 0 || !perFrame.every((group) => group.sequence(macro).length > 0))) report('error', 'group-missing', dataset.get(macro)?.tag ?? '52009230', `${macro} is in neither the shared nor every frame’s functional groups.`);
    if (isShared && perFrame.some((group) => group.sequence(macro).length > 0)) report('error', 'group-twice', '52009230', `${macro} is in the shared and in a frame’s functional groups.`);
  }
  checkDimensions(dataset, perFrame, report);
}

function checkDimensions(dataset: DataSet, perFrame: readonly DataSet[], report: Report): void {
  const dimensions = dataset.sequence('DimensionIndexSequence').length;
  const seen = new Set<string>();
  for (const group of perFrame) {
    const values = group.sequence('FrameContentSequence')[0]?.numbers('DimensionIndexValues') ?? [];
    if (dimensions > 0 && values.length > 0 && values.length !== dimensions) {
      report('error', 'dimension-count', '00209157', `A frame has ${values.length} dimension index values where there are ${dimensions} dimensions.`);
      return;
    }
    if (dimensions > 0 && values.length > 0) seen.add(values.join());
  }
  if (dimensions > 0 && seen.size > 0 && seen.size < perFrame.length) report('warning', 'dimension-repeats', '00209157', 'Two frames have the same dimension index values.');
}
