/** Segment Sequence: what each segment is and what drew it (PS3.3 C.8.20.2, Segment Description Macro C.8.20.4). */
import { ScanloomError } from '#contract/errors';
import { DataSet } from '../data-set.ts';
import { codeItem, shortened } from '../items.ts';
import type { Code } from '../types.ts';
import { isValidUid } from '../uid.ts';
import type { SegmentAlgorithm, SegmentDescription, SegmentationOptions } from './types.ts';

const artificialIntelligence: Code = { value: '123110', scheme: 'DCM', meaning: 'Artificial Intelligence' };
const background: SegmentDescription = {
  number: 0,
  label: 'Background',
  category: { value: '309825002', scheme: 'SCT', meaning: 'Spatial and Relational Concept' },
  propertyType: { value: '125040', scheme: 'DCM', meaning: 'Background' },
  algorithm: { type: 'MANUAL' },
};

/**
 * The segments as they are written, checked. A label map gains an item for its background: every pixel value must be described (C.8.20.2.3.3).
 *
 * @throws {ScanloomError} `export/invalid` for numbers, names or UIDs that the standard does not allow.
 */
export function checkedSegments(options: SegmentationOptions): readonly SegmentDescription[] {
  const { kind, segments } = options;
  const numbers = segments.map(({ number }) => number);
  if (segments.length === 0) throw new ScanloomError('export/invalid', 'A segmentation has at least one segment.');
  if (new Set(numbers).size !== numbers.length) throw new ScanloomError('export/invalid', 'Two segments have the same number.');
  if (kind === 'BINARY' && numbers.some((number, index) => number !== index + 1)) throw new ScanloomError('export/invalid', 'The segments of a binary segmentation are numbered 1, 2, 3 and so on.');
  if (kind === 'LABELMAP' && numbers.some((number) => !Number.isInteger(number) || number < 0 || number > 65_535)) throw new ScanloomError('export/invalid', 'The segments of a label map are numbered from 0 to 65535.');
  for (const { label, algorithm, tracking } of segments) {
    if (label.trim() === '') throw new ScanloomError('export/invalid', 'A segment has no label.');
    if (algorithm.type !== 'MANUAL' && !algorithm.name) throw new ScanloomError('export/invalid', 'A segment that an algorithm drew does not name it.');
    if (tracking !== undefined && (tracking.id === '' || !isValidUid(tracking.uid))) throw new ScanloomError('export/invalid', 'A segment is tracked under no name or an invalid UID.');
  }
  if (kind === 'BINARY' || numbers.includes(0)) return [...segments].sort((a, b) => a.number - b.number);
  // Whoever drew the segments left the rest, so the background has their algorithm.
  return [{ ...background, algorithm: segments[0]!.algorithm }, ...[...segments].sort((a, b) => a.number - b.number)];
}

export function segmentItem(segment: SegmentDescription): DataSet {
  const item = new DataSet([], ['ISO_IR 192'])
    .setNumber('SegmentNumber', segment.number)
    .setString('SegmentLabel', shortened(segment.label, 64))
    .setSequence('SegmentedPropertyCategoryCodeSequence', [codeItem(segment.category)])
    .setSequence('SegmentedPropertyTypeCodeSequence', [codeItem(segment.propertyType)])
    .setString('SegmentAlgorithmType', segment.algorithm.type);
  if (segment.description) item.setString('SegmentDescription', shortened(segment.description, 1024));
  if (segment.anatomicRegion !== undefined) item.setSequence('AnatomicRegionSequence', [codeItem(segment.anatomicRegion)]);
  if (segment.algorithm.type !== 'MANUAL') {
    item.setString('SegmentAlgorithmName', shortened(segment.algorithm.name!, 64)).setSequence('SegmentationAlgorithmIdentificationSequence', [algorithmItem(segment.algorithm)]);
  }
  if (segment.tracking !== undefined) item.setString('TrackingID', segment.tracking.id).setString('TrackingUID', segment.tracking.uid);
  if (segment.displayCielab !== undefined) item.setNumber('RecommendedDisplayCIELabValue', segment.displayCielab);
  return item;
}

/** Algorithm Identification Macro, PS3.3 10.16. */
function algorithmItem(algorithm: SegmentAlgorithm): DataSet {
  const item = new DataSet([], ['ISO_IR 192'])
    .setSequence('AlgorithmFamilyCodeSequence', [codeItem(algorithm.family ?? artificialIntelligence)])
    .setString('AlgorithmName', shortened(algorithm.name!, 64))
    .setString('AlgorithmVersion', shortened(algorithm.version ?? 'not stated', 64));
  if (algorithm.source) item.setString('AlgorithmSource', shortened(algorithm.source, 64));
  if (algorithm.parameters) item.setString('AlgorithmParameters', shortened(algorithm.parameters, 10_240));
  return item;
}
