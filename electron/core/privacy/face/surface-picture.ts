/** The head's surface as light from above the viewer's shoulder shows it: for a person to judge whether a face is left. */
import { headShape } from './head-shape.ts';
import { patientGrid } from './patient-grid.ts';
import type { HeadVolume } from './types.ts';

/** Grey, row-major, seen from the front: the patient's right is on the left, the vertex on top. Square pixels of `pixelMm`. */
export interface SurfacePicture {
  readonly rows: number;
  readonly columns: number;
  readonly pixels: Uint8Array;
}

const pixelMm = 0.75;

/** @returns null where no head is found. */
export function surfacePicture(volume: HeadVolume): SurfacePicture | null {
  const grid = patientGrid(volume);
  const shape = grid === null ? null : headShape(volume, grid);
  if (grid === null || shape === null) return null;
  const [width, , height] = grid.size;
  const [xMm, yMm, zMm] = grid.spacingMm;
  const rows = Math.max(1, Math.min(2048, Math.round((height * zMm) / pixelMm)));
  const columns = Math.max(1, Math.min(2048, Math.round((width * xMm) / pixelMm)));
  const pixels = new Uint8Array(rows * columns);
  const depth = (x: number, z: number): number => (x < 0 || z < 0 || x >= width || z >= height ? -1 : shape.front[z * width + x]!);
  for (let row = 0; row < rows; row += 1) {
    const z = height - 1 - Math.min(height - 1, Math.floor((row * height) / rows));
    for (let column = 0; column < columns; column += 1) {
      // x runs to the patient's left, which is on the right of who looks at the face.
      const x = Math.min(width - 1, Math.floor((column * width) / columns));
      const here = depth(x, z);
      if (here < 0) continue;
      const or = (value: number): number => (value < 0 ? here : value);
      const slopeX = ((or(depth(x + 1, z)) - or(depth(x - 1, z))) * yMm) / (2 * xMm);
      const slopeZ = ((or(depth(x, z + 1)) - or(depth(x, z - 1))) * yMm) / (2 * zMm);
      const light = (0.35 * slopeX + 0.8 + 0.5 * slopeZ) / Math.hypot(slopeX, 1, slopeZ);
      pixels[row * columns + column] = 30 + Math.round(225 * Math.min(1, Math.max(0, light)));
    }
  }
  return { rows, columns, pixels };
}
