/** A mask's outline along the edges of its pixels, so that it lies exactly between what is in and what is out at every zoom. Pure. */

/**
 * Straight pieces x0, y0, x1, y1 in image points (the first pixel covers 0…1), joined along rows and columns.
 * @param mask Row-major; a pixel is inside where it is at least `threshold`.
 */
export function outlineOf(mask: Uint8Array, rows: number, columns: number, threshold = 1): Float32Array {
  const pieces: number[] = [];
  const inside = (row: number, column: number): boolean => row >= 0 && column >= 0 && row < rows && column < columns && (mask[row * columns + column] as number) >= threshold;
  for (let row = 0; row <= rows; row += 1) {
    let from = -1;
    for (let column = 0; column <= columns; column += 1) {
      const isEdge = column < columns && inside(row - 1, column) !== inside(row, column);
      if (isEdge && from < 0) from = column;
      else if (!isEdge && from >= 0) {
        pieces.push(from, row, column, row);
        from = -1;
      }
    }
  }
  for (let column = 0; column <= columns; column += 1) {
    let from = -1;
    for (let row = 0; row <= rows; row += 1) {
      const isEdge = row < rows && inside(row, column - 1) !== inside(row, column);
      if (isEdge && from < 0) from = row;
      else if (!isEdge && from >= 0) {
        pieces.push(column, from, column, row);
        from = -1;
      }
    }
  }
  return Float32Array.from(pieces);
}

/** Largest value of a mask: 1 for a binary one, up to 255 for a fractional one. */
export function largestOf(mask: Uint8Array): number {
  let most = 0;
  for (let i = 0; i < mask.length; i += 1) if ((mask[i] as number) > most) most = mask[i] as number;
  return most;
}
