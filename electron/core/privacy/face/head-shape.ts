/** Where the head is in a volume, how large it is, and where its surface lies as seen from the front. */
import type { PatientGrid } from './patient-grid.ts';
import type { HeadVolume } from './types.ts';

/** Cells of about this size are enough to tell a head from its holder, mm. */
const cellMm = 2;

export interface HeadShape {
  /** Value between air and tissue, modality units. */
  readonly threshold: number;
  /** Typical value of the air around, modality units. */
  readonly air: number;
  /** Front to back and side to side where it is largest, and how much of it is in the volume from the vertex down, mm. */
  readonly lengthMm: number;
  readonly widthMm: number;
  readonly heightMm: number;
  /** Vertical index of the vertex and lateral index of the middle, in voxels of the patient's grid. */
  readonly vertex: number;
  readonly middle: number;
  /** True when the vertex lies inside the volume, not on its edge. */
  readonly hasVertex: boolean;
  /** `[z, x]`: how many voxels lie before the surface, counted from the front; −1 where no head is behind. */
  readonly front: Int32Array;
}

/** @returns null when there is nothing that stands out of the air. */
export function headShape(volume: HeadVolume, grid: PatientGrid): HeadShape | null {
  const threshold = volume.modality === 'CT' ? -300 : otsu(volume.values);
  if (threshold === null) return null;
  const cells = largestPart(volume, grid, threshold);
  if (cells === null) return null;
  const [nx, ny, nz] = cells.size;
  const { member, stepMm, steps } = cells;
  const area = new Int32Array(nz);
  let [lengthMm, widthMm] = [0, 0];
  let top = -1;
  let bottom = nz;
  for (let z = 0; z < nz; z += 1) {
    let [front, back, right, left] = [ny, -1, nx, -1];
    for (let y = 0; y < ny; y += 1) {
      for (let x = 0; x < nx; x += 1) {
        if (member[(z * ny + y) * nx + x] === 0) continue;
        area[z]! += 1;
        [front, back, right, left] = [Math.min(front, y), Math.max(back, y), Math.min(right, x), Math.max(left, x)];
      }
    }
    if (area[z] === 0) continue;
    top = z;
    bottom = Math.min(bottom, z);
    lengthMm = Math.max(lengthMm, (back - front + 1) * stepMm[1]);
    widthMm = Math.max(widthMm, (left - right + 1) * stepMm[0]);
  }
  // The middle of what is in the volume's upper half of the head: shoulders and holders are below.
  let [sumX, count] = [0, 0];
  for (let z = Math.floor((top + bottom) / 2); z <= top; z += 1) for (let y = 0; y < ny; y += 1) for (let x = 0; x < nx; x += 1) if (member[(z * ny + y) * nx + x] !== 0) [sumX, count] = [sumX + x, count + 1];
  return {
    threshold,
    air: airValue(volume, grid, cells),
    lengthMm, widthMm,
    heightMm: (top - bottom + 1) * stepMm[2],
    vertex: Math.min(grid.size[2] - 1, (top + 1) * steps[2] - 1),
    middle: Math.round((sumX / Math.max(1, count) + 0.5) * steps[0]),
    // On the edge of the volume a cut through the skull is wide; a vertex is narrow.
    hasVertex: top < nz - 1 || area[top]! < 0.25 * area.reduce((most, one) => Math.max(most, one), 0),
    front: frontSurface(volume, grid, threshold, cells),
  };
}

interface Cells {
  readonly size: readonly [number, number, number];
  /** Voxels a cell along x, y, z, and mm. */
  readonly steps: readonly [number, number, number];
  readonly stepMm: readonly [number, number, number];
  /** 1 where a cell belongs to the head, `[z, y, x]`. */
  readonly member: Uint8Array;
}

/** The largest connected part above the threshold, in cells. */
function largestPart(volume: HeadVolume, grid: PatientGrid, threshold: number): Cells | null {
  const steps = grid.spacingMm.map((spacing) => Math.max(1, Math.round(cellMm / spacing))) as [number, number, number];
  const size = grid.size.map((count, axis) => Math.max(1, Math.floor(count / steps[axis]!))) as [number, number, number];
  const [nx, ny, nz] = size;
  const tissue = new Uint8Array(nx * ny * nz);
  for (let z = 0; z < nz; z += 1) {
    for (let y = 0; y < ny; y += 1) {
      for (let x = 0; x < nx; x += 1) {
        const at = grid.origin + (x * steps[0] + (steps[0] >> 1)) * grid.strides[0] + (y * steps[1] + (steps[1] >> 1)) * grid.strides[1] + (z * steps[2] + (steps[2] >> 1)) * grid.strides[2];
        if (volume.values[at]! > threshold) tissue[(z * ny + y) * nx + x] = 1;
      }
    }
  }
  const part = new Int32Array(tissue.length);
  const stack = new Int32Array(tissue.length);
  let [parts, best, bestSize] = [0, 0, 0];
  for (let seed = 0; seed < tissue.length; seed += 1) {
    if (tissue[seed] === 0 || part[seed] !== 0) continue;
    parts += 1;
    part[seed] = parts;
    stack[0] = seed;
    let [height, count] = [1, 0];
    const visit = (isInside: boolean, next: number): void => {
      if (!isInside || tissue[next] === 0 || part[next] !== 0) return;
      part[next] = parts;
      stack[height] = next;
      height += 1;
    };
    while (height > 0) {
      height -= 1;
      const at = stack[height]!;
      count += 1;
      const x = at % nx;
      const y = Math.floor(at / nx) % ny;
      visit(x > 0, at - 1);
      visit(x < nx - 1, at + 1);
      visit(y > 0, at - nx);
      visit(y < ny - 1, at + nx);
      visit(at >= nx * ny, at - nx * ny);
      visit(at + nx * ny < tissue.length, at + nx * ny);
    }
    if (count > bestSize) [best, bestSize] = [parts, count];
  }
  if (best === 0) return null;
  const member = new Uint8Array(tissue.length);
  for (let i = 0; i < member.length; i += 1) member[i] = part[i] === best ? 1 : 0;
  return { size, steps, stepMm: steps.map((step, axis) => step * grid.spacingMm[axis]!) as [number, number, number], member };
}

/** Median of the cells before the head that are no tissue: what a scanner makes of air. */
function airValue(volume: HeadVolume, grid: PatientGrid, { size: [nx, ny, nz], steps, member }: Cells): number {
  if (volume.modality === 'CT') return -1000;
  const found: number[] = [];
  for (let z = 0; z < nz; z += 2) for (let x = 0; x < nx; x += 2) {
    for (let y = 0; y < ny && member[(z * ny + y) * nx + x] === 0; y += 1) found.push(volume.values[grid.origin + x * steps[0] * grid.strides[0] + y * steps[1] * grid.strides[1] + z * steps[2] * grid.strides[2]]!);
  }
  const sorted = Float64Array.from(found).sort();
  return sorted[sorted.length >> 1] ?? 0;
}

function frontSurface(volume: HeadVolume, grid: PatientGrid, threshold: number, { size: [nx, ny, nz], steps, member }: Cells): Int32Array {
  const [width, depth, height] = grid.size;
  const front = new Int32Array(width * height).fill(-1);
  const isHead = (x: number, y: number, z: number): boolean => x >= 0 && y >= 0 && z >= 0 && x < nx && y < ny && z < nz && member[(z * ny + y) * nx + x] !== 0;
  for (let z = 0; z < height; z += 1) {
    for (let x = 0; x < width; x += 1) {
      let at = grid.origin + x * grid.strides[0] + z * grid.strides[2];
      for (let y = 0; y < depth; y += 1, at += grid.strides[1]) {
        if (volume.values[at]! <= threshold) continue;
        const cx = Math.min(nx - 1, Math.floor(x / steps[0]));
        const cy = Math.min(ny - 1, Math.floor(y / steps[1]));
        const cz = Math.min(nz - 1, Math.floor(z / steps[2]));
        // The thin outermost skin may fall between the samples of the cells.
        if (!isHead(cx, cy, cz) && !isHead(cx, cy + 1, cz) && !isHead(cx - 1, cy, cz) && !isHead(cx + 1, cy, cz)) continue;
        front[z * width + x] = y;
        break;
      }
    }
  }
  return front;
}

/**
 * Threshold that separates two classes of values best, on a sample; null when all are equal.
 *
 * @see Otsu 1979, doi 10.1109/TSMC.1979.4310076
 */
function otsu(values: Float32Array): number | null {
  const step = Math.max(1, Math.floor(values.length / 200_000));
  const sample: number[] = [];
  for (let i = 0; i < values.length; i += step) if (Number.isFinite(values[i]!)) sample.push(values[i]!);
  const sorted = Float64Array.from(sample).sort();
  const low = sorted[0] ?? 0;
  // A few very bright voxels would leave all others in one class.
  const high = sorted[Math.floor(0.99 * (sorted.length - 1))] ?? 0;
  if (!(high > low)) return null;
  const bins = new Float64Array(128);
  for (const value of sorted) bins[Math.min(127, Math.floor((128 * (value - low)) / (high - low)))]! += 1;
  const total = sorted.length;
  const sum = bins.reduce((all, count, bin) => all + count * bin, 0);
  let [below, sumBelow, best, cut] = [0, 0, -1, 0];
  for (let bin = 0; bin < 127; bin += 1) {
    below += bins[bin]!;
    sumBelow += bins[bin]! * bin;
    if (below === 0 || below === total) continue;
    const between = below * (total - below) * (sumBelow / below - (sum - sumBelow) / (total - below)) ** 2;
    if (between > best) [best, cut] = [between, bin + 1];
  }
  // Half of it: skin and muscle are darker than fat and white matter.
  return low + (0.5 * cut * (high - low)) / 128;
}
