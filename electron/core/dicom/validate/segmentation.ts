/** Segments of a segmentation: PS3.3 C.8.20.2. */
import type { DataSet } from '../data-set.ts';
import type { Report } from './report.ts';

const storage = '1.2.840.10008.5.1.4.1.1';

export function checkSegments(dataset: DataSet, report: Report): void {
  const sopClass = dataset.string('SOPClassUID');
  if (sopClass !== `${storage}.66.4` && sopClass !== `${storage}.66.7`) return;
  const numbers = dataset.sequence('SegmentSequence').map((item) => item.number('SegmentNumber'));
  const described = new Set(numbers);
  if (numbers.length === 0) report('error', 'segments-missing', '00620002', 'The segmentation describes no segment.');
  if (described.size !== numbers.length) report('error', 'segment-numbers', '00620004', 'Two segments have the same number.');
  if (sopClass === `${storage}.66.4` && numbers.some((number, index) => number !== index + 1)) report('error', 'segment-numbers', '00620004', 'The segments are not numbered 1, 2, 3 and so on.');
  const groups = [...dataset.sequence('SharedFunctionalGroupsSequence'), ...dataset.sequence('PerFrameFunctionalGroupsSequence')];
  const referenced = groups.flatMap((group) => group.sequence('SegmentIdentificationSequence').map((item) => item.number('ReferencedSegmentNumber')));
  if (referenced.some((number) => !described.has(number))) report('error', 'segment-unknown', '0062000b', 'A frame belongs to a segment that is not described.');
  if (sopClass === `${storage}.66.7`) checkLabels(dataset, described, report);
  if (dataset.string('SegmentationType') === 'FRACTIONAL') checkFractions(dataset, report);
}

/** Every value that occurs is described, background included (C.8.20.2.3.3). */
function checkLabels(dataset: DataSet, described: ReadonlySet<number | null>, report: Report): void {
  const bytes = dataset.bytes('PixelData');
  const bits = dataset.number('BitsAllocated');
  if (bytes === null || (bits !== 8 && bits !== 16)) return;
  const seen = new Uint8Array(65_536);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + bits / 8 <= bytes.length; at += bits / 8) seen[bits === 8 ? bytes[at]! : view.getUint16(at, true)] = 1;
  // The byte that makes the length even is a zero, which a padded map has anyhow.
  const unknown = [...seen.keys()].filter((value) => seen[value] === 1 && !described.has(value));
  if (unknown.length > 0) report('error', 'label-unknown', '7fe00010', `The pixel value ${unknown[0]} belongs to no segment${unknown.length > 1 ? `, nor do ${unknown.length - 1} others` : ''}.`);
}

function checkFractions(dataset: DataSet, report: Report): void {
  const bytes = dataset.bytes('PixelData');
  const largest = dataset.number('MaximumFractionalValue');
  if (bytes === null || largest === null || dataset.number('BitsAllocated') !== 8) return;
  if (bytes.some((value) => value > largest)) report('error', 'fraction-too-large', '0062000e', 'A pixel is above Maximum Fractional Value.');
}
