import { invariant } from '#base';

/** Mean length of the gradient (central differences, inside the one-pixel border), in the image's unit per pixel. */
export function meanGradientMagnitude(image: Float32Array, rows: number, columns: number): number {
  invariant(image.length === rows * columns && rows >= 3 && columns >= 3, 'a gradient needs at least 3 × 3 pixels');
  let sum = 0;
  for (let r = 1; r < rows - 1; r += 1) {
    for (let c = 1; c < columns - 1; c += 1) {
      const at = r * columns + c;
      const dx = (image[at + 1]! - image[at - 1]!) / 2;
      const dy = (image[at + columns]! - image[at - columns]!) / 2;
      sum += Math.sqrt(dx * dx + dy * dy);
    }
  }
  return sum / ((rows - 2) * (columns - 2));
}
