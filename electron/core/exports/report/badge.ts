/** A frame with words, burnt into a picture: what a model touched stays marked when the picture is cut out and sent around. */

/** Capital letters, digits and a few signs, five by seven; each row is five bits, most significant left. */
const glyphs: Readonly<Record<string, readonly number[]>> = {
  A: [14, 17, 17, 31, 17, 17, 17], B: [30, 17, 17, 30, 17, 17, 30], C: [14, 17, 16, 16, 16, 17, 14], D: [30, 17, 17, 17, 17, 17, 30], E: [31, 16, 16, 30, 16, 16, 31],
  F: [31, 16, 16, 30, 16, 16, 16], G: [14, 17, 16, 23, 17, 17, 15], H: [17, 17, 17, 31, 17, 17, 17], I: [14, 4, 4, 4, 4, 4, 14], J: [7, 2, 2, 2, 2, 18, 12],
  K: [17, 18, 20, 24, 20, 18, 17], L: [16, 16, 16, 16, 16, 16, 31], M: [17, 27, 21, 21, 17, 17, 17], N: [17, 25, 21, 19, 17, 17, 17], O: [14, 17, 17, 17, 17, 17, 14],
  P: [30, 17, 17, 30, 16, 16, 16], Q: [14, 17, 17, 17, 21, 18, 13], R: [30, 17, 17, 30, 20, 18, 17], S: [15, 16, 16, 14, 1, 1, 30], T: [31, 4, 4, 4, 4, 4, 4],
  U: [17, 17, 17, 17, 17, 17, 14], V: [17, 17, 17, 17, 17, 10, 4], W: [17, 17, 17, 21, 21, 21, 10], X: [17, 17, 10, 4, 10, 17, 17], Y: [17, 17, 10, 4, 4, 4, 4], Z: [31, 1, 2, 4, 8, 16, 31],
  '0': [14, 17, 19, 21, 25, 17, 14], '1': [4, 12, 4, 4, 4, 4, 14], '2': [14, 17, 1, 6, 8, 16, 31], '3': [30, 1, 1, 14, 1, 1, 30], '4': [2, 6, 10, 18, 31, 2, 2],
  '5': [31, 16, 30, 1, 1, 17, 14], '6': [6, 8, 16, 30, 17, 17, 14], '7': [31, 1, 2, 4, 8, 8, 8], '8': [14, 17, 17, 14, 17, 17, 14], '9': [14, 17, 17, 15, 1, 2, 12],
  '-': [0, 0, 0, 14, 0, 0, 0], '.': [0, 0, 0, 0, 0, 12, 12], '/': [1, 1, 2, 4, 8, 16, 16], ' ': [0, 0, 0, 0, 0, 0, 0],
};

export interface Rgb {
  readonly width: number;
  readonly height: number;
  /** Three bytes a pixel. */
  readonly data: Uint8Array;
}

export type Colour = readonly [number, number, number];
export const amber: Colour = [0xff, 0xb7, 0x4d];
export const grey: Colour = [0x8d, 0x97, 0xa3];
const ink: Colour = [0x0d, 0x0f, 0x12];
const letterWidth = 6;

/**
 * The picture inside an edge of `colour`, with a bar above that says `words`. Large pictures get letters of twice the size where they
 * fit, since a page shows them smaller; letters that do not fit at all are left out.
 */
export function framed(picture: Rgb, words: string, colour: Colour): Rgb {
  const size = picture.width >= 300 && words.length * letterWidth * 2 + 12 <= picture.width ? 2 : 1;
  const edge = 2 * size;
  const barHeight = 13 * size;
  const width = picture.width + 2 * edge;
  const height = picture.height + edge + barHeight;
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i += 3) data.set(colour, i);
  for (let r = 0; r < picture.height; r += 1) {
    data.set(picture.data.subarray(r * picture.width * 3, (r + 1) * picture.width * 3), ((r + barHeight) * width + edge) * 3);
  }
  for (const [place, letter] of [...words.toUpperCase()].entries()) {
    const left = edge + 2 * size + place * letterWidth * size;
    const glyph = glyphs[letter];
    if (glyph === undefined || left + 5 * size > width - edge) continue;
    for (let y = 0; y < 7 * size; y += 1) {
      for (let x = 0; x < 5 * size; x += 1) if ((glyph[Math.floor(y / size)]! >> (4 - Math.floor(x / size))) & 1) data.set(ink, ((y + 3 * size) * width + left + x) * 3);
    }
  }
  return { width, height, data };
}
