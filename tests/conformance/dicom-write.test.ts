/** What the room writes from real sources: geometry, marks and values read back, judged by our validator and by dciodvfy where it is installed. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  applyRescale, decodeFrame, describeImage, newUid, parseDicom, upscaledGeometry, validateObject, writeDerivedImage, writeSyntheticImage, type ImageHeader, type SyntheticOptions,
} from '#dicom';
import { hasDciodvfy, judge } from './dciodvfy.ts';
import { readManifest, readReal, realDataFolder } from './real-data.ts';

const manifest = readManifest();
const folder = mkdtempSync(path.join(os.tmpdir(), 'scanloom-write-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
if (!hasDciodvfy) console.warn('dciodvfy is not installed; its verdicts are left out.');

const uid = (name: string): string => newUid(Uint8Array.from(createHash('sha256').update(name).digest().subarray(0, 16)));
const middleOf = (place: string): string => {
  const names = readdirSync(path.join(realDataFolder, place)).sort();
  return `${place}/${names[Math.floor(names.length / 2)]}`;
};

function expectAccepted(name: string, bytes: Uint8Array): void {
  expect(validateObject(bytes)).toEqual([]);
  if (!hasDciodvfy) return;
  const file = path.join(folder, `${name}.dcm`);
  writeFileSync(file, bytes);
  expect(judge(file).errors).toEqual([]);
}

/** Every pixel four times: an enlargement whose every value is known. */
async function enlarged(relative: string): Promise<{ bytes: Uint8Array; header: ImageHeader; values: Float32Array }> {
  const source = parseDicom(readReal(relative));
  const header = describeImage(source);
  const frame = await decodeFrame(source, 0);
  const before = applyRescale(frame.stored, header.rescale ?? { slope: 1, intercept: 0 });
  const [rows, columns] = [header.rows * 2, header.columns * 2];
  const values = Float32Array.from({ length: rows * columns }, (_, i) => before[(Math.floor(i / columns) >> 1) * header.columns + ((i % columns) >> 1)]!);
  const { position, orientation, pixelSpacingMm } = header;
  const geometry = position && orientation && pixelSpacingMm ? upscaledGeometry({ position, orientation, spacingMm: pixelSpacingMm }, 2) : null;
  const bytes = writeDerivedImage({
    source, values, rows, columns,
    geometry: geometry === null ? {} : { position: geometry.position, spacingMm: geometry.spacingMm },
    factor: 2,
    seriesInstanceUid: uid(`${relative} series`),
    sopInstanceUid: uid(`${relative} instance`),
    seriesNumber: 9001,
    instanceNumber: 1,
    seriesDescription: 'AI x2',
    derivation: { description: 'Enlarged twofold; sr-gan-x2 1.0.0', codes: [{ value: '113085', scheme: 'DCM', meaning: 'Spatial resampling' }] },
    contentDate: new Date('2026-01-05T09:00:00Z'),
    equipment: { manufacturer: 'Scanloom', model: 'sr-gan-x2 1.0.0', softwareVersions: ['Scanloom 0.1.0'] },
    sources: [{ sopClassUid: header.sopClassUid, sopInstanceUid: header.sopInstanceUid }],
  });
  return { bytes, header, values };
}

describe.skipIf(manifest === null)('an image derived from a real one', () => {
  const sources = manifest === null ? [] : [
    { name: 'chest-ct', path: middleOf('chest-ct/LIDC-IDRI-0314'), type: 'DERIVED\\SECONDARY\\AXIAL\\RESAMPLED', exact: true },
    { name: 'head-ct', path: middleOf('head-ct/philips-brain-1mm'), type: 'DERIVED\\SECONDARY\\AXIAL\\RESAMPLED', exact: true },
    { name: 'mr-oblique', path: middleOf('mr-t1/anat-T1w'), type: 'DERIVED\\SECONDARY\\OTHER\\RESAMPLED', exact: true },
    { name: 'ct-tilted', path: middleOf('oddities/ct-gantry-tilt-uneven'), type: 'DERIVED\\SECONDARY\\AXIAL\\RESAMPLED', exact: true },
    { name: 'ct-localizer', path: middleOf('oddities/ct-localizer'), type: 'DERIVED\\SECONDARY\\LOCALIZER\\RESAMPLED', exact: true },
    { name: 'pet', path: middleOf('oddities/pet-with-seg/PET'), type: 'DERIVED\\PRIMARY', exact: true },
    { name: 'mr-hitachi', path: middleOf('oddities/mr-hitachi'), type: 'DERIVED\\SECONDARY\\OTHER\\RESAMPLED', exact: true },
    { name: 'cr', path: 'syntaxes/wg04/RG3_JLSN', type: 'DERIVED\\SECONDARY', exact: true },
  ];

  test.each(sources)('$name keeps values and geometry, says what it is and passes the judges', async ({ name, path: relative, type }) => {
    const { bytes, header: before, values } = await enlarged(relative);
    const file = parseDicom(bytes);
    const after = describeImage(file);
    expectAccepted(name, bytes);
    // Marks.
    expect(after.syntheticData).toBe('YES');
    expect(after.contentQualification).toBe('RESEARCH');
    expect(after.imageType.join('\\')).toBe(type);
    expect(file.dataset.sequence('SourceImageSequence')[0]!.string('ReferencedSOPInstanceUID')).toBe(before.sopInstanceUid);
    expect(file.dataset.sequence('ContributingEquipmentSequence').map((item) => item.sequence('PurposeOfReferenceCodeSequence')[0]!.string('CodeValue'))).toContain('109100');
    // Identity: another series of the same study and patient.
    expect([after.studyInstanceUid, after.patientName, after.patientId]).toEqual([before.studyInstanceUid, before.patientName, before.patientId]);
    expect(after.seriesInstanceUid).not.toBe(before.seriesInstanceUid);
    if (before.frameOfReferenceUid !== '') expect(after.frameOfReferenceUid).toBe(before.frameOfReferenceUid);
    // Values: what was given is what is read.
    const read = applyRescale((await decodeFrame(file, 0)).stored, after.rescale ?? { slope: 1, intercept: 0 });
    expect(Buffer.compare(Buffer.from(read.buffer), Buffer.from(values.buffer))).toBe(0);
    // Geometry: the corner of the field of view stays where it was (half-pixel convention).
    if (before.position === null || before.orientation === null || before.pixelSpacingMm === null || after.position === null || after.pixelSpacingMm === null) return;
    const corner = (position: readonly number[], spacing: readonly [number, number]): number[] =>
      [0, 1, 2].map((axis) => position[axis]! - 0.5 * spacing[1] * before.orientation![axis]! - 0.5 * spacing[0] * before.orientation![axis + 3]!);
    expect(after.pixelSpacingMm[0] * 2).toBeCloseTo(before.pixelSpacingMm[0], 9);
    corner(after.position, after.pixelSpacingMm).forEach((value, axis) => expect(value).toBeCloseTo(corner(before.position!, before.pixelSpacingMm!)[axis]!, 6));
  });

  test('of colour is refused in words', async () => {
    const source = parseDicom(readReal('syntaxes/pydicom/examples_rgb_color.dcm'));
    expect(() => writeDerivedImage({
      source, values: new Float32Array(4), rows: 2, columns: 2, geometry: {}, factor: 1, seriesInstanceUid: '2.25.1', sopInstanceUid: '2.25.2', seriesNumber: 1, instanceNumber: 1, seriesDescription: '',
      derivation: { description: '', codes: [] }, contentDate: new Date(0), equipment: { manufacturer: 'Scanloom', model: '', softwareVersions: [] }, sources: [],
    })).toThrow(/A colour image cannot be derived from grey values/);
  });
});

describe('a synthetic image', () => {
  const options: SyntheticOptions = {
    values: Float32Array.from({ length: 64 * 48 }, (_, i) => (i % 48) / 47),
    rows: 64, columns: 48, plane: 'axial', pixelSpacingMm: 1.7, sliceThicknessMm: 6, modality: 'MR', bodyPart: 'BRAIN', description: 'Synthetic T1 post-contrast: glioma',
    subject: { id: 'SYN-7', name: 'Synthetic^Subject^0007' },
    studyInstanceUid: uid('study'), seriesInstanceUid: uid('series'), frameOfReferenceUid: uid('frame of reference'), sopInstanceUid: uid('instance'),
    seriesNumber: 1, instanceNumber: 1,
    equipment: { manufacturer: 'Scanloom', model: 'brain-t1c-diffusion 1.0.0', softwareVersions: ['Scanloom 0.1.0'] },
    derivation: 'Generated from noise; seed 7', contentDate: new Date('2026-01-05T09:00:00Z'),
  };

  test.each([
    { name: 'MR', changes: {}, sopClass: '1.2.840.10008.5.1.4.1.1.4' },
    { name: 'CT', changes: { modality: 'CT' as const, bodyPart: 'CHEST' }, sopClass: '1.2.840.10008.5.1.4.1.1.2' },
    { name: 'MR, coronal', changes: { plane: 'coronal' as const }, sopClass: '1.2.840.10008.5.1.4.1.1.4' },
    { name: 'Secondary Capture', changes: { pixelSpacingMm: null }, sopClass: '1.2.840.10008.5.1.4.1.1.7' },
    { name: 'Secondary Capture without a plane', changes: { plane: null }, sopClass: '1.2.840.10008.5.1.4.1.1.7' },
  ])('as $name passes the judges and points at nobody', ({ name, changes, sopClass }) => {
    const bytes = writeSyntheticImage({ ...options, ...changes });
    const { dataset } = parseDicom(bytes);
    expectAccepted(`synthetic-${name}`, bytes);
    expect(dataset.string('SOPClassUID')).toBe(sopClass);
    expect(dataset.string('SyntheticData')).toBe('YES');
    expect(dataset.string('ImageType')).toBe('DERIVED');
    for (const key of ['SourceImageSequence', 'ReferencedSeriesSequence', 'AcquisitionDate', 'PatientIdentityRemoved', 'InstitutionName']) expect(dataset.has(key), key).toBe(false);
  });

  test('says of its place what the package declares, that nothing was measured, and not how a person lay', () => {
    const { dataset } = parseDicom(writeSyntheticImage({ ...options, plane: 'coronal' }));
    expect(dataset.numbers('ImageOrientationPatient')).toEqual([1, 0, 0, 0, 0, -1]);
    // The middle of 48 columns and 64 rows of 1.7 mm is the origin.
    expect(dataset.numbers('ImagePositionPatient')).toEqual([expect.closeTo(-23.5 * 1.7, 6), 0, expect.closeTo(31.5 * 1.7, 6)]);
    expect([dataset.has('PatientPosition'), dataset.string('PatientPosition')]).toEqual([true, '']);
    expect(dataset.string('ImageComments')).toMatch(/^Nothing was measured/);
    const capture = parseDicom(writeSyntheticImage({ ...options, plane: null })).dataset;
    for (const key of ['ImageOrientationPatient', 'ImagePositionPatient', 'PixelSpacing', 'FrameOfReferenceUID']) expect(capture.has(key), key).toBe(false);
  });

  test('is the same file for the same options', () => {
    expect(Buffer.compare(Buffer.from(writeSyntheticImage(options)), Buffer.from(writeSyntheticImage(options)))).toBe(0);
  });

  test('with values that are no numbers is refused', () => {
    expect(() => writeSyntheticImage({ ...options, values: options.values.map(() => Number.NaN) })).toThrow(/no numbers/);
  });
});
