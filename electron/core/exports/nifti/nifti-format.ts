/** NIfTI-1, gzip, float32: the values themselves, nothing rounded. One volume, or volumes over time, where the images make them, else one file an image. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { ScanloomError, type ExportFile, type ImageMeta, type VerifyFinding } from '#contract';
import { findingsFor } from '../findings.ts';
import { compareWithLedger, digestFrames, type FrameDigester } from '../frame-digests.ts';
import { label } from '../marks.ts';
import { frameFileName } from '../names.ts';
import { frameOf } from '../scale.ts';
import { jsonFile, sidecarOf, type Sidecar } from '../sidecar.ts';
import { volumesOf } from './affine.ts';
import { headerBytes, niftiHeader, readNiftiHeader } from './nifti-header.ts';
import type { FormatWriter, ItemOnDisk, WrittenFile } from '../format.ts';
import type { ExportSource } from '../types.ts';

/** Float noise hardly shrinks more at higher levels, which take many times as long. */
const gzipLevel = 1;

interface PlannedFile {
  readonly name: string;
  /** Frames in it, in order. */
  readonly frames: readonly number[];
  readonly header: Uint8Array;
}

function planFiles(source: ExportSource, baseName: string): PlannedFile[] {
  const { item, images } = source;
  // 80 characters are all there is; the rest stands in the sidecar.
  const description = `${label[item.provenance]} research only; Scanloom ${item.packageId} ledger ${item.ledgerHash.slice(0, 12)}`;
  const headerFor = (part: readonly ImageMeta[]): Uint8Array => {
    const place = volumesOf(part);
    return niftiHeader({ columns: item.columns, rows: item.rows, slices: place?.slices ?? null, times: place?.times ?? 1, affine: place?.affine ?? null, pixelSpacingMm: part[0]?.pixelSpacingMm ?? null, description, intentName: label[item.provenance] });
  };
  if (volumesOf(images) !== null) return [{ name: `${baseName}.nii.gz`, frames: images.map((_, frame) => frame), header: headerFor(images) }];
  return images.map((image, frame) => ({ name: frameFileName(baseName, frame, images.length, 'nii.gz'), frames: [frame], header: headerFor([image]) }));
}

async function* voxels(source: ExportSource, file: PlannedFile): AsyncGenerator<Uint8Array> {
  yield file.header;
  for (const frame of file.frames) yield littleEndian(await frameOf(source, frame));
}

/** Every machine Node runs on is little endian; the copy keeps the source's memory out of the stream. */
function littleEndian(values: Float32Array): Uint8Array {
  return new Uint8Array(values.slice().buffer);
}

export const niftiFormat: FormatWriter = {
  format: 'nifti',
  label: 'NIfTI',
  description: 'float32, the values themselves, gzip; one volume with a RAS affine where the images make one, else one file an image.',
  values: 'float32',
  hasSidecar: true,

  estimateBytes: ({ item }) => item.frames * item.rows * item.columns * 4,

  placeOf: ({ item }, baseName) => ({ folder: item.provenance === 'synthetic' ? `nifti/synthetic/${item.class ?? 'other'}` : `nifti/${baseName}`, name: baseName }),

  async writeItem(source, place, stage, scanloom) {
    const files: WrittenFile[] = [];
    const fileOfFrame = new Map<number, string>();
    for (const file of planFiles(source, place.name)) {
      const path = `${place.folder}/${file.name}`;
      const zipped = createGzip({ level: gzipLevel });
      // Both are waited for: a write that is still under way must not make its file again after the stage was cleared.
      const ends = await Promise.allSettled([pipeline(voxels(source, file), zipped), stage.writeStream(path, zipped)]);
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
      for (const frame of file.frames) fileOfFrame.set(frame, file.name);
      files.push({ path, role: 'image', frame: file.frames.length === 1 ? file.frames[0]! : null });
    }
    const path = `${place.folder}/${place.name}.json`;
    await stage.write(path, jsonFile(sidecarOf(source, scanloom, null, (frame) => fileOfFrame.get(frame) ?? '')));
    return { files: [...files, { path, role: 'sidecar', frame: null }], scale: null };
  },

  async readBack(source, written, stage) {
    const planned = planFiles(source, '');
    const images = written.files.filter((file) => file.role === 'image');
    for (const [at, { path }] of images.entries()) {
      const meant = voxels(source, planned[at]!);
      // Compares two streams piece by piece, whatever sizes their pieces have.
      let expected = new Uint8Array();
      for await (const piece of unzipped(stage.readStream(path))) {
        let rest = piece;
        while (rest.length > 0) {
          if (expected.length === 0) {
            const next = await meant.next();
            if (next.done === true) throw different(path);
            expected = Uint8Array.from(next.value);
          }
          const length = Math.min(rest.length, expected.length);
          if (Buffer.compare(rest.subarray(0, length), expected.subarray(0, length)) !== 0) throw different(path);
          rest = rest.subarray(length);
          expected = expected.subarray(length);
        }
      }
      if (expected.length > 0 || (await meant.next()).done !== true) throw different(path);
    }
  },

  async verifyItem(onDisk) {
    const findings: VerifyFinding[] = [];
    for (const file of onDisk.images) findings.push(...(await verifyNifti(file, onDisk)));
    return findings;
  },
};

/** Header against manifest and sidecar, voxels against the ledger: no bit of them may differ. */
async function verifyNifti(file: ExportFile, { item, sidecar, frameDigests, absolutePathOf }: ItemOnDisk): Promise<VerifyFinding[]> {
  const findings = findingsFor(file.path);
  const mark = label[item.provenance];
  let start = new Uint8Array();
  let length = 0;
  let expectedLength = Infinity;
  let frames: FrameDigester | null = null;
  try {
    for await (const piece of unzipped(createReadStream(absolutePathOf(file)))) {
      length += piece.length;
      const ofHeader = headerBytes - start.length;
      if (ofHeader > 0) {
        start = Uint8Array.from(Buffer.concat([start, piece.subarray(0, ofHeader)]));
        if (start.length < headerBytes) continue;
        const header = readNiftiHeader(start);
        if (header === null) {
          findings.error('nifti-invalid', 'The file has no NIfTI-1 header of float32 voxels.');
          return findings.all;
        }
        const [, columns = 0, rows = 0] = header.dims;
        expectedLength = headerBytes + 4 * columns * rows * imagesIn(header.dims);
        frames = digestFrames(4 * columns * rows);
        if (!header.description.startsWith(`${mark} `) || !header.intent_name.startsWith(mark)) findings.error('nifti-mark', `The header does not say ${mark}.`);
        if (!header.description.includes(item.ledgerHash.slice(0, 12))) findings.error('nifti-ledger', 'The header names another ledger entry than the manifest.');
        if (sidecar !== null) checkAgainstSidecar(findings, header, sidecar, file);
      }
      // More than the header says is never unpacked: a small file cannot grow into a large one.
      if (length > expectedLength) break;
      frames?.update(piece.subarray(ofHeader));
    }
  } catch {
    findings.error('nifti-invalid', 'The file cannot be unpacked.');
    return findings.all;
  }
  if (length !== expectedLength) findings.error('nifti-length', 'The file does not hold as many voxels as its header says.');
  else if (frames !== null && frameDigests !== null) compareWithLedger(findings, file, frames.digests, frameDigests);
  return findings.all;
}

function checkAgainstSidecar(findings: ReturnType<typeof findingsFor>, header: NonNullable<ReturnType<typeof readNiftiHeader>>, sidecar: Sidecar, { path, frame: own }: ExportFile): void {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const frames = sidecar.frames.filter((frame) => frame.file === name);
  const [, columns, rows, slices] = header.dims;
  if (frames.length === 0 || columns !== sidecar.columns || rows !== sidecar.rows || imagesIn(header.dims) !== frames.length) {
    findings.error('nifti-size', 'The image has another size than its sidecar says.');
    return;
  }
  if (frames.some(({ frame }, n) => frame !== (own ?? n))) findings.error('nifti-frame', 'Manifest and sidecar disagree on which images the file holds.');
  const volumes = volumesOf(frames.map((frame) => ({ ...frame, position: frame.positionMm, rows: sidecar.rows, columns: sidecar.columns })));
  const place = volumes?.affine ?? null;
  if ((place === null) !== (header.sform_code === 0) || (volumes !== null && volumes.slices !== slices)) findings.error('nifti-geometry', 'Header and sidecar disagree on whether the image has a place.');
  else if (
    place !== null &&
    place.some((row, axis) => row.some((value, column) => Math.abs(value - header.affine[axis]![column]!) > 1e-3 + 1e-5 * Math.abs(value)))
  ) {
    findings.error('nifti-geometry', 'The header puts the image elsewhere than the sidecar.');
  } else if (place === null && frames[0]!.pixelSpacingMm !== null && (Math.abs(header.pixDims[2]! - frames[0]!.pixelSpacingMm[0]) > 1e-4 || Math.abs(header.pixDims[1]! - frames[0]!.pixelSpacingMm[1]) > 1e-4)) {
    findings.error('nifti-geometry', 'The header has another pixel spacing than the sidecar.');
  }
}

/** Slices times volumes; a plain picture has two dimensions. */
function imagesIn([dimensions = 0, , , slices = 0, times = 0]: readonly number[]): number {
  return dimensions === 4 ? slices * times : dimensions === 3 ? slices : 1;
}

async function* unzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const input = Readable.from(chunks);
  const gunzip = createGunzip();
  input.on('error', (error) => gunzip.destroy(error));
  try {
    for await (const piece of input.pipe(gunzip)) yield piece as Uint8Array;
  } finally {
    input.destroy();
  }
}

function different(path: string): ScanloomError {
  return new ScanloomError('export/verification-failed', 'A NIfTI file that was read back is not what was written.', { hint: 'Nothing was published. Check the disk and export again.', details: { path } });
}
