/** Which boxes lie on the body in images of CT, MR and PET: there a box that was no writing takes a finding with it. */
import { decodeFrame, type DicomFile, type StoredFrame } from '#dicom';
import { rangeOf } from './planes.ts';
import type { PixelBox } from './types.ts';

const storage = '1.2.840.10008.5.1.4.1.1';
/** CT, MR, PET: plain, enhanced, legacy converted. Captures of a screen have other classes, and no body but a picture of it. */
const sections: ReadonlySet<string> = new Set(['.2', '.2.1', '.2.2', '.4', '.4.1', '.4.4', '.128', '.130', '.128.1'].map((end) => storage + end));
/** Up to this share of the range above its low end, a pixel is air or the empty ground of a scan; lung is denser, and not beside the rim. */
const emptyShare = 0.08;
/** Letters leave most of their box empty, and end before its rim; anatomy goes on beyond it. */
const emptyInside = 0.4;
const emptyRim = 0.9;

/** True for sections through a body, in which what looks like writing may be anatomy. */
export function showsSections({ dataset }: DicomFile): boolean {
  return sections.has(dataset.string('SOPClassUID')) && ['CT', 'MR', 'PT'].includes(dataset.string('Modality')) && (dataset.number('SamplesPerPixel') ?? 1) === 1;
}

/**
 * @param frames Those on which the boxes were found, from 0.
 * @returns The boxes that are not on empty ground in each of these frames.
 * @throws what decodeFrame throws
 */
export async function boxesOnBody(file: DicomFile, boxes: readonly PixelBox[], frames: readonly number[]): Promise<PixelBox[]> {
  const onBody = new Set<PixelBox>();
  for (const frame of boxes.length === 0 ? [] : frames) {
    const picture = await decodeFrame(file, frame);
    const empty = emptyGround(picture);
    for (const box of boxes) if (!isOnGround(empty, picture.columns, box)) onBody.add(box);
  }
  return boxes.filter((box) => onBody.has(box));
}

/** 1 where a pixel is dark and joined to the rim by dark pixels. */
function emptyGround({ rows, columns, stored }: StoredFrame): Uint8Array {
  const values = Float32Array.from(stored);
  const { low, high } = rangeOf({ rows, columns, values });
  const most = low + emptyShare * (high - low);
  const empty = new Uint8Array(rows * columns);
  const waiting: number[] = [];
  const visit = (at: number): void => {
    if (empty[at] === 1 || !(values[at]! <= most)) return;
    empty[at] = 1;
    waiting.push(at);
  };
  for (let column = 0; column < columns; column += 1) for (const row of [0, rows - 1]) visit(row * columns + column);
  for (let row = 0; row < rows; row += 1) for (const column of [0, columns - 1]) visit(row * columns + column);
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const column = at % columns;
    if (column > 0) visit(at - 1);
    if (column < columns - 1) visit(at + 1);
    if (at >= columns) visit(at - columns);
    if (at < (rows - 1) * columns) visit(at + columns);
  }
  return empty;
}

function isOnGround(empty: Uint8Array, columns: number, { column, row, width, height }: PixelBox): boolean {
  let [inside, rim, rimPixels] = [0, 0, 0];
  for (let y = row; y < row + height; y += 1) {
    for (let x = column; x < column + width; x += 1) {
      const here = empty[y * columns + x] ?? 0;
      inside += here;
      if (y > row && y < row + height - 1 && x > column && x < column + width - 1) continue;
      rim += here;
      rimPixels += 1;
    }
  }
  return inside >= emptyInside * width * height && rim >= emptyRim * rimPixels;
}
