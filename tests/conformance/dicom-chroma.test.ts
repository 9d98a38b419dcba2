/** Uncompressed 4:2:2 in full and narrow range, drawn by dcmtk from the same made objects: colours within two levels, each of two pixels with the chroma of both. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { DataSet, decodeFrame, describeImage, parseDicom, renderFrame, writeDicom } from '#dicom';

const rows = 6;
const columns = 8;
const hasDcmtk = spawnSync('dcmj2pnm', ['--version']).status === 0;
if (!hasDcmtk && process.env['CI']) throw new Error('dcmj2pnm of dcmtk must be there in continuous integration.');

/** Y Y Cb Cr for each of two pixels, within the narrow range so that nothing is clipped. */
function chroma(): Uint8Array {
  return Uint8Array.from({ length: rows * columns * 2 }, (_, i) => (i % 4 < 2 ? 60 + ((i * 7) % 120) : 100 + ((i * 5) % 56)));
}

function object(photometric: string): Uint8Array {
  const dataset = new DataSet()
    .setString('SOPClassUID', '1.2.840.10008.5.1.4.1.1.7').setString('SOPInstanceUID', '2.25.1').setString('StudyInstanceUID', '2.25.2').setString('SeriesInstanceUID', '2.25.3').setString('Modality', 'OT')
    .setNumber('SamplesPerPixel', 3).setString('PhotometricInterpretation', photometric).setNumber('PlanarConfiguration', 0).setNumber('Rows', rows).setNumber('Columns', columns)
    .setNumber('BitsAllocated', 8).setNumber('BitsStored', 8).setNumber('HighBit', 7).setNumber('PixelRepresentation', 0).setBytes('PixelData', 'OB', chroma());
  return writeDicom({ dataset, sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '2.25.1', transferSyntaxUid: '1.2.840.10008.1.2.1' });
}

test.skipIf(!hasDcmtk).each(['YBR_FULL_422', 'YBR_PARTIAL_422'])('%s', async (photometric) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'scanloom-chroma-'));
  try {
    const [place, picture] = [path.join(folder, 'a.dcm'), path.join(folder, 'a.ppm')];
    const bytes = object(photometric);
    writeFileSync(place, bytes);
    const run = spawnSync('dcmj2pnm', ['--write-raw-pnm', place, picture], { encoding: 'utf8' });
    expect(run.status, run.stderr).toBe(0);
    const theirs = readFileSync(picture).subarray(-rows * columns * 3);
    const file = parseDicom(bytes);
    const { pixels, channels } = renderFrame(await decodeFrame(file, 0), describeImage(file), { dataset: file.dataset, frameIndex: 0 });
    expect(channels).toBe(3);
    expect(Math.max(...pixels.map((value, i) => Math.abs(value - theirs[i]!)))).toBeLessThanOrEqual(2);
    // The picture has colours that a reading without chroma would not give.
    expect(new Set(theirs).size).toBeGreaterThan(20);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
