/**
 * Decoding per transfer syntax, MB of stored values a second, beside every decoder that pydicom has (pylibjpeg, gdcm, pyjpegls, its own RLE) and dcmtk's
 * tools. One frame of a real object is repeated to a multi-frame object, so that all decode the same bytes. All is measured in the processor's time and not
 * in a clock's, so that other work on the machine shows least. Prints a table and asserts no time.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { decodeFrame, parseDicom, writeDicom, type DicomFile } from '#dicom';
import { realDicom } from '../support/real-core.ts';
import { python } from './dicom-files.ts';

const frames = 8;
/** Each decoder is timed this often, in turns, and its median turn counts. */
const rounds = 7;
/** Stored values of a turn, at least: what a turn of a small frame takes would else be a few milliseconds, of which compiling and collecting are half. */
const turnBytes = 16e6;
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

/** dcmtk's tools are measured from Python too, because Node does not tell what a child used: all frames less one, so that their start counts little. */
const pythonScript = `
import sys, time, json, logging, warnings, subprocess, resource, shutil
warnings.simplefilter('ignore'); logging.disable(50)
try:
    import pydicom
    from pydicom.pixels import get_decoder
except ImportError: pydicom = None
def used(tool, file):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([tool] + (['+cn'] if tool == 'dcmdjpeg' else []) + [file, file + '.out'], capture_output=True).returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime if done else None
out = []
for case in json.load(sys.stdin):
    rates = {}
    try:
        ds = pydicom.dcmread(case['many'])
        decoder = get_decoder(ds.file_meta.TransferSyntaxUID)
        for plugin in decoder.available_plugins:
            try:
                decoder.as_array(ds, raw=True, index=0, decoding_plugin=plugin)
                start = time.process_time(); size = 0
                while size < case['turn']:
                    for frame in range(ds.NumberOfFrames): size += decoder.as_array(ds, raw=True, index=frame, decoding_plugin=plugin)[0].nbytes
                rates[plugin] = size / (time.process_time() - start) / 1e6
            except Exception: pass
    except Exception: pass
    if case.get('tool') and shutil.which(case['tool']):
        many, one = used(case['tool'], case['many']), used(case['tool'], case['one'])
        if many and one and many - one > 0.005: rates['dcmtk'] = case['bytes'] * (case['frames'] - 1) / case['frames'] / (many - one) / 1e6
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
  const before = process.cpuUsage();
  let size = 0;
  while (size < turnBytes) for (let frame = 0; frame < frames; frame += 1) size += (await decodeFrame(file, frame)).stored.byteLength;
  const { user, system } = process.cpuUsage(before);
  return { rate: size / (user + system), bytes: size };
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
    const sizes = await Promise.all(made.map(async ({ bytes }) => (await decodeFrame(parseDicom(bytes), 0)).stored.byteLength * frames));
    const work = JSON.stringify(made.map(({ many, one }, index) => ({ many, one, tool: cases[index]!.dcmtk, frames, turn: turnBytes, bytes: sizes[index] })));
    const rates = cases.map(() => new Map<string, number[]>());
    const keep = (index: number, name: string, rate: number): void => void rates[index]!.set(name, [...(rates[index]!.get(name) ?? []), rate].sort((a, b) => a - b));
    const median = (sorted: readonly number[]): number => sorted[sorted.length >> 1]!;
    for (let round = 0; round < rounds; round += 1) {
      const run = spawnSync(python, ['-c', pythonScript], { input: work, encoding: 'utf8', maxBuffer: 2 ** 26 });
      const theirs = run.status === 0 ? (JSON.parse(run.stdout) as Record<string, number>[]) : [];
      for (const [index, { bytes }] of made.entries()) {
        const own = await ours(bytes);
        expect(own.bytes).toBeGreaterThan(0);
        keep(index, 'Scanloom', own.rate);
        for (const [name, rate] of Object.entries(theirs[index] ?? {})) keep(index, name, rate);
      }
    }
    console.table(cases.map(({ name }, index) => {
      const own = rates[index]!.get('Scanloom')!;
      const others = [...rates[index]!].filter(([other]) => other !== 'Scanloom').map(([other, sorted]) => ({ other, rate: median(sorted) })).sort((x, y) => y.rate - x.rate);
      return { 'syntax': name, 'Scanloom, MB/s': `${median(own).toFixed(0)} (${own[0]!.toFixed(0)}–${own.at(-1)!.toFixed(0)})`, 'others, MB/s': others.map(({ other, rate }) => `${other} ${rate.toFixed(0)}`).join(', ') || 'none installed', '÷ quickest': others.length === 0 ? '-' : (median(own) / others[0]!.rate).toFixed(2) };
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
