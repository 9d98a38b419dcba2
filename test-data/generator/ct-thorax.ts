/**
 * A thorax drawn from shapes, in mm of a patient lying on the back (x to the left, y to the back, z to the head): contrast-enhanced, in HU.
 * Not anatomy of anyone; anatomy-like enough that windows, measurements, enlargement and difference images have something to show.
 */
import { blurred, layeredNoise, normal, smoothNoise, stream } from './noise.ts';

export const thorax = { rows: 256, columns: 256, slices: 12, spacingMm: 1.4, sliceSpacingMm: 5, thicknessMm: 5, seed: 20 } as const;

const air = -1000;

/** 0 at the centre, 1 at the rim of a superellipse; `power` 2 is an ellipse, more is boxier. */
function rim(x: number, y: number, a: number, b: number, power = 2): number {
  return Math.pow(Math.pow(Math.abs(x / a), power) + Math.pow(Math.abs(y / b), power), 1 / power);
}

interface Tube {
  readonly from: readonly [number, number, number];
  readonly to: readonly [number, number, number];
  readonly radius: number;
  readonly endRadius: number;
  readonly hu: number;
  /** Radius of an air-filled lumen, for airways. */
  readonly lumen: number;
}

/** Vessels and airways of one lung: each branch divides into two thinner ones until it is finer than a pixel. */
function bronchialTree(side: 1 | -1, seed: number): Tube[] {
  const random = stream(seed);
  const tubes: Tube[] = [];
  const grow = (at: readonly [number, number, number], direction: readonly [number, number, number], radius: number, isAirway: boolean, depth: number): void => {
    if (radius < 0.4 || depth > 8) return;
    const length = (5 + 6 * random()) * Math.pow(radius, 0.45) + 4;
    const to: [number, number, number] = [at[0] + direction[0] * length, at[1] + direction[1] * length, at[2] + direction[2] * length];
    const endRadius = radius * 0.88;
    tubes.push({ from: at, to, radius, endRadius, hu: isAirway ? -20 : 190 - depth * 8, lumen: isAirway ? radius * 0.72 : 0 });
    for (let branch = 0; branch < 2; branch += 1) {
      const bent: [number, number, number] = [direction[0] + (random() - 0.5) * 1.25 + side * 0.06, direction[1] + (random() - 0.5) * 1.25, direction[2] + (random() - 0.5) * 1.25];
      const size = Math.hypot(...bent);
      grow(to, [bent[0] / size, bent[1] / size, bent[2] / size], endRadius * (branch === 0 ? 0.9 : 0.66), isAirway, depth + 1);
    }
  };
  const hilum = side * 34;
  for (let i = 0; i < 20; i += 1) {
    const angle: [number, number, number] = [side * (0.25 + random()), (random() - 0.45) * 2.4, (random() - 0.5) * 2.2];
    const size = Math.hypot(...angle);
    grow([hilum, 4 + (random() - 0.5) * 22, (random() - 0.5) * 44], [angle[0] / size, angle[1] / size, angle[2] / size], i >= 15 ? 3.4 + random() : 2.4 + 2.4 * random(), i >= 15, 0);
  }
  return tubes;
}

/** What a tube makes of a point; null outside of it. */
function tubeAt(tube: Tube, x: number, y: number, z: number): number | null {
  const [ax, ay, az] = tube.from;
  const [dx, dy, dz] = [tube.to[0] - ax, tube.to[1] - ay, tube.to[2] - az];
  const share = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy + (z - az) * dz) / (dx * dx + dy * dy + dz * dz)));
  const distance = Math.hypot(x - ax - share * dx, y - ay - share * dy, z - az - share * dz);
  const radius = tube.radius + (tube.endRadius - tube.radius) * share;
  if (distance > radius) return null;
  return distance < tube.lumen * (radius / tube.radius) ? -980 : tube.hu;
}

function boneOf(depthShare: number, x: number, y: number, z: number, seed: number): number {
  // Cortex outside, trabeculae within.
  return depthShare > 0.78 ? 780 : 210 + 90 * smoothNoise(x / 2.2, y / 2.2, z / 2.2, seed);
}

/** Ribs run downwards to the front: in a slice each is cut obliquely. */
function ribAt(x: number, y: number, z: number): number | null {
  const ring = rim(x, y - 2, 142, 97, 2.3);
  if (ring < 0.925 || ring > 1.0 || Math.abs(x) < 20) return null;
  const along = z - 0.62 * y + 0.1 * Math.abs(x);
  const phase = ((along / 27) % 1 + 1) % 1;
  const across = Math.abs(phase - 0.5) * 27;
  if (across > 6.2) return null;
  const depth = Math.max(Math.abs(ring - 0.9625) / 0.0375, across / 6.2);
  // The front ends are cartilage.
  if (y < -62 && Math.abs(x) < 75) return 130;
  return boneOf(depth, x, y, z, 7);
}

function spineAt(x: number, y: number, z: number): number | null {
  const body = rim(x, y - 52, 18, 15, 2.4);
  if (body <= 1) {
    const level = ((z + 9) % 25 + 25) % 25;
    if (level < 4) return 85;
    return body > 0.86 || level < 5.2 || level > 23.8 ? 620 : 190 + 80 * smoothNoise(x / 2, y / 2, z / 2, 11);
  }
  const canal = Math.hypot(x / 9.5, (y - 76) / 8.5);
  if (canal <= 1) return canal < 0.55 ? 42 : 12;
  if (canal <= 1.42 && y > 62) return boneOf(canal > 1.3 || canal < 1.1 ? 1 : 0, x, y, z, 12);
  const spinous = rim(x, y - 95, 4.2, 13, 2.5);
  if (spinous <= 1) return boneOf(spinous, x, y, z, 13);
  const transverse = rim(Math.abs(x) - 24, y - 72 + 0.25 * Math.abs(x), 15, 5.5, 2.4);
  if (transverse <= 1 && ((z % 25) + 25) % 25 < 15) return boneOf(transverse, x, y, z, 14);
  return null;
}

/** Heart below, great vessels above; contrast in the blood. */
function mediastinumAt(x: number, y: number, z: number): number | null {
  const aorta = Math.hypot(x - 27, y - 38);
  if (aorta < 12.5) return aorta > 11 ? (smoothNoise(x / 3, y / 3, z / 8, 17) > 0.62 ? 640 : 70) : 232;
  const oesophagus = rim(x - 9, y - 33, 7.5, 5.5);
  if (oesophagus < 1) return oesophagus < 0.3 ? -350 : 38;
  const cava = Math.hypot((x + 24) / 9, (y + 18) / 10);
  if (z > -4 && cava < 1) return 268;
  if (z > 6) {
    const ascending = Math.hypot(x + 6, y + 22 + 0.15 * z);
    if (ascending < 16) return ascending > 14.6 ? 75 : 236;
    const trunk = rim(x - 20, y + 16 - 0.3 * (z - 6), 15, 13);
    if (z < 26 && trunk < 1) return 244;
    const carina = z > 20 ? Math.hypot(x / 9.5, (y - 14) / 8.5) : Math.min(Math.hypot((x - (26 - z) * 1.05) / 7, (y - 16) / 6.5), Math.hypot((x + (26 - z) * 1.05) / 7.5, (y - 16) / 6.5));
    if (carina < 1) return carina > 0.84 ? 20 : -985;
    const branch = rim(x + 8, y - 4, 40, 7.5, 2.5);
    if (z < 16 && branch < 1) return 240;
  } else {
    // The heart: muscle around the left ventricle, thin walls elsewhere, fat outside.
    const turned = { u: 0.8 * (x - 18) + 0.6 * (y + 14), v: -0.6 * (x - 18) + 0.8 * (y + 14) };
    const shape = Math.hypot(turned.u / 60, turned.v / 45, (z + 24) / 52);
    if (shape < 1) {
      const left = Math.hypot((x - 44) / 27, (y + 14) / 22, (z + 30) / 42);
      if (left < 1) return 205 + (smoothNoise(x / 5, y / 5, z / 5, 21) > 0.55 && left > 0.7 ? -95 : 0);
      if (left < 1.38) return 96;
      const right = Math.hypot((x - 4) / 30, (y + 36) / 17, (z + 28) / 40);
      if (right < 1) return 212;
      const leftAtrium = Math.hypot((x - 6) / 30, (y - 12) / 15, (z + 6) / 22);
      if (leftAtrium < 1) return 228;
      const rightAtrium = Math.hypot((x + 26) / 18, (y + 8) / 23, (z + 24) / 34);
      if (rightAtrium < 1) return 215;
      const coronary = Math.hypot(x - 34 - z * 0.2, y + 38, (z % 9) / 4);
      if (coronary < 2.4) return coronary < 1.1 ? 560 : 220;
      return shape > 0.93 ? -70 : 82;
    }
  }
  return null;
}

/** Half-thickness of the mediastinum at a height and depth: the lungs reach closer to the middle in front and behind. */
function mediastinumHalfWidth(x: number, y: number, z: number): number {
  const heart = z < 14 ? (x > 0 ? 62 : 33) * Math.max(0, 1 - Math.pow((y + 14) / 56, 2)) * Math.min(1, (26 - z) / 30) : 0;
  const vessels = 34 * Math.max(0, 1 - Math.pow((y - 4) / 62, 4));
  const spine = y > 30 ? 25 : 0;
  return Math.max(heart, vessels, spine, 2.5 + 1.5 * smoothNoise(y / 14, z / 14, 0, 35));
}

const nodule = { x: -68, y: -22, z: 8, radius: 7 };
const groundGlass = { x: 72, y: 34, z: -12, radius: 13 };

function lungAt(x: number, y: number, z: number, tubes: readonly Tube[]): number {
  for (const tube of tubes) {
    const value = tubeAt(tube, x, y, z);
    if (value !== null) return value;
  }
  const fromNodule = Math.hypot(x - nodule.x, y - nodule.y, (z - nodule.z) * 0.9) + 1.3 * smoothNoise(x / 3, y / 3, z / 3, 31);
  if (fromNodule < nodule.radius) return 48;
  // Fissures: thin sheets that bend.
  const oblique = y - 22 + 0.75 * z + 4 * smoothNoise(x / 40, z / 40, 0, 33);
  if (Math.abs(oblique) < 0.7) return -720;
  const texture = 26 * layeredNoise(x / 5, y / 5, z / 5, 41) + 22 * smoothNoise(x / 22, y / 22, z / 22, 44);
  // What lies lower is denser: the patient lies on the back.
  const base = -868 + 0.42 * (y + 20) + texture;
  const fromGlass = Math.hypot(x - groundGlass.x, y - groundGlass.y, z - groundGlass.z) + 4 * smoothNoise(x / 6, y / 6, z / 6, 47);
  return fromGlass < groundGlass.radius ? base + 215 * (1 - 0.4 * (fromGlass / groundGlass.radius)) : base;
}

/** The shoulder blade is a bent plate: 0 in its middle, 1 at its ends. */
function scapulaBend(x: number, y: number): number {
  const along = (0.8 * (Math.abs(x) - 119) - 0.6 * (y - 73)) / 36;
  return along * along;
}

/** HU at a point. */
function huAt(x: number, y: number, z: number, tubes: readonly Tube[]): number {
  // The breathing chest is wider below.
  const a = 172 - 0.06 * z;
  const b = 118;
  const body = rim(x, y, a, b, 2.35);
  if (body > 1) {
    const tableTop = y - (121 + 0.00085 * x * x * 0.55);
    if (Math.abs(x) < 170 && tableTop > 0 && tableTop < 2.2) return -120;
    if (Math.abs(x) < 170 && tableTop > 2.2 && tableTop < 22) return -940;
    if (Math.abs(x) < 170 && tableTop >= 22 && tableTop < 24) return -120;
    return air;
  }
  if (body > 0.985) return 30;
  const spine = spineAt(x, y, z);
  if (spine !== null) return spine;
  const rib = ribAt(x, y, z);
  if (rib !== null) return rib;
  const sternum = rim(x, y + 93, 19, 6.5, 2.6);
  if (sternum < 1) return boneOf(sternum, x, y, z, 15);
  const scapula = rim(0.8 * (Math.abs(x) - 119) - 0.6 * (y - 73), 0.6 * (Math.abs(x) - 119) + 0.8 * (y - 73) + 2.5 * scapulaBend(x, y), 36, 3.4, 2.4);
  if (scapula < 1) return boneOf(scapula, x, y, z, 16);
  const cage = rim(x, y - 2, 131, 89, 2.3);
  if (cage < 1) {
    const half = mediastinumHalfWidth(x, y, z);
    if (Math.abs(x) > half + 1.5) {
      // The diaphragm domes up into the lowest slices on the right.
      const dome = Math.hypot((x + 70) / 62, (y + 4) / 66, (z + 62) / 47);
      if (dome < 1) return dome > 0.97 ? 55 : 108 + 10 * smoothNoise(x / 9, y / 9, z / 9, 51) + (smoothNoise(x / 7, y / 7, z / 7, 52) > 0.68 ? 62 : 0);
      return lungAt(x, y, z, tubes);
    }
    return mediastinumAt(x, y, z) ?? (Math.abs(x) > half ? 35 : -88 + 14 * smoothNoise(x / 6, y / 6, z / 6, 53) + (smoothNoise(x / 9, y / 9, z / 9, 54) > 0.72 ? 120 : 0));
  }
  // The chest wall: muscle near the ribs and beside the spine, fat outside.
  const paraspinal = rim(Math.abs(x) - 30, y - 92, 27, 16, 2.6) < 1;
  const pectoral = rim(Math.abs(x) - 72, y + 90 - 0.1 * Math.abs(x), 52, 11, 2.4) < 1;
  const shoulder = rim(0.8 * (Math.abs(x) - 119) - 0.6 * (y - 73), 0.6 * (Math.abs(x) - 119) + 0.8 * (y - 73), 52, 12.5, 2.4) < 1;
  const wall = cage < 1.105;
  if (paraspinal || pectoral || shoulder || wall) return 58 + 9 * smoothNoise(x / 4, y / 4, z / 12, 61) - (smoothNoise(x / 7, y / 3, z / 20, 62) > 0.6 ? 60 : 0);
  return -104 + 9 * layeredNoise(x / 9, y / 9, z / 9, 63);
}

/** One slice, HU: partial volume by 2 × 2 × 2 samples a voxel, then the scanner's blur and noise. */
export function thoraxSlice(index: number): Float32Array {
  const { rows, columns, spacingMm, seed } = thorax;
  const z = sliceZ(index);
  const all = [...bronchialTree(1, seed + 3), ...bronchialTree(-1, seed + 4)];
  const near = all.filter((tube) => Math.min(tube.from[2], tube.to[2]) - tube.radius < z + 3 && Math.max(tube.from[2], tube.to[2]) + tube.radius > z - 3);
  const image = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const x = (column - (columns - 1) / 2) * spacingMm;
      const y = (row - (rows - 1) / 2) * spacingMm - 4;
      const close = near.filter((tube) => Math.min(tube.from[0], tube.to[0]) - 6 < x && Math.max(tube.from[0], tube.to[0]) + 6 > x && Math.min(tube.from[1], tube.to[1]) - 6 < y && Math.max(tube.from[1], tube.to[1]) + 6 > y);
      let sum = 0;
      for (let s = 0; s < 8; s += 1) sum += huAt(x + ((s & 1) - 0.5) * 0.5 * spacingMm, y + (((s >> 1) & 1) - 0.5) * 0.5 * spacingMm, z + ((s >> 2) - 0.5) * 2.2, close);
      image[row * columns + column] = sum / 8;
    }
  }
  const random = stream(seed * 1000 + index);
  const white = Float32Array.from({ length: image.length }, () => normal(random));
  // Filtered back-projection leaves noise without its lowest frequencies, smoothed by the kernel; more of it in the middle of the body.
  const fine = blurred(white, rows, columns, [0.22, 0.56, 0.22]);
  const coarse = blurred(fine, rows, columns, [0.1, 0.2, 0.4, 0.2, 0.1]);
  const sharp = blurred(image, rows, columns, [0.13, 0.74, 0.13]);
  return sharp.map((value, i) => {
    const x = ((i % columns) - (columns - 1) / 2) * spacingMm;
    const y = (Math.floor(i / columns) - (rows - 1) / 2) * spacingMm;
    const inside = Math.max(0, 1 - Math.pow(rim(x, y, 185, 130), 2));
    const amount = 9 + 17 * inside;
    return Math.min(3071, Math.max(-1024, value + amount * (fine[i]! - 0.55 * coarse[i]!) * 1.9));
  });
}

/** mm, towards the head. */
export function sliceZ(index: number): number {
  return (index - (thorax.slices - 1) / 2) * thorax.sliceSpacingMm;
}
