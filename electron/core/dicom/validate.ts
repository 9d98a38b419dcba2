/**
 * Checks of one object that dciodvfy does not make (it knows nothing of Synthetic Data, of sources, of true pixel extremes), with findings in words.
 * What is asked of every object is asked here; what only this program promises of its own objects is marked so.
 */
import { ScanloomError } from '#contract/errors';
import type { DataSet } from './data-set.ts';
import { isPrivateTag, keywordOf } from './dictionary.ts';
import { hasDirection, isOrthonormal } from './geometry.ts';
import { parseDicom } from './parse.ts';
import { pixelLayout } from './pixel-layout.ts';
import { transferSyntaxes } from './transfer-syntaxes.ts';
import type { DicomFile, Finding, Orientation } from './types.ts';
import { isValidUid } from './uid.ts';

const storage = '1.2.840.10008.5.1.4.1.1';

/** CID 7203, Image Derivation (2024c), scheme DCM. */
const derivationCodes = new Set([
  '113040', '113042', '113046', '113047', '113048', '113049', '113050', '113051', '113053', '113062', '113072', '113073', '113074', '113075', '113076', '113077', '113078', '113079',
  '113085', '113086', '113087', '113088', '113089', '113090', '113091', '113092', '113093', '113097', '113131', '125027', '128303', '129104', '129105', '129106',
]);
/** CID 7005, Contributing Equipment Purpose of Reference, scheme DCM. */
const equipmentCodes = new Set(['109100', '109101', '109102', '109103', '109104', '109105', '109106', 'FILMD', 'DOCD', 'VIDD', 'MEDIM']);

/** SOP class, instance and series: what the maker of the object chose. The others were given by whoever made the study or the sources. */
const ownUids = new Set(['00080016', '00080018', '0020000e']);

type Report = (level: Finding['level'], code: string, tag: string, message: string) => void;

/** Findings of one file, errors first. A file that cannot be parsed has one finding, with the reason. */
export function validateObject(bytes: Uint8Array): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (level, code, tag, message) => void findings.push({ level, code, tag, message });
  let file: DicomFile;
  try {
    file = parseDicom(bytes);
  } catch (thrown) {
    const error = ScanloomError.from(thrown);
    return [{ level: 'error', code: error.code, tag: '', message: error.message }];
  }
  for (const notice of file.notices) report('warning', 'encoding', '', notice);
  checkIdentity(file, report);
  checkElements(file.dataset, report);
  checkMarks(file.dataset, report);
  checkImageType(file.dataset, report);
  checkDerivation(file.dataset, report);
  checkLossy(file, report);
  checkGeometry(file.dataset, report);
  checkPixelData(file, report);
  return findings.sort((a, b) => Number(a.level === 'warning') - Number(b.level === 'warning'));
}

function checkIdentity({ meta, dataset, transferSyntaxUid }: DicomFile, report: Report): void {
  for (const key of ['SOPClassUID', 'SOPInstanceUID', 'StudyInstanceUID', 'SeriesInstanceUID']) {
    if (!dataset.hasValue(key)) report('error', 'identity-missing', dataset.get(key)?.tag ?? '', `${key} is missing.`);
  }
  if (meta.size > 0) {
    if (meta.string('MediaStorageSOPClassUID') !== dataset.string('SOPClassUID')) report('error', 'meta-differs', '00020002', 'The SOP class in the file meta group is another than in the data set.');
    if (meta.string('MediaStorageSOPInstanceUID') !== dataset.string('SOPInstanceUID')) report('error', 'meta-differs', '00020003', 'The SOP instance in the file meta group is another than in the data set.');
  }
  if (transferSyntaxes[transferSyntaxUid] === undefined) report('warning', 'transfer-syntax-unknown', '00020010', `The transfer syntax ${transferSyntaxUid} is not known.`);
}

/** Every element at every depth: UIDs (PS3.5 9.1), even lengths (7.1.1), owners of private blocks (7.8.1). */
function checkElements(dataset: DataSet, report: Report, isTop = true): void {
  for (const element of dataset.elements()) {
    const { tag, vr, value } = element;
    const name = keywordOf(tag) || `(${tag.slice(0, 4)},${tag.slice(4)})`;
    if (isPrivateTag(tag) && Number.parseInt(tag.slice(4), 16) >= 0x1000 && !dataset.hasValue(`${tag.slice(0, 4)}00${tag.slice(4, 6)}`)) {
      report('error', 'private-without-owner', tag, `The private element ${name} has no private creator.`);
    }
    if (value instanceof Uint8Array) {
      if (value.length % 2 === 1) report('error', 'odd-length', tag, `${name} has an odd length.`);
      if (vr === 'UI') for (const uid of dataset.strings(tag)) if (uid !== '' && !isValidUid(uid)) report(isTop && ownUids.has(tag) ? 'error' : 'warning', 'uid-invalid', tag, `${name} is no valid UID.`);
    } else if (!('kind' in value)) for (const item of value) checkElements(item, report, false);
  }
}

/** PS3.3 C.12.1: Synthetic Data, Content Qualification. */
function checkMarks(dataset: DataSet, report: Report): void {
  const synthetic = dataset.string('SyntheticData');
  if (dataset.has('SyntheticData') && synthetic !== 'YES' && synthetic !== 'NO') report('error', 'synthetic-value', '0008001c', `Synthetic Data is “${synthetic}”; it can only be YES or NO.`);
  const qualification = dataset.string('ContentQualification');
  if (qualification !== '' && !['PRODUCT', 'RESEARCH', 'SERVICE'].includes(qualification)) report('error', 'qualification-value', '00189004', `Content Qualification is “${qualification}”.`);
  const purposes = dataset.sequence('ContributingEquipmentSequence').map((item) => item.sequence('PurposeOfReferenceCodeSequence')[0]?.string('CodeValue') ?? '');
  if (purposes.includes('109100') && synthetic !== 'YES') report('error', 'synthetic-not-said', '0008001c', 'Synthesizing equipment contributed, but Synthetic Data is not YES.');
  dataset.sequence('ContributingEquipmentSequence').forEach((item, index) => {
    const code = item.sequence('PurposeOfReferenceCodeSequence')[0];
    if (code === undefined) report('error', 'equipment-without-purpose', '0018a001', `Contributing equipment ${index + 1} has no purpose.`);
    else if (code.string('CodingSchemeDesignator') === 'DCM' && !equipmentCodes.has(code.string('CodeValue'))) report('warning', 'equipment-code', '0018a001', `Contributing equipment ${index + 1} has a purpose that is not in CID 7005.`);
    if (!item.hasValue('Manufacturer')) report('error', 'equipment-without-manufacturer', '0018a001', `Contributing equipment ${index + 1} has no manufacturer.`);
  });
  // What this program promises of its own objects.
  if (dataset.string('Manufacturer') === 'Scanloom') {
    if (!dataset.has('SyntheticData') && purposes.length === 0) report('error', 'mark-missing', '0008001c', 'An object of this program says neither whether it is synthetic nor what made it.');
    if (synthetic === 'YES' && qualification !== 'RESEARCH') report('error', 'qualification-not-research', '00189004', 'A synthetic object of this program is not marked RESEARCH.');
    if (dataset.string('ImageType') === 'ORIGINAL') report('error', 'derived-called-original', '00080008', 'An object of this program calls itself ORIGINAL.');
  }
}

/** PS3.3 C.7.6.1.1.2 and the clauses of the IODs. */
function checkImageType(dataset: DataSet, report: Report): void {
  const type = dataset.strings('ImageType');
  const sopClass = dataset.string('SOPClassUID');
  const error = (code: string, message: string): void => report('error', code, '00080008', message);
  if (type.length === 0) {
    if ([`${storage}.2`, `${storage}.4`, `${storage}.128`].includes(sopClass)) error('image-type-missing', 'Image Type is missing.');
    return;
  }
  if (!['ORIGINAL', 'DERIVED', 'MIXED'].includes(type[0] ?? '')) error('image-type-value', `Value 1 of Image Type is “${type[0]}”.`);
  if (!['PRIMARY', 'SECONDARY', 'MIXED'].includes(type[1] ?? '')) error('image-type-value', `Value 2 of Image Type is “${type[1] ?? ''}”.`);
  if (type[0] === 'ORIGINAL' && dataset.sequence('SourceImageSequence').length > 0) error('original-with-source', 'The image calls itself ORIGINAL and names source images.');
  if (type[0] === 'ORIGINAL' && dataset.string('SyntheticData') === 'YES') report('warning', 'synthetic-original', '00080008', 'The image is synthetic and calls itself ORIGINAL.');
  if (sopClass === `${storage}.2` && !['AXIAL', 'LOCALIZER'].includes(type[2] ?? '')) report(type.length < 3 ? 'error' : 'warning', 'image-type-ct', '00080008', 'Value 3 of Image Type of a CT image is neither AXIAL nor LOCALIZER.');
  if (sopClass === `${storage}.4` && type.length < 3) report('warning', 'image-type-mr', '00080008', 'Image Type of an MR image has no value 3.');
  if (sopClass === `${storage}.128` && type[1] !== 'PRIMARY') error('image-type-pet', 'Value 2 of Image Type of a PET image is not PRIMARY.');
  if ((sopClass === `${storage}.66.4` || sopClass === `${storage}.66.7`) && type.join('\\') !== 'DERIVED\\PRIMARY') error('image-type-seg', 'Image Type of a segmentation is not DERIVED\\PRIMARY.');
}

/** PS3.3 C.12.4. */
function checkDerivation(dataset: DataSet, report: Report): void {
  for (const code of dataset.sequence('DerivationCodeSequence')) {
    const scheme = code.string('CodingSchemeDesignator');
    if (scheme === 'DCM' && !derivationCodes.has(code.string('CodeValue'))) report('warning', 'derivation-code', '00089215', `The derivation code ${code.string('CodeValue')} is not in CID 7203.`);
  }
  const self = dataset.string('SOPInstanceUID');
  for (const source of dataset.sequence('SourceImageSequence')) {
    const uid = source.string('ReferencedSOPInstanceUID');
    if (uid === '' || source.string('ReferencedSOPClassUID') === '') report('error', 'source-incomplete', '00082112', 'A source image is named without its class or instance.');
    if (uid === self) report('error', 'source-is-self', '00082112', 'The image names itself as its source.');
  }
  const hasDerivation = dataset.hasValue('DerivationDescription') || dataset.sequence('DerivationCodeSequence').length > 0;
  if (dataset.sequence('SourceImageSequence').length > 0 && !hasDerivation) report('warning', 'derivation-missing', '00082111', 'The image has sources but does not say how it was derived.');
}

/** PS3.3 C.7.6.1.1.5: once lossy, always lossy. */
function checkLossy({ dataset, transferSyntaxUid }: DicomFile, report: Report): void {
  const flag = dataset.string('LossyImageCompression');
  if (flag !== '' && flag !== '00' && flag !== '01') report('error', 'lossy-value', '00282110', `Lossy Image Compression is “${flag}”.`);
  if (transferSyntaxes[transferSyntaxUid]?.lossy === 'only' && flag !== '01') report('error', 'lossy-not-said', '00282110', 'The pixels are compressed with loss, but Lossy Image Compression is not 01.');
  if (flag === '01' && !dataset.hasValue('LossyImageCompressionRatio')) report('warning', 'lossy-ratio', '00282112', 'Lossy Image Compression is 01, but no ratio is given.');
}

/** PS3.3 C.7.6.2, C.7.6.3, C.11. */
function checkGeometry(dataset: DataSet, report: Report): void {
  const orientation = dataset.numbers('ImageOrientationPatient');
  if (orientation.length > 0) {
    const six = orientation as unknown as Orientation;
    if (orientation.length !== 6 || !orientation.every(Number.isFinite) || !hasDirection(six) || !isOrthonormal(six)) report('error', 'orientation-invalid', '00200037', 'Image Orientation is not two perpendicular unit vectors.');
  }
  const position = dataset.numbers('ImagePositionPatient');
  if (position.length > 0 && (position.length !== 3 || !position.every(Number.isFinite))) report('error', 'position-invalid', '00200032', 'Image Position is not three numbers.');
  const spacing = dataset.numbers('PixelSpacing');
  if (spacing.length > 0 && (spacing.length !== 2 || !spacing.every((value) => value > 0))) report('error', 'spacing-invalid', '00280030', 'Pixel Spacing is not two numbers above 0.');
  if ((dataset.number('SpacingBetweenSlices') ?? 0) < 0 && ['CT', 'MR'].includes(dataset.string('Modality'))) report('error', 'spacing-negative', '00180088', 'Spacing Between Slices is negative.');
  if (dataset.has('RescaleSlope') && !dataset.number('RescaleSlope')) report('error', 'rescale-invalid', '00281053', 'Rescale Slope is 0 or no number.');
  const isLinear = !['LINEAR_EXACT', 'SIGMOID'].includes(dataset.string('VOILUTFunction'));
  if (dataset.numbers('WindowWidth').some((width) => (isLinear ? !(width >= 1) : !(width > 0)))) report('error', 'window-invalid', '00281051', 'A window is narrower than a window can be.');
}

/** PS3.3 C.7.6.3: bits, length, and extremes that are true. Compressed pixels are only checked for their presence. */
function checkPixelData({ dataset }: DicomFile, report: Report): void {
  if (!dataset.has('PixelData')) return;
  let layout: ReturnType<typeof pixelLayout>;
  try {
    layout = pixelLayout(dataset);
  } catch (thrown) {
    report('error', 'pixels-invalid', '00280008', ScanloomError.from(thrown).message);
    return;
  }
  const { rows, columns, frames, samples, bitsAllocated, bitsStored, highBit } = layout;
  if (rows === 0 || columns === 0 || bitsAllocated === 0 || bitsStored === 0) {
    report('error', 'pixels-invalid', '7fe00010', 'There are pixels, but not what describes them.');
    return;
  }
  if (bitsStored > bitsAllocated || highBit !== bitsStored - 1) report('error', 'bits-invalid', '00280102', `Bits ${bitsAllocated}/${bitsStored}/${highBit} do not fit together.`);
  const bytes = dataset.bytes('PixelData');
  if (bytes === null) {
    if ((dataset.encapsulated('PixelData')?.fragments.length ?? 0) < 1) report('error', 'pixels-missing', '7fe00010', 'The pixel data has no fragments.');
    return;
  }
  const subsampled = layout.photometricInterpretation === 'YBR_FULL_422';
  const exact = Math.ceil((rows * columns * frames * (subsampled ? 2 : samples) * bitsAllocated) / 8);
  if (bytes.length !== exact + (exact % 2)) report('error', 'pixel-length', '7fe00010', `The pixel data has ${bytes.length} bytes where ${exact + (exact % 2)} are needed.`);
  else if (bitsAllocated === 16 && samples === 1) checkExtremes(dataset, bytes, bitsStored, layout.pixelRepresentation === 1, report);
}

function checkExtremes(dataset: DataSet, bytes: Uint8Array, bitsStored: number, signed: boolean, report: Report): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const unused = 32 - bitsStored;
  let smallest = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < bytes.length; at += 2) {
    const raw = view.getUint16(at, true);
    const value = signed ? (raw << unused) >> unused : (raw << unused) >>> unused;
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  const said = (key: string): number | null => dataset.number(key);
  if (said('SmallestImagePixelValue') !== null && said('SmallestImagePixelValue') !== smallest) report('error', 'smallest-false', '00280106', `Smallest Image Pixel Value is ${said('SmallestImagePixelValue')}; the pixels’ is ${smallest}.`);
  if (said('LargestImagePixelValue') !== null && said('LargestImagePixelValue') !== largest) report('error', 'largest-false', '00280107', `Largest Image Pixel Value is ${said('LargestImagePixelValue')}; the pixels’ is ${largest}.`);
}
