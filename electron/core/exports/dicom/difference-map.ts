/** What a model added to an enhanced series, as a Parametric Map on the enhanced grid: the enhanced image minus bicubic interpolation of its source. */
import { ScanloomError } from '#contract';
import { validateObject, writeParametricMap, type Code, type DicomFile, type PlaneSource } from '#dicom';
import { bicubicEnlarge } from '#measures';
import { label } from '../marks.ts';
import { frameOf } from '../scale.ts';
import { derivationText, enhancementWords, equipmentOf } from './dicom-words.ts';
import { itemUid } from './item-uids.ts';
import type { Stage } from '../stage.ts';
import type { ExportSource } from '../types.ts';

/** Values of a whole series are held at once; beyond this an export would take more memory than a workstation has. */
const largestValues = 2 ** 28;

const subtraction: Code = { value: '113062', scheme: 'DCM', meaning: 'Pixel by pixel subtraction' };

/** Enhanced minus interpolated source, in the image's unit. @throws ScanloomError `export/invalid` when the source's pixels are gone */
async function differenceOf(source: ExportSource, frame: number, factor: number): Promise<Float32Array> {
  const before = await source.sourceFrame(frame);
  if (before === null) throw new ScanloomError('export/invalid', 'A difference map needs the pixels of the source, which are gone.', { hint: 'Ingest the study again, or export without difference maps.' });
  const plain = factor === 1 ? before.values : bicubicEnlarge(before.values, before.rows, before.columns, factor);
  const enhanced = await frameOf(source, frame);
  if (plain.length !== enhanced.length) throw new ScanloomError('export/invalid', 'A source image has another size than its enhanced image says.');
  return enhanced.map((value, i) => value - plain[i]!);
}

function unitOf(unit: string, first: DicomFile): Code {
  if (unit === 'HU') return { value: "[hnsf'U]", scheme: 'UCUM', meaning: 'Hounsfield unit' };
  if (first.dataset.string('Modality') === 'PT' && first.dataset.string('Units') === 'BQML') return { value: 'Bq/ml', scheme: 'UCUM', meaning: 'Becquerels/milliliter' };
  return { value: '1', scheme: 'UCUM', meaning: 'no units' };
}

/**
 * Writes the map of one enhanced item and reads it back.
 *
 * @param images The item's files in the stage, frame by frame; `frame` null for one that holds them all.
 * @throws ScanloomError `export/invalid` for images without a place, or too many of them
 */
export async function writeDifferenceMap(source: ExportSource, images: readonly { readonly path: string; readonly frame: number | null }[], target: string, stage: Stage, scanloom: string): Promise<void> {
  const { item } = source;
  if (item.frames * item.rows * item.columns > largestValues) throw new ScanloomError('export/invalid', 'The series is too large for a difference map.', { hint: 'Export it without one.' });
  const words = enhancementWords(source.settings);
  const planes: PlaneSource[] = [];
  for (const { path, frame } of images) {
    const file = stage.header(path);
    if (frame === null) for (let n = 0; n < item.frames; n += 1) planes.push({ file, frame: n });
    else planes.push({ file, frame: 0 });
  }
  const values: Float32Array[] = [];
  for (let frame = 0; frame < item.frames; frame += 1) values.push(await differenceOf(source, frame, words.factor));
  const bytes = writeParametricMap({
    sources: planes,
    values,
    seriesInstanceUid: itemUid(item.itemId, 'map-series'),
    sopInstanceUid: itemUid(item.itemId, 'map-0'),
    seriesNumber: 19_000 + item.ledgerIndex,
    seriesDescription: `${words.seriesPrefix} difference map`,
    contentLabel: 'DIFFERENCE',
    contentDescription: `${label.enhanced}: what the model added`,
    contentDate: new Date(item.createdAt),
    equipment: equipmentOf(source, scanloom),
    derivation: { codes: [subtraction], description: derivationText(source, scanloom) },
    quantity: { label: 'DIFFERENCE', explanation: words.factor === 1 ? 'Enhanced minus source' : 'Enhanced minus bicubic interpolation of source', unit: unitOf(source.images[0]!.unit, planes[0]!.file), concept: subtraction },
  });
  await stage.write(target, bytes);
  const wrong = Buffer.compare(await stage.read(target), bytes) === 0 ? validateObject(bytes).find(({ level }) => level === 'error')?.message : 'it was not written as it was meant.';
  if (wrong !== undefined) throw new ScanloomError('export/verification-failed', `A difference map that was read back is not what was meant: ${wrong}`, { hint: 'Nothing was published. This is a fault of Scanloom or of the disk; please report it.' });
}
