/**
 * Decoding per transfer syntax, MB of stored values a second, beside every decoder that pydicom has (pylibjpeg, gdcm, pyjpegls, its own RLE) and dcmtk's
 * tools. One frame of a real object is repeated to a multi-frame object, so that all decode the same bytes. Prints a table and asserts no time.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { decodeFrame, parseDicom, writeDicom, type DicomFile } from '#dicom';
import { realDicom } from '../support/real-core.ts';
import { python } from './dicom-files.ts';

const frames = 16;
/** Each decoder is timed this often, in turns, and its best turn counts: whatever else the machine does then shows least. */
const rounds = 3;
const cases: readonly { readonly name: string; readonly file: string; readonly dcmtk?: string }[] = [
  { name: 'RLE, 512², 16 bit', file: 'syntaxes/wg04/MR4_RLE', dcmtk: 'dcmdrle' },
  { name: 'RLE, 756 × 486, RGB', file: 'syntaxes/wg04/VL3_RLE', dcmtk: 'dcmdrle' },
  { name: 'JPEG baseline .50, 320 × 240, colour', file: 'syntaxes/pydicom/examples_ybr_color.dcm', dcmtk: 'dcmdjpeg' },
  { name: 'JPEG extended .51, 1024², 12 bit', file: 'syntaxes/wg04/XA1_JPLY', dcmtk: 'dcmdjpeg' },
  { name: 'JPEG lossless .57, 512²', file: 'syntaxes/cornerstone/CTImage.dcm_JPEGProcess14TransferSyntax_1.2.840.10008.1.2.4.57.dcm', dcmtk: 'dcmdjpeg' },
  { name: 'JPEG lossless .70, 512²', file: 'syntaxes/wg04/MR4_JPLL', dcmtk: 'dcmdjpeg' },
  { name: 'JPEG-LS .80, MR 512², 12 bit', file: 'syntaxes/wg04/MR4_JLSL', dcmtk: 'dcmdjpls' },
  { name: 'JPEG-LS .80, CT 512², 16 bit', file: 'head-ct/philips-brain-1mm/I10.dcm', dcmtk: 'dcmdjpls' },
  { name: 'JPEG-LS .81, 1760²', file: 'syntaxes/wg04/RG3_JLSN', dcmtk: 'dcmdjpls' },
  { name: 'JPEG 2000 .90, MR 512²', file: 'syntaxes/wg04/MR4_J2KR' },
  { name: 'JPEG 2000 .90, 756 × 486, RGB', file: 'syntaxes/wg04/VL3_J2KR' },
  { name: 'JPEG 2000 .91, XA 1024²', file: 'syntaxes/wg04/XA1_J2KI' },
  { name: 'HTJ2K .201, 640 × 480, RGB', file: 'syntaxes/pydicom-data/HTJ2KLossless_08_RGB.dcm' },
  { name: 'HTJ2K .203, 640 × 480, RGB', file: 'syntaxes/pydicom-data/HTJ2K_08_RGB.dcm' },
];

const pythonScript = `
import sys, time, json, logging, warnings, pydicom
warnings.simplefilter('ignore'); logging.disable(50)
from pydicom.pixels import get_decoder
out = []
for file in json.load(sys.stdin):
    rates = {}
    try:
        ds = pydicom.dcmread(file)
        decoder = get_decoder(ds.file_meta.TransferSyntaxUID)
        for plugin in decoder.available_plugins:
            try:
                decoder.as_array(ds, raw=True, index=0, decoding_plugin=plugin)
                start = time.perf_counter(); size = 0
                for frame in range(ds.NumberOfFrames): size += decoder.as_array(ds, raw=True, index=frame, decoding_plugin=plugin)[0].nbytes
                rates[plugin] = size / (time.perf_counter() - start) / 1e6
            except Exception: pass
    except Exception: pass
    out.append(rates)
print(json.dumps(out))
`;

/** The first frame of a file, as many times as asked. */
function repeated(file: DicomFile, count: number): Uint8Array {
  const pixels = file.dataset.encapsulated('PixelData')!;
  const all = Number(file.dataset.number('NumberOfFrames') ?? 1);
  const frame = all === 1 ? Buffer.concat(pixels.fragments as Uint8Array[]) : pixels.fragments[0]!;
  const dataset = file.dataset.clone().setNumber('NumberOfFrames', count).set({ tag: '7fe00010', vr: 'OB', value: { kind: 'encapsulated', offsetTable: new Uint8Array(0), fragments: Array.from({ length: count }, () => frame) } });
  return writeDicom({ dataset, sopClassUid: dataset.string('SOPClassUID'), sopInstanceUid: '2.25.1', transferSyntaxUid: file.transferSyntaxUid });
}

async function ours(bytes: Uint8Array): Promise<{ rate: number; bytes: number }> {
  const file = parseDicom(bytes);
  await decodeFrame(file, 0);
  const startedAt = performance.now();
  let size = 0;
  for (let frame = 0; frame < frames; frame += 1) size += (await decodeFrame(file, frame)).stored.byteLength;
  return { rate: size / (performance.now() - startedAt) / 1000, bytes: size };
}

/** Time for all frames less the time for one, so that the start of the program and its files count little. */
function dcmtk(tool: string | undefined, many: string, one: string, bytes: number): number | null {
  if (tool === undefined) return null;
  const time = (file: string): number | null => {
    const startedAt = performance.now();
    return spawnSync(tool, [...(tool === 'dcmdjpeg' ? ['+cn'] : []), file, `${file}.out`], { stdio: 'ignore' }).status === 0 ? performance.now() - startedAt : null;
  };
  const [all, first] = [time(many), time(one)];
  return all === null || first === null || all <= first ? null : ((bytes * (frames - 1)) / frames / (all - first)) / 1000;
}

test('decoding per transfer syntax', { timeout: 1_200_000 }, async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'scanloom-decode-'));
  try {
    const made = cases.map(({ file }, index) => {
      const parsed = parseDicom(readFileSync(path.join(realDicom, file)));
      const [many, one] = [path.join(folder, `${index}-many.dcm`), path.join(folder, `${index}-one.dcm`)];
      const bytes = repeated(parsed, frames);
      writeFileSync(many, bytes);
      writeFileSync(one, repeated(parsed, 1));
      return { bytes, many, one };
    });
    const best = cases.map(() => new Map<string, number>());
    const keep = (index: number, name: string, rate: number | null): void => void (rate !== null && best[index]!.set(name, Math.max(rate, best[index]!.get(name) ?? 0)));
    for (let round = 0; round < rounds; round += 1) {
      const run = spawnSync(python, ['-c', pythonScript], { input: JSON.stringify(made.map(({ many }) => many)), encoding: 'utf8', maxBuffer: 2 ** 26 });
      const theirs = run.status === 0 ? (JSON.parse(run.stdout) as Record<string, number>[]) : [];
      for (const [index, { bytes, many, one }] of made.entries()) {
        const own = await ours(bytes);
        expect(own.bytes).toBeGreaterThan(0);
        keep(index, 'Scanloom', own.rate);
        for (const [name, rate] of Object.entries(theirs[index] ?? {})) keep(index, name, rate);
        keep(index, 'dcmtk', dcmtk(cases[index]!.dcmtk, many, one, own.bytes));
      }
    }
    console.table(cases.map(({ name }, index) => {
      const own = best[index]!.get('Scanloom')!;
      const others = [...best[index]!].filter(([other]) => other !== 'Scanloom').sort((a, b) => b[1] - a[1]);
      return { 'syntax': name, 'Scanloom, MB/s': own.toFixed(0), 'others, MB/s': others.map(([other, rate]) => `${other} ${rate.toFixed(0)}`).join(', ') || 'none installed', '÷ quickest': others.length === 0 ? '-' : (own / others[0]![1]).toFixed(2) };
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
