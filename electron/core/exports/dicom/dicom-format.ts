/** DICOM: an enhanced series as a new series in its study, a synthetic image as a study of a subject that does not exist. */
import { ScanloomError } from '#contract';
import { decodeFrame, describeImage, parseDicom, validateObject, writeDerivedImage, writeSyntheticImage, type DicomFile, type Equipment, type ImageHeader } from '#dicom';
import { frameFileName } from '../names.ts';
import { frameOf } from '../scale.ts';
import { instanceNumbersOf } from './instance-numbers.ts';
import { itemUid } from './item-uids.ts';
import { verifyDicomItem } from './verify-dicom.ts';
import { derivationText, enhancementWords, subjectOf } from './dicom-words.ts';
import type { FormatWriter, WrittenFile } from '../format.ts';
import type { ExportSource } from '../types.ts';

/** What 0 and 1 of a synthetic CT mean, HU: the range of a 12-bit scanner. */
const syntheticCtHu = [-1024, 3071] as const;

function equipmentOf({ item }: ExportSource, scanloom: string): Equipment {
  return { manufacturer: 'Scanloom', model: `${item.packageId} ${item.packageVersion}`, softwareVersions: [`Scanloom ${scanloom}`, `${item.packageId} ${item.packageVersion}`] };
}

async function enhancedImages(source: ExportSource, scanloom: string): Promise<(frame: number) => Promise<Uint8Array>> {
  // A series has one frame of reference (PS3.3 C.7.4.1); some de-identified ones name another in each file of one stack.
  const frameOfReferenceUid = describeImage(await sourceOf(source, 0)).frameOfReferenceUid || undefined;
  return (frame) => enhancedImage(source, frame, scanloom, frameOfReferenceUid);
}

async function sourceOf(source: ExportSource, frame: number): Promise<DicomFile> {
  const file = await source.sourceFile(frame);
  if (file === null) throw new ScanloomError('export/invalid', 'An enhanced image has lost its source file.', { hint: 'DICOM needs the source. Ingest the study again, or export as PNG or NIfTI.' });
  return file;
}

async function enhancedImage(source: ExportSource, frame: number, scanloom: string, frameOfReferenceUid: string | undefined): Promise<Uint8Array> {
  const { item } = source;
  const words = enhancementWords(source.settings);
  const image = source.images[frame]!;
  const file = await sourceOf(source, frame);
  const header = describeImage(file);
  return writeDerivedImage({
    source: file,
    values: await frameOf(source, frame),
    rows: item.rows,
    columns: item.columns,
    geometry: { position: image.position ?? undefined, spacingMm: image.pixelSpacingMm ?? undefined },
    factor: words.factor,
    seriesInstanceUid: itemUid(item.itemId, 'series'),
    sopInstanceUid: itemUid(item.itemId, `image-${frame}`),
    // Far above what scanners count to, and another one for each item.
    seriesNumber: 9000 + item.ledgerIndex,
    instanceNumber: instanceNumbersOf(source.images)[frame]!,
    seriesDescription: `${words.seriesPrefix} ${header.seriesDescription}`.slice(0, 64).trim(),
    derivation: { description: derivationText(source, scanloom), codes: words.codes },
    contentDate: new Date(item.createdAt),
    equipment: equipmentOf(source, scanloom),
    sources: [{ sopClassUid: header.sopClassUid, sopInstanceUid: header.sopInstanceUid }],
    frameOfReferenceUid,
  });
}

async function syntheticImage(source: ExportSource, frame: number, scanloom: string): Promise<Uint8Array> {
  const { item, manifest } = source;
  if (manifest?.task !== 'synthesize') {
    throw new ScanloomError('export/invalid', `The package ${item.packageId} that made a synthetic image is no longer there as it was.`, { hint: 'DICOM needs its manifest (body part, contrast). Put the package back, or export as PNG or NIfTI.' });
  }
  const spec = manifest.synthesize;
  const image = source.images[frame]!;
  return writeSyntheticImage({
    values: await frameOf(source, frame),
    rows: item.rows,
    columns: item.columns,
    pixelSpacingMm: image.pixelSpacingMm?.[0] ?? null,
    modality: spec.modality,
    huRange: syntheticCtHu,
    bodyPart: spec.bodyPart,
    description: `SYNTHETIC ${spec.contrast}${item.class === null ? '' : ` ${item.class}`}`.slice(0, 64),
    subject: subjectOf(item.itemId),
    studyInstanceUid: itemUid(item.itemId, 'study'),
    seriesInstanceUid: itemUid(item.itemId, 'series'),
    frameOfReferenceUid: itemUid(item.itemId, 'frame-of-reference'),
    sopInstanceUid: itemUid(item.itemId, `image-${frame}`),
    studyId: item.itemId.slice(0, 8),
    studyDescription: 'SYNTHETIC, research only',
    seriesNumber: 1,
    instanceNumber: frame + 1,
    equipment: equipmentOf(source, scanloom),
    derivation: derivationText(source, scanloom),
    contentDate: new Date(item.createdAt),
  });
}

export const dicomFormat: FormatWriter = {
  format: 'dicom',
  label: 'DICOM',
  description: 'Derived objects with the source’s geometry and rescale; a synthetic image is a patient, a study and a frame of reference of its own.',
  values: 'rounded',
  hasSidecar: false,

  estimateBytes: ({ item }) => item.frames * (item.rows * item.columns * 2 + 8192),

  placeOf: (_source, baseName) => ({ folder: `dicom/${baseName}`, name: baseName }),

  async writeItem(source, place, stage, scanloom) {
    const files: WrittenFile[] = [];
    const imageAt = source.item.provenance === 'enhanced' ? await enhancedImages(source, scanloom) : (frame: number) => syntheticImage(source, frame, scanloom);
    for (let frame = 0; frame < source.item.frames; frame += 1) {
      const bytes = await imageAt(frame);
      const path = `${place.folder}/${frameFileName(place.name, frame, source.item.frames, 'dcm')}`;
      await stage.write(path, bytes);
      files.push({ path, role: 'image', frame });
    }
    return { files, scale: null };
  },

  async readBack(source, written, stage) {
    for (const { path, frame } of written.files) {
      if (frame === null) continue;
      const bytes = await stage.read(path);
      const file = parseDicom(bytes);
      const header = describeImage(file);
      const wrong = headerDifference(source, frame, header) ?? (await valueDifference(source, frame, file, header)) ?? validateObject(bytes).find((finding) => finding.level === 'error')?.message ?? null;
      if (wrong !== null) {
        throw new ScanloomError('export/verification-failed', `A DICOM file that was read back is not what was meant: ${wrong}`, { hint: 'Nothing was published. This is a fault of Scanloom or of the disk; please report it.', details: { path } });
      }
    }
  },

  verifyItem: verifyDicomItem,
};

function headerDifference(source: ExportSource, frame: number, header: ImageHeader): string | null {
  const { item } = source;
  const image = source.images[frame]!;
  const near = (a: readonly number[] | null, b: readonly number[] | null): boolean => b === null || (a !== null && a.every((value, n) => Math.abs(value - b[n]!) <= 1e-5 * Math.max(1, Math.abs(b[n]!))));
  if (header.rows !== item.rows || header.columns !== item.columns) return 'it has another size.';
  if (header.sopInstanceUid !== itemUid(item.itemId, `image-${frame}`) || header.seriesInstanceUid !== itemUid(item.itemId, 'series')) return 'it has another identity.';
  if (!near(header.pixelSpacingMm, image.pixelSpacingMm)) return 'its pixel spacing differs.';
  if (item.provenance === 'enhanced' && (!near(header.position, image.position) || !near(header.orientation, image.orientation))) return 'it lies elsewhere.';
  return null;
}

/** Values must be those meant, to half a step of what the file stores; beyond what it can store, the nearest that it can. */
async function valueDifference(source: ExportSource, frame: number, file: DicomFile, header: ImageHeader): Promise<string | null> {
  const meant = await frameOf(source, frame);
  const { stored } = await decodeFrame(file, 0);
  const lowest = header.pixelRepresentation === 1 ? -(2 ** (header.bitsStored - 1)) : 0;
  const highest = header.pixelRepresentation === 1 ? 2 ** (header.bitsStored - 1) - 1 : 2 ** header.bitsStored - 1;
  const slope = header.rescale?.slope ?? 1;
  const intercept = header.rescale?.intercept ?? 0;
  const [black, white] = source.item.provenance === 'enhanced' ? [0, 1] : header.modality === 'CT' ? syntheticCtHu : [0, highest];
  for (let i = 0; i < meant.length; i += 1) {
    const ideal = Math.min(highest, Math.max(lowest, (black + meant[i]! * (white - black) - intercept) / slope));
    if (!(Math.abs(stored[i]! - ideal) <= 0.5 + 1e-3)) return `pixel ${i} holds ${stored[i]} where ${ideal.toFixed(3)} was meant.`;
  }
  return null;
}
