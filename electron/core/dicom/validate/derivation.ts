/** Sources, derivation and lossy compression of one object: PS3.3 C.12.4, C.7.6.16.2.6, C.7.6.1.1.5. */
import type { DataSet } from '../data-set.ts';
import { transferSyntaxes } from '../transfer-syntaxes.ts';
import type { DicomFile } from '../types.ts';
import { derivationCodes, sourcePurposes } from './codes.ts';
import type { Report } from './report.ts';

/** The data set itself, and each Derivation Image item of its functional groups. */
export function derivationsOf(dataset: DataSet): DataSet[] {
  const groups = [...dataset.sequence('SharedFunctionalGroupsSequence'), ...dataset.sequence('PerFrameFunctionalGroupsSequence')];
  return [dataset, ...groups.flatMap((group) => [...group.sequence('DerivationImageSequence')])];
}

export function checkDerivation(dataset: DataSet, report: Report): void {
  const self = dataset.string('SOPInstanceUID');
  const said = new Set<string>();
  // A frame may repeat what all others say: each sentence is said once.
  const once: Report = (level, code, tag, message) => {
    if (said.has(message)) return;
    said.add(message);
    report(level, code, tag, message);
  };
  for (const item of derivationsOf(dataset)) {
    const codes = item.sequence('DerivationCodeSequence');
    const sources = item.sequence('SourceImageSequence');
    for (const code of codes) {
      if (code.string('CodingSchemeDesignator') === 'DCM' && !derivationCodes.has(code.string('CodeValue'))) once('warning', 'derivation-code', '00089215', `The derivation code ${code.string('CodeValue')} is not in CID 7203.`);
    }
    for (const source of sources) {
      const uid = source.string('ReferencedSOPInstanceUID');
      if (uid === '' || source.string('ReferencedSOPClassUID') === '') once('error', 'source-incomplete', '00082112', 'A source image is named without its class or instance.');
      if (uid !== '' && uid === self) once('error', 'source-is-self', '00082112', 'The image names itself as its source.');
      const purpose = source.sequence('PurposeOfReferenceCodeSequence')[0];
      if (purpose?.string('CodingSchemeDesignator') === 'DCM' && !sourcePurposes.has(purpose.string('CodeValue'))) once('warning', 'source-purpose', '00082112', `The purpose ${purpose.string('CodeValue')} of a source image is not in CID 7202.`);
      const preserved = source.string('SpatialLocationsPreserved');
      if (preserved !== '' && !['YES', 'NO', 'REORIENTED_ONLY'].includes(preserved)) once('error', 'source-locations', '0028135a', `Spatial Locations Preserved is “${preserved}”.`);
    }
    if (sources.length > 0 && codes.length === 0 && (item !== dataset || !item.hasValue('DerivationDescription'))) once(item === dataset ? 'warning' : 'error', 'derivation-missing', '00082111', 'The image has sources but does not say how it was derived.');
  }
}

/** What a lossy transfer syntax calls its method (PS3.3 C.7.6.1.1.5.1). */
const methods: Readonly<Record<string, string | undefined>> = {
  '1.2.840.10008.1.2.4.50': 'ISO_10918_1',
  '1.2.840.10008.1.2.4.51': 'ISO_10918_1',
  '1.2.840.10008.1.2.4.53': 'ISO_10918_1',
  '1.2.840.10008.1.2.4.55': 'ISO_10918_1',
  '1.2.840.10008.1.2.4.81': 'ISO_14495_1',
  '1.2.840.10008.1.2.4.111': 'ISO_10918_1',
};

/** Once lossy, always lossy. */
export function checkLossy({ dataset, transferSyntaxUid }: DicomFile, report: Report): void {
  const flag = dataset.string('LossyImageCompression');
  const isLossy = transferSyntaxes[transferSyntaxUid]?.lossy === 'only';
  if (flag !== '' && flag !== '00' && flag !== '01') report('error', 'lossy-value', '00282110', `Lossy Image Compression is “${flag}”.`);
  if (isLossy && flag !== '01') report('error', 'lossy-not-said', '00282110', 'The pixels are compressed with loss, but Lossy Image Compression is not 01.');
  if (flag === '01' && !dataset.hasValue('LossyImageCompressionRatio')) report('warning', 'lossy-ratio', '00282112', 'Lossy Image Compression is 01, but no ratio is given.');
  const expected = methods[transferSyntaxUid];
  const said = dataset.strings('LossyImageCompressionMethod');
  if (expected !== undefined && said.length > 0 && said.at(-1) !== expected) report('warning', 'lossy-method', '00282114', `Lossy Image Compression Method ends with ${said.at(-1)}, but the transfer syntax is ${expected}.`);
  if (dataset.strings('LossyImageCompressionRatio').length > 0 && said.length > 0 && said.length !== dataset.strings('LossyImageCompressionRatio').length) report('warning', 'lossy-count', '00282114', 'Lossy Image Compression has another number of methods than of ratios.');
}
