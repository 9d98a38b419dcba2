/** 16-bit greyscale PNG: every step of the item's range, with its marks in the file's own text. */
import { decode, encode, type DecodedPng } from 'fast-png';
import { ScanloomError, type ExportFile, type VerifyFinding } from '#contract';
import { findingsFor } from '../findings.ts';
import { frameOf, rangeOf, scaleFor, toStored } from '../scale.ts';
import { frameFileName } from '../names.ts';
import { label, statement } from '../marks.ts';
import { jsonFile, sidecarOf, unitOf, type Sidecar } from '../sidecar.ts';
import type { FormatWriter, ItemScale, ManifestItem, WrittenFile } from '../format.ts';
import type { ExportSource } from '../types.ts';

/** Side of the largest image that is opened; as the engine's own bound. */
const maxSide = 16384;
/** Of 16-bit noise nothing more is gained above it (a CT slice: 1.70 MB at 4 as at 9), and it takes 40 % less time than the default. */
const deflateLevel = 4;

/** tEXt keys; the last ones are what `verify` compares. */
function textOf(source: ExportSource, frame: number, scale: ItemScale, scanloom: string): Record<string, string> {
  const { item } = source;
  return {
    Title: `${label[item.provenance]} ${item.modality} image`,
    Disclaimer: statement[item.provenance],
    Software: `Scanloom ${scanloom}`,
    'Scanloom mark': label[item.provenance],
    'Scanloom item': item.itemId,
    'Scanloom image': String(frame + 1),
    'Scanloom package': `${item.packageId} ${item.packageVersion}`,
    'Scanloom package SHA-256': source.packageSha256,
    'Scanloom ledger SHA-256': item.ledgerHash,
    'Scanloom scale': scaleText(scale),
  };
}

function scaleText({ slope, intercept, unit }: ItemScale): string {
  return `value = ${slope} * stored + ${intercept}${unit === '' ? '' : ` ${unit}`}`;
}

export const pngFormat: FormatWriter = {
  format: 'png',
  label: '16-bit PNG',
  description: 'One grey 16-bit picture an image; value = slope · stored + intercept, one scale an item, in the manifest, the sidecar and the file’s text.',
  values: 'rounded',
  hasSidecar: true,

  estimateBytes: ({ item }) => item.frames * item.rows * item.columns * 2,

  placeOf: ({ item }, baseName) => ({ folder: item.provenance === 'synthetic' ? `png/synthetic/${item.class ?? 'other'}` : `png/${baseName}`, name: baseName }),

  async writeItem(source, place, stage, scanloom) {
    const { item } = source;
    const scale = scaleFor(await rangeOf(source), item.provenance, unitOf(source));
    const files: WrittenFile[] = [];
    const nameOf = (frame: number): string => frameFileName(place.name, frame, item.frames, 'png');
    for (let frame = 0; frame < item.frames; frame += 1) {
      const data = toStored(await frameOf(source, frame), scale);
      const path = `${place.folder}/${nameOf(frame)}`;
      await stage.write(path, encode({ width: item.columns, height: item.rows, data, depth: 16, channels: 1, text: textOf(source, frame, scale, scanloom) }, { zlib: { level: deflateLevel } }));
      files.push({ path, role: 'image', frame });
    }
    const path = `${place.folder}/${place.name}.json`;
    await stage.write(path, jsonFile(sidecarOf(source, scanloom, scale, nameOf)));
    return { files: [...files, { path, role: 'sidecar', frame: null }], scale };
  },

  async readBack(source, written, stage) {
    const { scale } = written;
    for (const file of written.files) {
      if (file.frame === null || scale === null) continue;
      const meant = await frameOf(source, file.frame);
      const { data, depth, channels, width, height } = decode(await stage.read(file.path), { checkCrc: true });
      if (depth !== 16 || channels !== 1 || width !== source.item.columns || height !== source.item.rows) throw different(file.path);
      for (let i = 0; i < meant.length; i += 1) {
        // Half a step, and what one double-precision product may be off.
        if (!(Math.abs(scale.slope * data[i]! + scale.intercept - meant[i]!) <= scale.slope * 0.5 * (1 + 1e-6))) throw different(file.path);
      }
    }
  },

  /**
   * Marks, references and scale. Values are rounded to 16 bits, so the ledger's digests cannot be made again from them: pixels that were
   * changed under text that is still true, with every digest remade, are not found.
   */
  async verifyItem({ item, images, sidecar, read }) {
    const findings: VerifyFinding[] = [];
    for (const file of images) findings.push(...verifyPng(file, await read(file), item, sidecar));
    return findings;
  },
};

function verifyPng(file: ExportFile, bytes: Uint8Array, item: ManifestItem, sidecar: Sidecar | null): VerifyFinding[] {
  const findings = findingsFor(file.path);
  const size = declaredSize(bytes);
  if (size === null || size.width > maxSide || size.height > maxSide) {
    findings.error('png-invalid', 'The file is not a PNG image of a size that can be opened.');
    return findings.all;
  }
  let png: DecodedPng;
  try {
    png = decode(bytes, { checkCrc: true });
  } catch {
    findings.error('png-invalid', 'The image cannot be decoded.');
    return findings.all;
  }
  if (png.depth !== 16 || png.channels !== 1) findings.error('png-kind', `The image has ${png.channels} channels of ${png.depth} bits; one of 16 belongs here.`);
  const expect = (key: string, value: string): void => {
    if (png.text[key] !== value) findings.error('png-mark', `The text "${key}" ${png.text[key] === undefined ? 'is missing' : 'is not what the manifest says'}.`);
  };
  expect('Scanloom mark', label[item.provenance]);
  expect('Disclaimer', statement[item.provenance]);
  expect('Scanloom item', item.itemId);
  expect('Scanloom image', String((file.frame ?? 0) + 1));
  expect('Scanloom package SHA-256', item.packageSha256);
  expect('Scanloom ledger SHA-256', item.ledgerHash);
  if (item.scale === null) findings.error('scale-missing', 'The manifest does not say what the stored values mean.');
  else expect('Scanloom scale', scaleText(item.scale));
  if (sidecar !== null && (sidecar.rows !== png.height || sidecar.columns !== png.width)) findings.error('png-size', 'The image has another size than its sidecar says.');
  return findings.all;
}

/** Width and height from the header chunk, before anything is unpacked. */
function declaredSize(bytes: Uint8Array): { width: number; height: number } | null {
  if (bytes.length < 33) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== 0x89504e47 || view.getUint32(12) !== 0x49484452) return null;
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

function different(path: string): ScanloomError {
  return new ScanloomError('export/verification-failed', 'A PNG that was read back is not what was written.', { hint: 'Nothing was published. Check the disk and export again.', details: { path } });
}
