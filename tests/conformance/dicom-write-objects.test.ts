/**
 * Segmentations and parametric maps on real images: read back by our own reader, judged by dciodvfy, opened by highdicom, pydicom and dcmtk, each where it
 * is installed. highdicom is looked for with SCANLOOM_PYTHON (a Python that has it).
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  applyRescale, decodeFrame, describeImage, masksOnImage, newUid, parseDicom, readSegmentation, validateObject, writeParametricMap, writeSegmentation,
  type DicomFile, type NewObject, type PlaneSource, type SegmentDescription,
} from '#dicom';
import { hasDciodvfy, judge, type AgeLine } from './dciodvfy.ts';
import { readManifest, readReal, realDataFolder } from './real-data.ts';

const manifest = readManifest();
const folder = mkdtempSync(path.join(os.tmpdir(), 'scanloom-objects-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const python = process.env['SCANLOOM_PYTHON'] ?? 'python3';
const hasHighdicom = spawnSync(python, ['-c', 'import highdicom'], { stdio: 'ignore' }).status === 0;
const hasDcmtk = spawnSync('dcmdump', ['--version'], { stdio: 'ignore' }).status === 0;
for (const [there, name] of [[hasDciodvfy, 'dciodvfy'], [hasHighdicom, 'highdicom'], [hasDcmtk, 'dcmtk']] as const) if (!there) console.warn(`${name} is not installed; its word on written segmentations and maps is left out.`);

const uid = (name: string): string => newUid(Uint8Array.from(createHash('sha256').update(name).digest().subarray(0, 16)));
const sct = (value: string, meaning: string) => ({ value, scheme: 'SCT', meaning });

/** Every frame of the images of a folder (or one file). */
function sourcesOf(place: string, count = Number.POSITIVE_INFINITY): PlaneSource[] {
  const names = place.endsWith('.dcm') || place.includes('wg04') ? [place] : readdirSync(path.join(realDataFolder, place)).sort().map((name) => `${place}/${name}`);
  return names.slice(0, count).flatMap((name) => {
    const file = parseDicom(readReal(name));
    return Array.from({ length: describeImage(file).frames }, (_, frame) => ({ file, frame }));
  });
}

async function valuesOf({ file, frame }: PlaneSource): Promise<Float32Array> {
  const header = describeImage(file);
  return applyRescale((await decodeFrame(file, frame)).stored, header.framesGeometry?.[frame]?.rescale ?? header.rescale ?? { slope: 1, intercept: 0 });
}

function words(name: string): NewObject {
  return {
    seriesInstanceUid: uid(`${name} series`), sopInstanceUid: uid(`${name} instance`), seriesNumber: 9100, seriesDescription: `Test ${name}`, contentLabel: 'TEST', contentDescription: 'Written by a test',
    contentDate: new Date('2026-01-05T09:00:00Z'), equipment: { manufacturer: 'Scanloom', model: 'test 1.0.0', softwareVersions: ['Scanloom 0.1.0'] },
  };
}

const algorithm = { type: 'AUTOMATIC', name: 'threshold', version: '1.0.0', source: 'Scanloom' } as const;
const segments: readonly SegmentDescription[] = [
  { number: 1, label: 'Dark', category: sct('85756007', 'Tissue'), propertyType: sct('39607008', 'Lung'), algorithm },
  { number: 2, label: 'Bright', description: 'Above the second threshold', category: sct('91723000', 'Anatomical Structure'), propertyType: sct('3138006', 'Bone'), algorithm: { type: 'MANUAL' }, displayCielab: [40_000, 30_000, 30_000], tracking: { id: 'bright 1', uid: uid('bright') } },
];

/** 1 in the lowest third of the values, 2 in the highest twentieth. */
async function labelsOf(sources: readonly PlaneSource[]): Promise<Uint8Array[]> {
  return Promise.all(sources.map(async (source) => {
    const values = await valuesOf(source);
    const sorted = Float32Array.from(values).sort();
    const [low, high] = [sorted[Math.floor(sorted.length / 3)]!, sorted[Math.floor(sorted.length * 0.95)]!];
    return Uint8Array.from(values, (value) => (value < low ? 1 : value > high ? 2 : 0));
  }));
}

/** toEqual walks over millions of values one by one. */
function expectSame(a: ArrayBufferView, b: ArrayBufferView): void {
  expect(a.constructor).toBe(b.constructor);
  expect(Buffer.compare(Buffer.from(a.buffer, a.byteOffset, a.byteLength), Buffer.from(b.buffer, b.byteOffset, b.byteLength))).toBe(0);
}

const written = new Map<string, { bytes: Uint8Array; age: readonly AgeLine[] }>();
function keep(name: string, bytes: Uint8Array, age: readonly AgeLine[] = []): Uint8Array {
  written.set(name, { bytes, age });
  writeFileSync(path.join(folder, `${name}.dcm`), bytes);
  return bytes;
}

const labelMapAge: readonly AgeLine[] = [
  { line: /^Error - Information Object Not found$/, reason: 'Label Map Segmentation Storage is of 2024d' },
  { line: /^Error - SegmentNumber not monotonically increasing from one by one/, reason: 'a label map describes its background as 0 (C.8.20.2.3.3)' },
];
const mapAge: readonly AgeLine[] = [{ line: /^Warning - Unrecognized defined term <QUANTITY> for value 4 of attribute <(Image|Frame) Type>$/, reason: 'C.8.32.2 allows it' }];

const places = [
  { name: 'chest-ct', place: 'chest-ct/LIDC-IDRI-0314', count: 3 },
  { name: 'pet', place: 'oddities/pet-with-seg/PET', count: 5 },
  { name: 'mr-oblique', place: 'mr-t1/anat-T1w', count: 4 },
  { name: 'ct-enhanced', place: 'oddities/ct-enhanced', count: 1 },
  { name: 'dx-without-place', place: 'oddities/highdicom-seg-sr-sm/dx_image.dcm', count: 1 },
];

describe.skipIf(manifest === null)('on real images', () => {
  describe.each(places)('$name', ({ name, place, count }) => {
    let sources: PlaneSource[];
    let labels: Uint8Array[];
    beforeAll(async () => {
      sources = sourcesOf(place, count);
      labels = await labelsOf(sources);
    });

    /** The frame on a source and of a segment, found as a reader finds it: by its groups. */
    function frameOf(file: DicomFile, source: PlaneSource, segment: number | null): number {
      const frames = file.dataset.sequence('PerFrameFunctionalGroupsSequence');
      const shared = file.dataset.sequence('SharedFunctionalGroupsSequence')[0]!;
      const group = (index: number, key: string) => frames[index]!.sequence(key)[0] ?? shared.sequence(key)[0];
      return frames.findIndex((_, index) => {
        const reference = group(index, 'DerivationImageSequence')?.sequence('SourceImageSequence')[0];
        return reference?.string('ReferencedSOPInstanceUID') === source.file.dataset.string('SOPInstanceUID')
          && (reference.number('ReferencedFrameNumber') ?? 1) === source.frame + 1
          && (segment === null || group(index, 'SegmentIdentificationSequence')?.number('ReferencedSegmentNumber') === segment);
      });
    }

    test('a binary segmentation holds each mask at its place', async () => {
      const bytes = keep(`${name}-binary`, writeSegmentation({ ...words(`${name} binary`), kind: 'BINARY', sources, segments, pixels: { labels } }));
      const file = parseDicom(bytes);
      const header = describeImage(file);
      expect(validateObject(bytes).filter(({ level }) => level === 'error')).toEqual([]);
      for (const [index, source] of sources.entries()) {
        for (const { number } of segments) {
          const frame = frameOf(file, source, number);
          if (!labels[index]!.includes(number)) expect(frame).toBe(-1);
          else {
            expectSame((await decodeFrame(file, frame)).stored, labels[index]!.map((label) => (label === number ? 1 : 0)));
            const before = describeImage(source.file);
            (before.framesGeometry?.[source.frame]?.position ?? before.position)?.forEach((value, axis) => expect(header.framesGeometry![frame]!.position![axis]).toBeCloseTo(value, 9));
          }
        }
      }
    });

    test('a label map holds every label and describes its background', async () => {
      const bytes = keep(`${name}-labelmap`, writeSegmentation({ ...words(`${name} labelmap`), kind: 'LABELMAP', sources, segments: segments.map((segment) => (segment.number === 2 ? { ...segment, number: 700 } : segment)), pixels: { labels: labels.map((values) => Uint16Array.from(values, (value) => (value === 2 ? 700 : value))) } }), labelMapAge);
      const file = parseDicom(bytes);
      expect(validateObject(bytes).filter(({ level }) => level === 'error')).toEqual([]);
      expect(file.dataset.sequence('SegmentSequence').map((item) => item.number('SegmentNumber'))).toEqual([0, 1, 700]);
      for (const [index, source] of sources.entries()) expectSame((await decodeFrame(file, frameOf(file, source, null))).stored, Uint16Array.from(labels[index]!, (value) => (value === 2 ? 700 : value)));
    });

    test.skipIf(name === 'dx-without-place')('a parametric map holds every value and its unit', async () => {
      const values = await Promise.all(sources.map(async (source) => (await valuesOf(source)).map((value, i) => value / 3 + Math.sin(i))));
      const bytes = keep(`${name}-map`, writeParametricMap({
        ...words(`${name} map`), sources, values, derivation: { codes: [{ value: '113062', scheme: 'DCM', meaning: 'Pixel by pixel subtraction' }], description: 'Made by a test' },
        quantity: { label: 'DIFFERENCE', explanation: 'Enhanced minus source', unit: { value: '1', scheme: 'UCUM', meaning: 'no units' }, concept: { value: '113062', scheme: 'DCM', meaning: 'Pixel by pixel subtraction' } },
      }), mapAge);
      const file = parseDicom(bytes);
      expect(validateObject(bytes).filter(({ level }) => level === 'error')).toEqual([]);
      for (const [index, source] of sources.entries()) expectSame((await decodeFrame(file, frameOf(file, source, null))).stored, values[index]!);
    });
  });

  test.each(places)('$name: our own reader lays the masks where they were drawn, and says a map’s unit', async ({ name, place, count }) => {
    const sources = sourcesOf(place, count);
    const labels = await labelsOf(sources);
    for (const [form, bright] of [['binary', 2], ['labelmap', 700]] as const) {
      const file = parseDicom(written.get(`${name}-${form}`)!.bytes);
      const segmentation = readSegmentation(file.dataset);
      expect(segmentation).toMatchObject({ type: form, canOverlay: true, notices: name === 'dx-without-place' ? [expect.stringContaining('no geometry of its own')] : [] });
      expect(segmentation.segments.filter(({ number }) => number !== 0).map(({ number, label, type, trackingId }) => [number, label, type?.value, trackingId])).toEqual([[1, 'Dark', '39607008', ''], [bright, 'Bright', '3138006', 'bright 1']]);
      for (const [index, source] of sources.entries()) {
        const header = describeImage(source.file);
        const own = header.framesGeometry?.[source.frame] ?? header;
        const { how, masks } = await masksOnImage(file, segmentation, {
          sopInstanceUid: header.sopInstanceUid, frame: source.frame, rows: header.rows, columns: header.columns, position: own.position, orientation: own.orientation, spacingMm: own.pixelSpacingMm,
          // The sources name a frame of reference each; the object lies in that of its first.
          frameOfReferenceUid: segmentation.frameOfReferenceUid, sliceSpacingMm: own.sliceThicknessMm,
        });
        expect(how).toBe('reference');
        for (const [number, label] of [[1, 1], [bright, 2]] as const) {
          const mask = masks.find(({ segment }) => segment === number)?.pixels ?? new Uint8Array(labels[index]!.length);
          expectSame(mask, labels[index]!.map((value) => (value === label ? 1 : 0)));
        }
      }
    }
    const map = written.get(`${name}-map`);
    if (map !== undefined) expect(describeImage(parseDicom(map.bytes)).framesGeometry!.length).toBe(sources.length);
  });

  test.skipIf(!hasDciodvfy)('dciodvfy finds nothing but its age', () => {
    expect(written.size).toBeGreaterThan(10);
    for (const [name, { age }] of written) expect([name, judge(path.join(folder, `${name}.dcm`), age).errors]).toEqual([name, []]);
  });

  test.skipIf(!hasDcmtk)('dcmdump parses all of them', () => {
    for (const name of written.keys()) expect(execFileSync('dcmdump', ['-q', path.join(folder, `${name}.dcm`)], { encoding: 'utf8', maxBuffer: 1 << 26 })).toMatch(/Manufacturer/);
  });

  test.skipIf(!hasHighdicom)('highdicom opens all of them and sees the same pixels', async () => {
    const names = [...written.keys()];
    const read = JSON.parse(execFileSync(python, [path.join(import.meta.dirname, 'dicom_objects.py'), ...names.map((name) => path.join(folder, `${name}.dcm`))], { encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'ignore'] })) as Record<string, Record<string, unknown>>;
    for (const name of names) {
      const file = parseDicom(written.get(name)!.bytes);
      const theirs = read[path.join(folder, `${name}.dcm`)]!;
      const digest = createHash('sha256');
      for (let frame = 0; frame < describeImage(file).frames; frame += 1) digest.update(new Uint8Array(Float64Array.from((await decodeFrame(file, frame)).stored).buffer));
      expect([name, theirs['sha256']]).toEqual([name, digest.digest('hex')]);
      if (name.endsWith('-binary')) expect(theirs['segments']).toEqual([[1, 'Dark'], [2, 'Bright']]);
      if (name === 'mr-oblique-labelmap') (theirs['spacing'] as number[]).forEach((value, axis) => expect(value).toBeCloseTo([0.667, 0.667, 0.7][axis]!, 2));
      if (name.endsWith('-map')) expect(theirs).toMatchObject({ unit: '1', pixel_array_type: 'float32' });
    }
  }, 120_000);
});
