/**
 * What a DICOM export may choose: lossless compressions, a file-set with DICOMDIR, difference maps; and an enhanced multi-frame series. Other people's
 * readers have their say where they are installed: pydicom (SCANLOOM_PYTHON), dcmtk, dciodvfy.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DicomExportOptions, type ExportManifest } from '#contract';
import { applyRescale, decodeFrame, describeImage, parseDicom, parseHeader, upscaledGeometry } from '#dicom';
import { verifyFolder, writeExport, type ExportSource } from '#exports';
import { bicubicEnlarge } from '#measures';
import { fakeSources, type Fakes } from '../../electron/core/exports/testing/fake-sources.ts';
import { hasDciodvfy, judge, type AgeLine } from './dciodvfy.ts';
import { readManifest, readReal } from './real-data.ts';

const manifest = readManifest();
const python = process.env['SCANLOOM_PYTHON'] ?? 'python3';
const hasPydicom = spawnSync(python, ['-c', 'import pydicom, numpy'], { stdio: 'ignore' }).status === 0;
const hasDcmtk = spawnSync('dcmdump', ['--version'], { stdio: 'ignore' }).status === 0;

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'scanloom-choices-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function exported(choice: Partial<DicomExportOptions>, fakes: Fakes = fakeSources(), name = 'out'): Promise<{ target: string; manifest: ExportManifest }> {
  const target = path.join(root, name);
  const written = await writeExport({ exportId: 'e0e0e0e0-0000-4000-8000-000000000000', format: 'dicom', target, createdAt: new Date('2026-01-02T03:04:05Z'), scanloom: '0.1.0', dicom: DicomExportOptions.parse(choice), ...fakes });
  return { target, manifest: written.manifest };
}

const mapAge: readonly AgeLine[] = [{ line: /^Warning - Unrecognized defined term <QUANTITY>/, reason: 'C.8.32.2 allows it' }];

function runPython(script: string, ...args: string[]): unknown {
  return JSON.parse(execFileSync(python, ['-c', script, ...args], { encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'ignore'] }));
}

describe('compression', () => {
  test.each([
    { transferSyntax: 'jpeg-ls', uid: '1.2.840.10008.1.2.4.80', module: 'jpeg_ls' },
    { transferSyntax: 'jpeg-2000', uid: '1.2.840.10008.1.2.4.90', module: 'openjpeg' },
    { transferSyntax: 'rle', uid: '1.2.840.10008.1.2.5', module: 'pydicom' },
  ] as const)('$transferSyntax gives the same pixels as none, for us and for others', async ({ transferSyntax, uid, module }) => {
    const plain = await exported({}, fakeSources(), 'plain');
    const small = await exported({ transferSyntax }, fakeSources(), 'small');
    expect((await verifyFolder(small.target)).findings).toEqual([]);
    const images = small.manifest.files.filter(({ role }) => role === 'image');
    for (const [index, { path: where }] of plain.manifest.files.filter(({ role }) => role === 'image').entries()) {
      const [before, after] = [parseDicom(await readFile(path.join(plain.target, where))), parseDicom(await readFile(path.join(small.target, images[index]!.path)))];
      expect(after.transferSyntaxUid).toBe(uid);
      expect((await decodeFrame(after, 0)).stored).toEqual((await decodeFrame(before, 0)).stored);
      if (hasDciodvfy) expect(judge(path.join(small.target, images[index]!.path)).errors).toEqual([]);
    }
    const plugin = module === 'pydicom' ? 'pydicom' : module === 'jpeg_ls' ? 'jpeg_ls' : 'openjpeg';
    const canDecode = hasPydicom && spawnSync(python, ['-c', { pydicom: 'pass', jpeg_ls: 'import jpeg_ls', openjpeg: 'import openjpeg' }[plugin]], { stdio: 'ignore' }).status === 0;
    if (!canDecode) {
      console.warn(`pydicom with a decoder for ${transferSyntax} is not installed; its word is left out.`);
      return;
    }
    const pairs = plain.manifest.files.filter(({ role }) => role === 'image').flatMap(({ path: where }, index) => [path.join(plain.target, where), path.join(small.target, images[index]!.path)]);
    const equal = runPython('import sys, json, pydicom\nf = sys.argv[1:]\nprint(json.dumps([bool((pydicom.dcmread(f[i]).pixel_array == pydicom.dcmread(f[i + 1]).pixel_array).all()) for i in range(0, len(f), 2)]))', ...pairs) as boolean[];
    expect(equal.every(Boolean)).toBe(true);
  });
});

describe('a file-set', () => {
  test('has a directory that pydicom and dcmtk follow to every file', async () => {
    const { target, manifest: written } = await exported({ fileSet: true, differenceMaps: true });
    expect((await verifyFolder(target)).findings).toEqual([]);
    const files = written.files.filter(({ role }) => role === 'image' || role === 'map').map(({ path: where }) => where);
    for (const where of files) expect(where).toMatch(/^DICOM(\/[A-Z0-9_]{1,8}){3}$/);
    expect(written.files.find(({ role }) => role === 'index')?.path).toBe('DICOMDIR');
    if (hasDciodvfy) expect(judge(path.join(target, 'DICOMDIR')).errors).toEqual([]);
    if (hasDcmtk) expect(execFileSync('dcmdump', ['-q', path.join(target, 'DICOMDIR')], { encoding: 'utf8' }).match(/=BasicDirectoryInformation|DirectoryRecordType/g)!.length).toBeGreaterThan(files.length);
    if (!hasPydicom) return void console.warn('pydicom is not installed; its word on the directory is left out.');
    const seen = runPython('import sys, json\nfrom pydicom.fileset import FileSet\nfs = FileSet(sys.argv[1])\nprint(json.dumps(sorted([i.SOPInstanceUID, i.load().SOPInstanceUID, i.path.replace(chr(92), "/")[len(sys.argv[2]) + 1:]] for i in fs)))', path.join(target, 'DICOMDIR'), target) as [string, string, string][];
    expect(seen.map(([, , where]) => where).sort()).toEqual([...files].sort());
    for (const [listed, loaded] of seen) expect(listed).toBe(loaded);
  });

  test('whose directory names another file is found', async () => {
    const { target } = await exported({ fileSet: true });
    const bytes = await readFile(path.join(target, 'DICOMDIR'));
    bytes.write('ENH00009', bytes.indexOf('ENH00001'), 'latin1');
    await writeFile(path.join(target, 'DICOMDIR'), bytes);
    expect((await verifyFolder(target)).findings.map(({ code }) => code)).toContain('dicomdir-differs');
  });
});

describe('a difference map', () => {
  test('holds what was added to bicubic interpolation, in the unit of the image', async () => {
    const fakes = fakeSources();
    const { target, manifest: written } = await exported({ differenceMaps: true }, fakes);
    expect((await verifyFolder(target)).findings).toEqual([]);
    const maps = written.files.filter(({ role }) => role === 'map');
    expect(maps).toHaveLength(2);
    for (const [index, { path: where }] of maps.entries()) {
      const source = fakes.sources[index]!;
      const file = parseDicom(await readFile(path.join(target, where)));
      const header = describeImage(file);
      expect(header).toMatchObject({ modality: source.item.modality, syntheticData: 'YES', imageType: ['DERIVED', 'PRIMARY', 'VOLUME', 'QUANTITY'], frames: source.item.frames });
      const mapping = file.dataset.sequence('SharedFunctionalGroupsSequence')[0]!.sequence('RealWorldValueMappingSequence')[0]!;
      expect(mapping.sequence('MeasurementUnitsCodeSequence')[0]!.string('CodeValue')).toBe(source.item.modality === 'CT' ? "[hnsf'U]" : '1');
      for (let frame = 0; frame < source.item.frames; frame += 1) {
        const before = (await source.sourceFrame(frame))!;
        const plain = bicubicEnlarge(before.values, before.rows, before.columns, 2);
        const at = header.framesGeometry!.findIndex(({ position }) => position!.every((value, axis) => Math.abs(value - source.images[frame]!.position![axis]!) < 1e-6));
        expect((await decodeFrame(file, at)).stored).toEqual((await source.frame(frame)).map((value, i) => value - plain[i]!));
      }
      if (hasDciodvfy) expect(judge(path.join(target, where), mapAge).errors).toEqual([]);
    }
  });
});

describe.skipIf(manifest === null)('an enhanced multi-frame source', () => {
  /** A real multi-frame object, every pixel four times, as an item of the library would be. */
  async function multiFrameSource(place: string): Promise<ExportSource> {
    const file = parseDicom(readReal(place));
    const header = describeImage(file);
    const [first] = fakeSources().sources;
    const values = async (frame: number): Promise<Float32Array> => applyRescale((await decodeFrame(file, frame)).stored, header.framesGeometry![frame]!.rescale ?? { slope: 1, intercept: 0 });
    const columns = header.columns * 2;
    return {
      ...first!,
      item: { ...first!.item, frames: header.frames, rows: header.rows * 2, columns, modality: header.modality },
      images: header.framesGeometry!.map((geometry, frame) => {
        const place2 = upscaledGeometry({ position: geometry.position!, orientation: geometry.orientation!, spacingMm: geometry.pixelSpacingMm! }, 2);
        return { ...first!.images[0]!, instanceNumber: null, frame, rows: header.rows * 2, columns, position: [...place2.position], orientation: [...place2.orientation], pixelSpacingMm: [...place2.spacingMm], unit: '' };
      }),
      sourceImageIds: header.framesGeometry!.map((_, frame) => `${header.sopInstanceUid}:${frame}`),
      frame: async (frame) => {
        const before = await values(frame);
        return Float32Array.from({ length: columns * header.rows * 2 }, (_, i) => before[(Math.floor(i / columns) >> 1) * header.columns + ((i % columns) >> 1)]!);
      },
      sourceFile: () => Promise.resolve(parseHeader(readReal(place))),
      sourceFrame: async (frame) => ({ values: await values(frame), rows: header.rows, columns: header.columns }),
    };
  }

  test.each([
    { name: 'MR', place: 'oddities/mr-enhanced/siemens-xa10/6_1.dcm' },
    { name: 'CT', place: 'oddities/ct-enhanced/eCT_Supplemental.dcm' },
  ])('$name is exported as one object with all frames, compressed or not', async ({ place }) => {
    const fakes = fakeSources();
    const source = await multiFrameSource(place);
    const { target, manifest: written } = await exported({ transferSyntax: 'jpeg-ls', differenceMaps: true }, { ...fakes, sources: [source] });
    expect((await verifyFolder(target)).findings.filter(({ level }) => level === 'error')).toEqual([]);
    const images = written.files.filter(({ role }) => role === 'image');
    expect(images).toHaveLength(1);
    expect(images[0]!.frame).toBeNull();
    expect(describeImage(parseDicom(await readFile(path.join(target, images[0]!.path)))).frames).toBe(source.item.frames);
  });
});
