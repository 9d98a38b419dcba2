/** A synthetic image as a study of a subject that does not exist. */
import { ScanloomError } from '#contract';
import { syntheticPlaneOf, writeSyntheticImage } from '#dicom';
import { frameOf } from '../scale.ts';
import { derivationText, equipmentOf, subjectOf } from './dicom-words.ts';
import { itemUid } from './item-uids.ts';
import type { ExportSource } from '../types.ts';

/** What 0 and 1 of a synthetic CT mean, HU: the range of a 12-bit scanner. */
export const syntheticCtHu = [-1024, 3071] as const;

export async function syntheticImage(source: ExportSource, frame: number, scanloom: string): Promise<Uint8Array> {
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
    plane: syntheticPlaneOf(spec.plane),
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
