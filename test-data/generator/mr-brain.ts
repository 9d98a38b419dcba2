/**
 * A head drawn from shapes, T1-weighted: folded cortex, white matter, ventricles, deep nuclei, skull and scalp, in arbitrary units.
 * Coordinates in mm (x to the left, y to the back, z to the head), centre between the ventricles.
 */
import { blurred, layeredNoise, normal, smoothNoise, stream } from './noise.ts';

export const brain = { rows: 256, columns: 208, slices: 8, rowSpacingMm: 0.9, columnSpacingMm: 1.0, sliceSpacingMm: 6.6, thicknessMm: 5.5, seed: 40 } as const;

const csf = 145;
const grey = 470;
const white = 690;

function ellipsoid(x: number, y: number, z: number, a: number, b: number, c: number): number {
  return Math.hypot(x / a, y / b, z / c);
}

/** Distance (about, mm) to the nearest liquid of sulci, fissure or surface; small in the depth of a fold. */
function distanceToLiquid(x: number, y: number, z: number, depth: number): number {
  // Folds are where a smooth field changes its sign; they reach about 27 mm deep.
  const wobble = 5 * smoothNoise(x / 23, y / 23, z / 23, 3);
  const field = smoothNoise((x + wobble) / 14, (y - wobble) / 14, (z + wobble) / 15, 5) + 0.42 * smoothNoise(x / 6.3, y / 6.3, z / 6.3, 6);
  const fold = Math.abs(field) * 9.4 + Math.max(0, depth - 24) * 1.1;
  // The fissure between the hemispheres, bridged by the corpus callosum.
  const bent = 1.6 * smoothNoise(y / 17, z / 17, 0, 8);
  const bridged = ellipsoid(0, y + 2, z - 4, 1, 36, 20);
  const fissure = Math.abs(x - bent) + Math.max(0, 1.12 - bridged) * 34;
  const sylvian = Math.abs(z + 4 + 0.5 * (y + 10) - 2.5 * smoothNoise(x / 9, y / 9, 1, 9)) + Math.max(0, 41 - Math.abs(x)) * 1.2 + Math.max(0, Math.abs(y + 12) - 24);
  return Math.min(depth + 0.4, fold, fissure, sylvian);
}

function ventricleAt(x: number, y: number, z: number): number {
  const side = Math.abs(x) - 1.2;
  // Bodies and horns of the lateral ventricles: thin, bent, wider behind.
  const body = ellipsoid(side - 8 - 0.0045 * y * y * 0.9, y + 2, z - 13 - 0.004 * y * y * -1, 6.2 + 0.03 * Math.abs(y), 36, 7.5);
  const front = ellipsoid(side - 9 - 0.22 * (-26 - y), y + 27, z - 6, 5.6, 13, 10);
  const back = ellipsoid(side - 17 - 0.26 * (y - 30), y - 33, z - 3, 5.4, 20, 9);
  const third = ellipsoid(x, y - 4, z + 6, 2.1, 15, 11);
  return Math.min(body, front, back, third);
}

function nucleusAt(x: number, y: number, z: number): number | null {
  const side = Math.abs(x);
  if (ellipsoid(side - 13.5, y + 21, z - 6, 5.2, 11, 9) < 1) return 505;
  const putamen = ellipsoid(side - 26 - 0.06 * y, y + 6, z - 1, 5.4, 17.5, 11);
  if (putamen < 1) return 520;
  if (ellipsoid(side - 18.5, y + 1, z + 1, 4, 10, 8) < 1) return 600;
  if (ellipsoid(side - 10.5, y - 11, z - 2, 8.6, 14.5, 9) < 1) return 540;
  return null;
}

/** Signal at a point, before coil, blur and noise. */
function signalAt(x: number, y: number, z: number): number {
  const flat = 0.5 * smoothNoise(x / 60, y / 60, z / 60, 2);
  const head = ellipsoid(x, y + (y < 0 ? 2 : 0), z + 12, 78 + flat, 97 + flat, 104);
  if (head > 1) return 0;
  const radius = Math.hypot(x, y, z + 12);
  const under = (1 - head) * (radius / Math.max(head, 0.2));
  if (under < 1.4) return 330;
  // Scalp: fat with muscle at the temples.
  if (under < 4.6) return Math.abs(x) > 58 && z < 8 && y < 24 && under > 2.6 ? 340 + 40 * smoothNoise(x / 3, y / 3, z / 3, 21) : 800 + 60 * layeredNoise(x / 5, y / 5, z / 5, 22);
  // Skull: two dark tables, marrow between.
  const thickness = 6.6 + 1.4 * smoothNoise(x / 25, y / 25, z / 25, 23);
  if (under < 4.6 + thickness) {
    const share = (under - 4.6) / thickness;
    return share > 0.3 && share < 0.68 ? 330 + 170 * smoothNoise(x / 4, y / 4, z / 4, 24) : 38;
  }
  const depth = under - 4.6 - thickness - 2 - 1.3 * smoothNoise(x / 12, y / 12, z / 12, 25);
  if (depth < 0) {
    // Liquid over the brain, veins in it.
    return smoothNoise(x / 3.5, y / 3.5, z / 3.5, 26) > 0.72 ? 560 : csf + 25;
  }
  if (ventricleAt(x, y, z) < 1) {
    const plexus = smoothNoise(x / 2.4, y / 2.4, z / 2.4, 27) > 0.45 && y > 18 && y < 34 && Math.abs(x) > 12;
    return plexus ? 420 : csf;
  }
  const liquid = distanceToLiquid(x, y, z, depth);
  const nucleus = nucleusAt(x, y, z);
  if (nucleus !== null) return nucleus + 14 * smoothNoise(x / 5, y / 5, z / 5, 28);
  if (ventricleAt(x, y, z) < 1.12 && Math.abs(x) < 22) return 655;
  if (liquid < 0.75) return csf + 30;
  // Cortex is 2.4 to 3.4 mm thick, with a soft border to the white matter.
  const cortex = 3.5 + 0.5 * smoothNoise(x / 11, y / 11, z / 11, 29);
  const share = Math.min(1, Math.max(0, (liquid - cortex) / 0.9));
  const matter = grey + (white - grey) * share;
  return matter + 12 * layeredNoise(x / 6, y / 6, z / 6, 30);
}

/** Row cosines, column cosines and normal of the slices: tilted by 14° about x, 4° about y and 3° about z, as a head lies. */
export function brainAxes(): { row: [number, number, number]; column: [number, number, number]; normal: [number, number, number] } {
  const turn = (degrees: number): [number, number] => {
    const t = (degrees * Math.PI) / 180;
    return [Math.cos(t), Math.sin(t)];
  };
  const [ca, sa] = turn(14);
  const [cb, sb] = turn(4);
  const [cc, sc] = turn(3);
  const rotate = ([x, y, z]: [number, number, number]): [number, number, number] => {
    const about1: [number, number, number] = [x, ca * y - sa * z, sa * y + ca * z];
    const about2: [number, number, number] = [cb * about1[0] + sb * about1[2], about1[1], -sb * about1[0] + cb * about1[2]];
    return [cc * about2[0] - sc * about2[1], sc * about2[0] + cc * about2[1], about2[2]];
  };
  return { row: rotate([1, 0, 0]), column: rotate([0, 1, 0]), normal: rotate([0, 0, 1]) };
}

/** Centre of the first pixel of a slice, mm, LPS. */
export function brainPosition(index: number): [number, number, number] {
  const { row, column, normal: w } = brainAxes();
  const { rows, columns, rowSpacingMm, columnSpacingMm, sliceSpacingMm, slices } = brain;
  const along = (index - (slices - 1) / 2) * sliceSpacingMm + 12;
  const at = (axis: 0 | 1 | 2): number => along * w[axis] - ((columns - 1) / 2) * columnSpacingMm * row[axis] - ((rows - 1) / 2) * rowSpacingMm * column[axis];
  return [at(0), at(1), at(2)];
}

/** One slice, 0…about 1200: 2 × 2 × 2 samples a voxel, coil shading, blur, Rician noise. */
export function brainSlice(index: number): Float32Array {
  const { rows, columns, rowSpacingMm, columnSpacingMm, thicknessMm, seed } = brain;
  const { row: u, column: v, normal: w } = brainAxes();
  const start = brainPosition(index);
  const image = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      let sum = 0;
      for (let s = 0; s < 8; s += 1) {
        const i = (column + ((s & 1) - 0.5) * 0.5) * columnSpacingMm;
        const j = (row + (((s >> 1) & 1) - 0.5) * 0.5) * rowSpacingMm;
        const k = ((s >> 2) - 0.5) * 0.35 * thicknessMm;
        sum += signalAt(start[0] + i * u[0] + j * v[0] + k * w[0], start[1] + i * u[1] + j * v[1] + k * w[1], start[2] + i * u[2] + j * v[2] + k * w[2]);
      }
      image[row * columns + column] = sum / 8;
    }
  }
  const soft = blurred(image, rows, columns, [0.1, 0.8, 0.1]);
  const random = stream(seed * 1000 + index);
  return soft.map((value, i) => {
    const x = (i % columns) / columns - 0.5;
    const y = Math.floor(i / columns) / rows - 0.5;
    const coil = 1 + 0.16 * (x * x + y * y) * 4 - 0.1 * y + 0.05 * x;
    return Math.hypot(value * coil + 13 * normal(random), 13 * normal(random));
  });
}
