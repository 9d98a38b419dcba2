/** A made-up head for tests: skin, skull, brain, nose, lips, eyes, neck; in any of three slice directions. */
import type { Orientation, Vector3 } from '#dicom';
import type { HeadVolume } from '../types.ts';

export const tissue = { air: -1000, skin: 40, bone: 1000, brain: 35, eye: 10 } as const;

export interface Phantom {
  readonly volume: HeadVolume;
  /** 1 where brain is, `[slice, row, column]`. */
  readonly brain: Uint8Array;
  /** LPS mm of a voxel, from its place in `values`. */
  readonly placeOf: (at: number) => Vector3;
}

const ball = (p: Vector3, centre: Vector3, radii: Vector3): number => ((p[0] - centre[0]) / radii[0]) ** 2 + ((p[1] - centre[1]) / radii[1]) ** 2 + ((p[2] - centre[2]) / radii[2]) ** 2;

/** What is at a place; the vertex is at z = 0, the front at y = −95, millimetres. */
function materialAt(p: Vector3): keyof typeof tissue {
  const [x, y, z] = p;
  if (ball(p, [0, 2, -72], [64, 82, 62]) < 1) return 'brain';
  if (ball(p, [-32, -72, -104], [12, 12, 12]) < 1 || ball(p, [32, -72, -104], [12, 12, 12]) < 1) return 'eye';
  if (ball(p, [0, 2, -72], [70, 88, 68]) < 1) return 'bone';
  const isHead = ball(p, [0, 0, -76], [76, 95, 76]) < 1;
  const isJaw = ball(p, [0, -25, -150], [58, 68, 72]) < 1;
  const isNose = z < -105 && z > -150 && Math.abs(x) < 4 + 0.28 * (-105 - z) && y > -92 - 0.55 * (-105 - z) && y < -60;
  const isLips = ball(p, [0, -90, -172], [24, 9, 7]) < 1;
  const isNeck = z < -150 && (x / 52) ** 2 + ((y - 20) / 55) ** 2 < 1;
  return isHead || isJaw || isNose || isLips || isNeck ? 'skin' : 'air';
}

/** @param way How the slices lie: `axial` upwards, `sagittal` to the left, `coronal` to the back. @param bottomMm Where the volume ends below the vertex. */
export function headPhantom(way: 'axial' | 'sagittal' | 'coronal', spacing: number, bottomMm = 240, topMm = 12): Phantom {
  const box: readonly (readonly [number, number])[] = [[-100, 100], [-140, 120], [-bottomMm, topMm]];
  const count = box.map(([from, to]) => Math.round((to - from) / spacing));
  // Which patient axis runs along slices, rows (downwards) and columns, and in which direction.
  const ways = {
    axial: { axes: [2, 1, 0], signs: [1, 1, 1], orientation: [1, 0, 0, 0, 1, 0] },
    sagittal: { axes: [0, 2, 1], signs: [-1, -1, 1], orientation: [0, 1, 0, 0, 0, -1] },
    coronal: { axes: [1, 2, 0], signs: [1, -1, 1], orientation: [1, 0, 0, 0, 0, -1] },
  } as const;
  const { axes, signs, orientation } = ways[way];
  const [slices, rows, columns] = [count[axes[0]]!, count[axes[1]]!, count[axes[2]]!];
  const placeOf = (at: number): Vector3 => {
    const index = [Math.floor(at / (rows * columns)), Math.floor(at / columns) % rows, at % columns];
    const place: [number, number, number] = [0, 0, 0];
    axes.forEach((axis, i) => {
      const [from, to] = box[axis]!;
      place[axis] = signs[i] === 1 ? from + (index[i]! + 0.5) * spacing : to - (index[i]! + 0.5) * spacing;
    });
    return place;
  };
  const values = new Float32Array(slices * rows * columns);
  const brain = new Uint8Array(values.length);
  for (let at = 0; at < values.length; at += 1) {
    const material = materialAt(placeOf(at));
    values[at] = tissue[material];
    if (material === 'brain') brain[at] = 1;
  }
  return { volume: { slices, rows, columns, values, spacingMm: [spacing, spacing, spacing], orientation: orientation as unknown as Orientation, modality: 'CT' }, brain, placeOf };
}
