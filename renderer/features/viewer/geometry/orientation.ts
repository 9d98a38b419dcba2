/** Orientation letters at the four edges, from the direction cosines (PS3.3 C.7.6.2.1.1) and how the image is turned on the screen. Patient space is LPS. */

export type Cosines = readonly [number, number, number, number, number, number];
export interface Turn {
  /** Clockwise degrees on the screen: 0, 90, 180 or 270. */
  readonly rotation: number;
  /** Left and right exchanged, before the rotation. */
  readonly hflip: boolean;
  /** Top and bottom exchanged, before the rotation. */
  readonly vflip: boolean;
}
export interface EdgeLetters {
  readonly top: string;
  readonly right: string;
  readonly bottom: string;
  readonly left: string;
}

/** A smaller component is named too when it is at least this share of the largest: about 20 degrees off the axis. */
const secondLetterShare = 0.36;

/** The anatomical direction of an LPS vector, largest component first: `L`, `AL`, `PH` … */
export function directionName(x: number, y: number, z: number): string {
  const parts = [
    { size: Math.abs(x), letter: x > 0 ? 'L' : 'R' },
    { size: Math.abs(y), letter: y > 0 ? 'P' : 'A' },
    { size: Math.abs(z), letter: z > 0 ? 'H' : 'F' },
  ].sort((a, b) => b.size - a.size);
  const largest = parts[0]?.size ?? 0;
  if (largest === 0) return '';
  return parts.filter((part) => part.size >= secondLetterShare * largest).map((part) => part.letter).join('');
}

/** A direction on the screen (x right, y down) as a direction in the image (along columns, along rows): turned back, then flipped back. */
export function screenToImage(x: number, y: number, turn: Turn): readonly [number, number] {
  const radians = (-turn.rotation * Math.PI) / 180;
  const cos = Math.round(Math.cos(radians));
  const sin = Math.round(Math.sin(radians));
  const u = cos * x - sin * y;
  const v = sin * x + cos * y;
  return [turn.hflip ? -u : u, turn.vflip ? -v : v];
}

/** Letters for the four edges of the screen. */
export function edgeLetters(cosines: Cosines, turn: Turn): EdgeLetters {
  const towards = (x: number, y: number): string => {
    const [u, v] = screenToImage(x, y, turn);
    return directionName(u * cosines[0] + v * cosines[3], u * cosines[1] + v * cosines[4], u * cosines[2] + v * cosines[5]);
  };
  return { top: towards(0, -1), right: towards(1, 0), bottom: towards(0, 1), left: towards(-1, 0) };
}

const opposite: Readonly<Record<string, string>> = { L: 'R', R: 'L', A: 'P', P: 'A', H: 'F', F: 'H' };

/** Letters for the four edges where the file names the directions of its rows and columns in words (Patient Orientation, PS3.3 C.7.6.1.1.1). */
export function namedLetters([row, column]: readonly [string, string], turn: Turn): EdgeLetters {
  const turned = (letters: string): string => [...letters].map((letter) => opposite[letter] ?? letter).join('');
  const towards = (x: number, y: number): string => {
    const [u, v] = screenToImage(x, y, turn);
    return Math.abs(u) > Math.abs(v) ? (u > 0 ? row : turned(row)) : v > 0 ? column : turned(column);
  };
  return { top: towards(0, -1), right: towards(1, 0), bottom: towards(0, 1), left: towards(-1, 0) };
}

/** Unit normal of the slice, row × column. */
export function normalOf(c: Cosines): readonly [number, number, number] {
  return [c[1] * c[5] - c[2] * c[4], c[2] * c[3] - c[0] * c[5], c[0] * c[4] - c[1] * c[3]];
}

/** The plane's usual name, where the normal is within about 20 degrees of an axis; else `oblique`. */
export function planeName(c: Cosines): string {
  const [x, y, z] = normalOf(c).map(Math.abs) as [number, number, number];
  const largest = Math.max(x, y, z);
  if (largest < 0.94) return 'oblique';
  return largest === z ? 'axial' : largest === y ? 'coronal' : 'sagittal';
}
