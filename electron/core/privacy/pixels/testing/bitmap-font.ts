/** A small font of our own for tests: capitals, digits and some signs on a grid of 5 × 7, drawn at any size, hard or smoothed, in four directions. */

const glyphs: Readonly<Record<string, string>> = {
  A: '01110 10001 10001 11111 10001 10001 10001', B: '11110 10001 10001 11110 10001 10001 11110', C: '01111 10000 10000 10000 10000 10000 01111',
  D: '11110 10001 10001 10001 10001 10001 11110', E: '11111 10000 10000 11110 10000 10000 11111', F: '11111 10000 10000 11110 10000 10000 10000',
  G: '01111 10000 10000 10011 10001 10001 01111', H: '10001 10001 10001 11111 10001 10001 10001', I: '01110 00100 00100 00100 00100 00100 01110',
  J: '00111 00010 00010 00010 00010 10010 01100', K: '10001 10010 10100 11000 10100 10010 10001', L: '10000 10000 10000 10000 10000 10000 11111',
  M: '10001 11011 10101 10101 10001 10001 10001', N: '10001 11001 10101 10011 10001 10001 10001', O: '01110 10001 10001 10001 10001 10001 01110',
  P: '11110 10001 10001 11110 10000 10000 10000', Q: '01110 10001 10001 10001 10101 10010 01101', R: '11110 10001 10001 11110 10100 10010 10001',
  S: '01111 10000 10000 01110 00001 00001 11110', T: '11111 00100 00100 00100 00100 00100 00100', U: '10001 10001 10001 10001 10001 10001 01110',
  V: '10001 10001 10001 10001 01010 01010 00100', W: '10001 10001 10001 10101 10101 11011 10001', X: '10001 01010 00100 00100 00100 01010 10001',
  Y: '10001 01010 00100 00100 00100 00100 00100', Z: '11111 00001 00010 00100 01000 10000 11111',
  0: '01110 10001 10011 10101 11001 10001 01110', 1: '00100 01100 00100 00100 00100 00100 01110', 2: '01110 10001 00001 00110 01000 10000 11111',
  3: '11110 00001 00001 01110 00001 00001 11110', 4: '00010 00110 01010 10010 11111 00010 00010', 5: '11111 10000 11110 00001 00001 10001 01110',
  6: '01110 10000 10000 11110 10001 10001 01110', 7: '11111 00001 00010 00100 00100 01000 01000', 8: '01110 10001 10001 01110 10001 10001 01110',
  9: '01110 10001 10001 01111 00001 00001 01110', '.': '00000 00000 00000 00000 00000 01100 01100', ':': '00000 01100 01100 00000 01100 01100 00000',
  '-': '00000 00000 00000 01110 00000 00000 00000', '^': '00100 01010 10001 00000 00000 00000 00000', '/': '00001 00010 00010 00100 01000 01000 10000',
  ' ': '00000 00000 00000 00000 00000 00000 00000',
};
/** Columns from one character to the next. */
const advance = 6;

/** How much of each pixel is covered by the writing, 0…1, row-major. */
export interface Writing {
  readonly rows: number;
  readonly columns: number;
  readonly cover: Float32Array;
}

/**
 * Draws a word.
 *
 * @param heightPx Height of a capital, px; 7 is the font as it was made.
 * @param smooth   True covers pixels partly, as a program does that smooths its writing; false decides for each pixel.
 * @param turned   True turns the writing by a quarter, to be read from below upwards.
 * @throws {Error} for a sign that the font has not.
 */
export function writeWord(text: string, heightPx: number, smooth: boolean, turned: boolean): Writing {
  const scale = heightPx / 7;
  const rows = Math.ceil(heightPx);
  const columns = Math.ceil((text.length * advance - 1) * scale);
  const bits = [...text].map((sign) => {
    const glyph = glyphs[sign];
    if (glyph === undefined) throw new Error(`The font has no ${sign}.`);
    return glyph.split(' ');
  });
  const isInk = (row: number, column: number): boolean => bits[Math.floor(column / advance)]?.[Math.floor(row)]?.[Math.floor(column % advance)] === '1';
  const cover = new Float32Array(rows * columns);
  const steps = smooth ? 4 : 1;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      let inked = 0;
      for (let y = 0; y < steps; y += 1) for (let x = 0; x < steps; x += 1) if (isInk((row + (y + 0.5) / steps) / scale, (column + (x + 0.5) / steps) / scale)) inked += 1;
      cover[row * columns + column] = inked / steps ** 2;
    }
  }
  if (!turned) return { rows, columns, cover };
  const quarter = new Float32Array(cover.length);
  for (let row = 0; row < rows; row += 1) for (let column = 0; column < columns; column += 1) quarter[(columns - 1 - column) * rows + row] = cover[row * columns + column]!;
  return { rows: columns, columns: rows, cover: quarter };
}
