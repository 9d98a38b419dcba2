/** Derived enhanced multi-frame images and Secondary Captures from real sources: values, places and marks read back, judged by dciodvfy and our validator. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ScanloomError } from '#contract/errors';
import {
  applyRescale, decodeFrame, describeImage, mendedInDerived, newUid, parseDicom, removedFromDerived, replacedInDerived, ruleFor, upscaledGeometry, validateObject, writeDerivedFrames, writeDerivedImage, writeDicom, writeSecondaryCapture,
  type DataSet, type DerivedFrame, type DerivedIdentity, type DicomFile,
} from '#dicom';
import { hasDciodvfy, judge, type AgeLine } from './dciodvfy.ts';
import { readManifest, readReal } from './real-data.ts';

const manifest = readManifest();
const folder = mkdtempSync(path.join(os.tmpdir(), 'scanloom-derived-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const uid = (name: string): string => newUid(Uint8Array.from(createHash('sha256').update(name).digest().subarray(0, 16)));

function words(name: string, factor: number): DerivedIdentity {
  return {
    seriesInstanceUid: uid(`${name} series`), sopInstanceUid: uid(`${name} instance`), seriesNumber: 9001, instanceNumber: 1, seriesDescription: 'AI x2', factor,
    derivation: { description: 'Enlarged twofold; sr-gan-x2 1.0.0', codes: [{ value: '113085', scheme: 'DCM', meaning: 'Spatial resampling' }] },
    contentDate: new Date('2026-01-05T09:00:00Z'), equipment: { manufacturer: 'Scanloom', model: 'sr-gan-x2 1.0.0', softwareVersions: ['Scanloom 0.1.0'] },
  };
}

/** PS3.3 C.8.13.4 and C.7.6.16.3 let what describes the acquisition be present in derived images, too (“may be present otherwise”); the tool does not. */
const pulseSequence: readonly AgeLine[] = [{ line: /^Error - Attribute present when condition unsatisfied \(which may not be present otherwise\) Type 1C Conditional Element=<\w+> Module=<(MRPulseSequence|BulkMotionSynchronization)>$/, reason: 'C.8.13.4, C.7.6.16.3' }];

/** Lines about what the source object had wrong or old already, so that only our own are asked about. */
function newErrors(name: string, bytes: Uint8Array, source: Uint8Array): string[] {
  if (!hasDciodvfy) return [];
  const [ours, theirs] = [path.join(folder, `${name}.dcm`), path.join(folder, `${name}-source.dcm`)];
  writeFileSync(ours, bytes);
  writeFileSync(theirs, source);
  const before = new Set(judge(theirs, pulseSequence).errors);
  return judge(ours, pulseSequence).errors.filter((line) => !before.has(line));
}

/** Every pixel of every frame four times. */
async function doubled(file: DicomFile): Promise<{ frames: DerivedFrame[]; values: Float32Array[]; rows: number; columns: number }> {
  const header = describeImage(file);
  const frames: DerivedFrame[] = [];
  const all: Float32Array[] = [];
  for (let index = 0; index < header.frames; index += 1) {
    const geometry = header.framesGeometry![index]!;
    const before = applyRescale((await decodeFrame(file, index)).stored, geometry.rescale ?? { slope: 1, intercept: 0 });
    const columns = header.columns * 2;
    const values = Float32Array.from({ length: columns * header.rows * 2 }, (_, i) => before[(Math.floor(i / columns) >> 1) * header.columns + ((i % columns) >> 1)]!);
    const place = upscaledGeometry({ position: geometry.position!, orientation: geometry.orientation!, spacingMm: geometry.pixelSpacingMm! }, 2);
    all.push(values);
    frames.push({ source: file, sourceFrame: index, values: () => values, position: place.position, spacingMm: place.spacingMm });
  }
  return { frames, values: all, rows: header.rows * 2, columns: header.columns * 2 };
}

describe.skipIf(manifest === null)('an enhanced image derived from a real one', () => {
  test.each([
    { name: 'ct', place: 'oddities/ct-enhanced/eCT_Supplemental.dcm' },
    { name: 'mr-siemens', place: 'oddities/mr-enhanced/siemens-xa10/6_1.dcm' },
    { name: 'mr-philips-4d', place: 'oddities/mr-enhanced/philips-fmri-4d/IM-0001-9600-0001.dcm' },
    { name: 'mr-philips-two-kinds', place: 'oddities/mr-enhanced/philips-b0map/IM_0027_fMAP.dcm' },
    { name: 'mr-hyperfine', place: 'oddities/mr-enhanced/hyperfine/001.dcm' },
    { name: 'ct-legacy-converted', place: 'oddities/dcmqi/segmentations/24x38x3/multiframe/mf.dcm' },
  ])('$name keeps values, places and groups, and names each frame’s source', async ({ name, place }) => {
    const original = readReal(place);
    const source = parseDicom(original);
    const { frames, values, rows, columns } = await doubled(source);
    const bytes = await writeDerivedFrames({ ...words(name, 2), frames, rows, columns });
    const file = parseDicom(bytes);
    const [before, after] = [describeImage(source), describeImage(file)];
    expect(newErrors(name, bytes, original)).toEqual([]);
    expect(validateObject(bytes).filter(({ level }) => level === 'error')).toEqual([]);
    expect([after.sopClassUid, after.syntheticData, after.contentQualification, after.frames]).toEqual([before.sopClassUid, 'YES', 'RESEARCH', before.frames]);
    expect(after.imageType).toEqual(['DERIVED', 'PRIMARY', before.imageType[2], 'RESAMPLED']);
    for (let index = 0; index < frames.length; index += 1) {
      const [was, is] = [before.framesGeometry![index]!, after.framesGeometry![index]!];
      const read = applyRescale((await decodeFrame(file, index)).stored, is.rescale!);
      expect(Buffer.compare(Buffer.from(read.buffer), Buffer.from(values[index]!.buffer))).toBe(0);
      frames[index]!.position.forEach((value, axis) => expect(is.position![axis]).toBeCloseTo(value, 6));
      expect(is.pixelSpacingMm![0]).toBeCloseTo(was.pixelSpacingMm![0] / 2, 9);
      expect([is.echoTime, is.orientation, is.temporalPosition]).toEqual([was.echoTime, was.orientation, was.temporalPosition]);
      const groups = [file.dataset.sequence('PerFrameFunctionalGroupsSequence')[index]!, file.dataset.sequence('SharedFunctionalGroupsSequence')[0]!];
      const derivation = groups.map((set) => set.sequence('DerivationImageSequence')[0]).find((item) => item !== undefined)!;
      expect(derivation.sequence('SourceImageSequence')[0]!.number('ReferencedFrameNumber')).toBe(index + 1);
      expect(derivation.sequence('DerivationCodeSequence')[0]!.string('CodeValue')).toBe('113085');
    }
    // Frames are told apart by their numbers (C.7.6.17).
    const numbers = after.framesGeometry!.map(({ dimensionIndex }) => dimensionIndex.join());
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test('of frames of several series is refused', async () => {
    const files = ['oddities/ct-enhanced/eCT_Supplemental.dcm', 'oddities/mr-enhanced/hyperfine/001.dcm'].map((place) => parseDicom(readReal(place)));
    const frames = files.map((source): DerivedFrame => ({ source, sourceFrame: 0, values: () => new Float32Array(4), position: [0, 0, 0], spacingMm: [1, 1] }));
    await expect(writeDerivedFrames({ ...words('mixed', 1), frames, rows: 2, columns: 2 })).rejects.toThrow(/several series/);
  });
});

describe.skipIf(manifest === null)('every sixth image of the collection', () => {
  test('gives a derived object with no fault that its source did not have, or a refusal in words', () => {
    const faults: string[] = [];
    let written = 0;
    for (const { path: place } of manifest!.filter((_, index) => index % 6 === 0)) {
      const original = readReal(place);
      let source: DicomFile;
      try {
        source = parseDicom(original);
        if (!describeImage(source).hasPixels) continue;
      } catch {
        continue;
      }
      const { sopClassUid, sopInstanceUid } = describeImage(source);
      try {
        const bytes = writeDerivedImage({ ...words(place, 1), source, values: Float32Array.from({ length: 16 }, (_, i) => i), rows: 4, columns: 4, geometry: {}, sources: [{ sopClassUid, sopInstanceUid }] });
        written += 1;
        faults.push(...newErrors('any', bytes, original).map((line) => `${place}: ${line}`));
        faults.push(...validateObject(bytes, { modules: true }).filter(({ level, code }) => level === 'error' && code !== 'source-incomplete').map(({ message }) => `${place}: ${message}`));
      } catch (thrown) {
        expect(ScanloomError.from(thrown).code).toMatch(/^(dicom|export)\//);
      }
    }
    expect(faults).toEqual([]);
    expect(written).toBeGreaterThan(40);
  }, 60_000);
});

describe.skipIf(manifest === null)('a projection image', () => {
  const dx = (): DicomFile => parseDicom(readReal('oddities/highdicom-seg-sr-sm/dx_image.dcm'));
  /** No real mammogram is at hand: the same image said to be one. */
  const mammogram = (): DicomFile => {
    const file = dx();
    file.dataset.setString('SOPClassUID', '1.2.840.10008.5.1.4.1.1.1.2').setString('Modality', 'MG').setString('ImageLaterality', 'L').setString('PositionerType', 'MAMMOGRAPHIC').setString('OrganExposed', 'BREAST').setString('BodyPartExamined', 'BREAST');
    return file;
  };

  test.each([{ name: 'DX', sourceOf: dx }, { name: 'MG', sourceOf: mammogram }])('$name keeps its kind, has a value 3 and a rescale, and its imager spacing is that of the new grid', async ({ name, sourceOf }) => {
    const source = sourceOf();
    const header = describeImage(source);
    const original = writeDicom({ dataset: source.dataset, sopClassUid: header.sopClassUid, sopInstanceUid: header.sopInstanceUid, transferSyntaxUid: source.dataset.encapsulated('PixelData') === null ? '1.2.840.10008.1.2.1' : source.transferSyntaxUid });
    const values = Float32Array.from({ length: 24 }, (_, i) => i * 7);
    const bytes = writeDerivedImage({ ...words(name, 2), source, values, rows: 4, columns: 6, geometry: {}, sources: [{ sopClassUid: header.sopClassUid, sopInstanceUid: header.sopInstanceUid }] });
    const file = parseDicom(bytes);
    expect(newErrors(name, bytes, original)).toEqual([]);
    expect(validateObject(bytes).filter(({ level }) => level === 'error')).toEqual([]);
    expect(file.dataset.strings('ImageType')).toEqual(['DERIVED', 'SECONDARY', '']);
    expect([...applyRescale((await decodeFrame(file, 0)).stored, describeImage(file).rescale!)]).toEqual([...values]);
    expect(file.dataset.has('Laterality')).toBe(false);
    const before = source.dataset.numbers('ImagerPixelSpacing');
    file.dataset.numbers('ImagerPixelSpacing').forEach((value, axis) => expect(value).toBeCloseTo(before[axis]! / 2, 9));
  });
});

describe.skipIf(manifest === null)('every attribute of a real source', () => {
  const sameValue = (a: DataSet, b: DataSet, tag: string): boolean => {
    const [before, after] = [a.get(tag)!, b.get(tag)!];
    if (before.vr === 'SQ') return a.sequence(tag).length === b.sequence(tag).length && a.sequence(tag).every((item, index) => [...item.elements()].every((element) => element.tag.endsWith('0000') || (b.sequence(tag)[index]!.has(element.tag) && sameValue(item, b.sequence(tag)[index]!, element.tag))));
    // Too long decimal strings are written as exactly as 16 characters allow (PS3.5 6.2); padding may be mended.
    if (before.vr === 'DS') return a.numbers(tag).every((value, index) => Number.isNaN(value) || Math.abs(value - b.numbers(tag)[index]!) <= 1e-9 * Math.max(1, Math.abs(value)));
    const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1').replace(/[ \0]/g, ' ').trimEnd();
    return before.value instanceof Uint8Array && after.value instanceof Uint8Array && (text(before.value) === text(after.value) || a.strings(tag).join() === b.strings(tag).join());
  };

  test.each(['chest-ct/LIDC-IDRI-0314', 'head-ct/philips-brain-1mm', 'mr-t1/anat-T1w', 'oddities/pet-with-seg/PET', 'oddities/mr-hitachi', 'oddities/ct-localizer', 'oddities/dwi-philips', 'oddities/mr-multi-echo', 'oddities/4d-ge-fmri'])('%s is kept, written anew, mended or removed by a row', (place) => {
    const source = parseDicom(readReal(manifest!.find(({ path: name }) => name.startsWith(`${place}/`))!.path));
    const bytes = writeDerivedImage({ ...words(place, 1), source, values: Float32Array.from({ length: 16 }, (_, i) => i), rows: 4, columns: 4, geometry: {}, sources: [{ sopClassUid: source.dataset.string('SOPClassUID'), sopInstanceUid: source.dataset.string('SOPInstanceUID') }] });
    const { dataset } = parseDicom(bytes);
    const wrong: string[] = [];
    let kept = 0;
    for (const { tag } of source.dataset.elements()) {
      const isPrivate = Number.parseInt(tag[3]!, 16) % 2 === 1;
      const rule = isPrivate || tag.endsWith('0000') ? 'removed' : ruleFor(tag);
      const isThere = dataset.has(tag);
      if (rule === 'removed' && isThere) wrong.push(`${tag} should be gone`);
      if (rule === 'kept' && !isThere) wrong.push(`${tag} is gone, and no row says so`);
      if (rule === 'kept' && isThere && !sameValue(source.dataset, dataset, tag)) wrong.push(`${tag} was changed, and no row says so: ${source.dataset.strings(tag).join()} → ${dataset.strings(tag).join()}`);
      if (rule === 'kept') kept += 1;
    }
    expect(wrong).toEqual([]);
    expect(kept).toBeGreaterThan(10);
  });

  test('names a clause in every row', () => {
    for (const { clause, reason, tags } of [...removedFromDerived, ...replacedInDerived, ...mendedInDerived]) {
      expect(clause).toMatch(/^PS3\.\d/);
      expect(reason.length).toBeGreaterThan(5);
      for (const tag of tags) expect(tag).toMatch(/^[0-9a-fx]{8}$/);
    }
  });
});

describe.skipIf(manifest === null)('a Secondary Capture', () => {
  test('of a colour ultrasound keeps the patient and its colours, and no place', async () => {
    const original = readReal('syntaxes/pydicom/examples_rgb_color.dcm');
    const source = parseDicom(original);
    const header = describeImage(source);
    const { stored } = await decodeFrame(source, 0);
    const bytes = writeSecondaryCapture({
      ...words('colour', 1), source, rows: header.rows, columns: header.columns, pixels: { rgb: Uint8Array.from(stored) }, sources: [{ sopClassUid: header.sopClassUid, sopInstanceUid: header.sopInstanceUid }],
    });
    const file = parseDicom(bytes);
    expect(newErrors('colour', bytes, original)).toEqual([]);
    expect(validateObject(bytes)).toEqual([]);
    expect(describeImage(file)).toMatchObject({ sopClassUid: '1.2.840.10008.5.1.4.1.1.7', patientId: header.patientId, studyInstanceUid: header.studyInstanceUid, imageType: ['DERIVED', 'SECONDARY'], syntheticData: 'YES', photometricInterpretation: 'RGB', position: null });
    expect(Buffer.compare(Buffer.from((await decodeFrame(file, 0)).stored as Uint8Array), Buffer.from(stored as Uint8Array))).toBe(0);
  });

  test('is what becomes of a CT that does not say where it is', async () => {
    const source = parseDicom(readReal('oddities/ct-localizer/' + manifest!.find(({ path: name }) => name.startsWith('oddities/ct-localizer/'))!.path.split('/').at(-1)!));
    for (const key of ['ImagePositionPatient', 'ImageOrientationPatient']) source.dataset.delete(key);
    const values = Float32Array.from({ length: 12 }, (_, i) => i * 100 - 500);
    const bytes = writeDerivedImage({ ...words('without place', 1), source, values, rows: 3, columns: 4, geometry: {}, sources: [] });
    const file = parseDicom(bytes);
    expect(newErrors('without-place', bytes, bytes)).toEqual([]);
    expect(validateObject(bytes)).toEqual([]);
    expect(describeImage(file)).toMatchObject({ sopClassUid: '1.2.840.10008.5.1.4.1.1.7', modality: 'CT', rescale: { slope: 1, type: 'HU' }, position: null, frameOfReferenceUid: '' });
    expect([...applyRescale((await decodeFrame(file, 0)).stored, describeImage(file).rescale!)]).toEqual([...values]);
  });

  test.each([
    { name: 'a dose', place: 'syntaxes/pydicom/rtdose_1frame.dcm', says: /Doses/ },
    { name: 'a segmentation', place: 'syntaxes/pydicom/liver_1frame.dcm', says: /segmentations/ },
    { name: 'one frame of an enhanced image', place: 'oddities/ct-enhanced/eCT_Supplemental.dcm', says: /as a whole/ },
  ])('cannot stand for $name', ({ place, says }) => {
    expect(() => writeDerivedImage({ ...words('refused', 1), source: parseDicom(readReal(place)), values: new Float32Array(4), rows: 2, columns: 2, geometry: {}, sources: [] })).toThrow(says);
  });
});
