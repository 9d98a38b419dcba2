/** Whether a DICOM file that was written is what was meant: identity, place, values of every frame, and nothing that our validator finds. */
import { ScanloomError } from '#contract';
import { decodeFrame, describeImage, parseDicom, validateObject, type DicomFile, type ImageHeader } from '#dicom';
import { frameOf } from '../scale.ts';
import { itemUid } from './item-uids.ts';
import { syntheticCtHu } from './synthetic-images.ts';
import type { Stage } from '../stage.ts';
import type { ExportSource } from '../types.ts';

const secondaryCapture = '1.2.840.10008.5.1.4.1.1.7';

/** @throws ScanloomError `export/verification-failed` */
export async function readBackImage(source: ExportSource, { path, frame }: { readonly path: string; readonly frame: number | null }, stage: Stage): Promise<void> {
  const bytes = await stage.read(path);
  const file = parseDicom(bytes);
  const header = describeImage(file);
  const frames = frame === null ? Array.from({ length: source.item.frames }, (_, n) => ({ inItem: n, inFile: n })) : [{ inItem: frame, inFile: 0 }];
  let wrong: string | null = frame === null && header.frames !== source.item.frames ? `it has ${header.frames} frames.` : identityDifference(source, frame ?? 0, header);
  for (const { inItem, inFile } of frames) wrong ??= placeDifference(source, inItem, header, inFile) ?? (await valueDifference(source, inItem, file, header, inFile));
  wrong ??= validateObject(bytes).find((finding) => finding.level === 'error')?.message ?? null;
  if (wrong !== null) {
    throw new ScanloomError('export/verification-failed', `A DICOM file that was read back is not what was meant: ${wrong}`, { hint: 'Nothing was published. This is a fault of Scanloom or of the disk; please report it.', details: { path } });
  }
}

function identityDifference({ item }: ExportSource, frame: number, header: ImageHeader): string | null {
  if (header.rows !== item.rows || header.columns !== item.columns) return 'it has another size.';
  if (header.sopInstanceUid !== itemUid(item.itemId, `image-${frame}`) || header.seriesInstanceUid !== itemUid(item.itemId, 'series')) return 'it has another identity.';
  return null;
}

function placeDifference(source: ExportSource, frame: number, header: ImageHeader, inFile: number): string | null {
  // A Secondary Capture promises no place (secondary-capture.ts of the DICOM room).
  if (header.sopClassUid === secondaryCapture) return null;
  const image = source.images[frame]!;
  const own = header.framesGeometry?.[inFile] ?? header;
  const near = (a: readonly number[] | null, b: readonly number[] | null): boolean => b === null || (a !== null && a.every((value, n) => Math.abs(value - b[n]!) <= 1e-5 * Math.max(1, Math.abs(b[n]!))));
  if (!near(own.pixelSpacingMm, image.pixelSpacingMm)) return 'its pixel spacing differs.';
  if (source.item.provenance === 'enhanced' && (!near(own.position, image.position) || !near(own.orientation, image.orientation))) return 'it lies elsewhere.';
  return null;
}

/** Values must be those meant, to half a step of what the file stores; beyond what it can store, the nearest that it can. */
async function valueDifference(source: ExportSource, frame: number, file: DicomFile, header: ImageHeader, inFile: number): Promise<string | null> {
  const meant = await frameOf(source, frame);
  const { stored } = await decodeFrame(file, inFile);
  const lowest = header.pixelRepresentation === 1 ? -(2 ** (header.bitsStored - 1)) : 0;
  const highest = header.pixelRepresentation === 1 ? 2 ** (header.bitsStored - 1) - 1 : 2 ** header.bitsStored - 1;
  const { slope, intercept } = header.framesGeometry?.[inFile]?.rescale ?? header.rescale ?? { slope: 1, intercept: 0 };
  const [black, white] = source.item.provenance === 'enhanced' ? [0, 1] : header.modality === 'CT' ? syntheticCtHu : [0, highest];
  for (let i = 0; i < meant.length; i += 1) {
    const ideal = Math.min(highest, Math.max(lowest, (black + meant[i]! * (white - black) - intercept) / slope));
    if (!(Math.abs(stored[i]! - ideal) <= 0.5 + 1e-3)) return `pixel ${i} holds ${stored[i]} where ${ideal.toFixed(3)} was meant.`;
  }
  return null;
}
