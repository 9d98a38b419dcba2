/** What objects without a content tree say of themselves: documents, waveforms, plans, doses, registrations, mappings. */
import type { ObjectKind } from '#contract/objects';
import { firstCode } from '../code-items.ts';
import type { DataSet } from '../data-set.ts';
import type { LineWriter } from './lines.ts';

export function otherLines(kind: ObjectKind, dataset: DataSet, lines: LineWriter): void {
  const text = (key: string): string => dataset.string(key);
  switch (kind) {
    case 'document':
      lines.say(0, 'Title', text('DocumentTitle'));
      lines.say(0, 'Type', text('MIMETypeOfEncapsulatedDocument'));
      lines.say(0, 'Size', `${(dataset.number('EncapsulatedDocumentLength') ?? dataset.bytes('EncapsulatedDocument')?.length ?? 0)} bytes`);
      break;
    case 'waveform':
      dataset.sequence('WaveformSequence').forEach((group, index) => waveformLines(group, index, lines));
      break;
    case 'rt-plan':
      planLines(dataset, lines);
      break;
    case 'rt-dose':
      lines.say(0, 'Dose type', text('DoseType'));
      lines.say(0, 'Units', text('DoseUnits'));
      lines.say(0, 'Summation', text('DoseSummationType'));
      break;
    case 'structure-set':
      for (const roi of dataset.sequence('StructureSetROISequence')) if (!lines.add(0, `Region ${roi.string('ROINumber')}`, roi.string('ROIName'))) break;
      break;
    case 'segmentation':
      for (const segment of dataset.sequence('SegmentSequence')) if (!lines.add(0, `Segment ${segment.string('SegmentNumber')}`, segment.string('SegmentLabel'))) break;
      break;
    case 'registration':
      registrationLines(dataset, lines);
      break;
    case 'real-world-values':
      for (const image of dataset.sequence('ReferencedImageRealWorldValueMappingSequence')) mappingLines(image, lines);
      break;
    case 'annotations':
      for (const group of dataset.sequence('AnnotationGroupSequence')) {
        if (!lines.add(0, group.string('AnnotationGroupLabel'), `${group.number('NumberOfAnnotations') ?? 0} × ${group.string('GraphicType').toLowerCase()}`)) break;
      }
      break;
    default:
      lines.say(0, 'Label', text('ContentLabel'));
      lines.say(0, 'Description', text('ContentDescription') || text('SeriesDescription'));
  }
}

function waveformLines(group: DataSet, index: number, lines: LineWriter): void {
  const samples = group.number('NumberOfWaveformSamples') ?? 0;
  const frequency = group.number('SamplingFrequency') ?? 0;
  const length = frequency > 0 ? `, ${(samples / frequency).toFixed(1)} s at ${frequency} Hz` : '';
  if (!lines.add(0, group.string('MultiplexGroupLabel') || `Group ${index + 1}`, `${group.number('NumberOfWaveformChannels') ?? 0} channels of ${samples} samples${length}`)) return;
  for (const channel of group.sequence('ChannelDefinitionSequence')) {
    const name = firstCode(channel, 'ChannelSourceSequence')?.meaning || channel.string('ChannelLabel');
    if (!lines.add(1, name, firstCode(channel, 'ChannelSensitivityUnitsSequence')?.meaning ?? '')) return;
  }
}

function planLines(dataset: DataSet, lines: LineWriter): void {
  lines.say(0, 'Plan', dataset.string('RTPlanLabel'));
  lines.say(0, 'Name', dataset.string('RTPlanName'));
  lines.say(0, 'Intent', dataset.string('PlanIntent'));
  for (const fraction of dataset.sequence('FractionGroupSequence')) lines.say(0, 'Fractions planned', fraction.number('NumberOfFractionsPlanned'));
  for (const beam of [...dataset.sequence('BeamSequence'), ...dataset.sequence('IonBeamSequence')]) {
    const words = [beam.string('RadiationType').toLowerCase(), beam.string('BeamType').toLowerCase(), beam.string('TreatmentMachineName')].filter((word) => word !== '');
    if (!lines.add(0, `Beam ${beam.string('BeamNumber')}`, [beam.string('BeamName'), ...words].filter((word) => word !== '').join(', '))) return;
  }
}

function registrationLines(dataset: DataSet, lines: LineWriter): void {
  for (const registration of [...dataset.sequence('RegistrationSequence'), ...dataset.sequence('DeformableRegistrationSequence')]) {
    if (!lines.add(0, 'Frame of reference', registration.string('FrameOfReferenceUID') || registration.string('SourceFrameOfReferenceUID'))) return;
    for (const matrices of registration.sequence('MatrixRegistrationSequence')) {
      for (const matrix of matrices.sequence('MatrixSequence')) {
        const values = matrix.numbers('FrameOfReferenceTransformationMatrix');
        lines.say(1, matrix.string('FrameOfReferenceTransformationMatrixType').toLowerCase(), [0, 4, 8].map((row) => values.slice(row, row + 4).join(' ')).join(' / '));
      }
    }
  }
}

function mappingLines(image: DataSet, lines: LineWriter): void {
  for (const mapping of image.sequence('RealWorldValueMappingSequence')) {
    const unit = firstCode(mapping, 'MeasurementUnitsCodeSequence');
    const slope = mapping.number('RealWorldValueSlope');
    const rule = slope === null ? 'by a table' : `value × ${slope} + ${mapping.number('RealWorldValueIntercept') ?? 0}`;
    if (!lines.add(0, mapping.string('LUTLabel') || mapping.string('LUTExplanation'), `${rule}, in ${unit?.meaning ?? 'no stated unit'}`)) return;
  }
}
