/** A rectangle of pixels of an image. */
import { z } from 'zod';

const side = z.int().min(0).max(100_000);
/** Pixels of a frame: first column and row from 0. The same box holds for every frame of an object. */
export const PixelBox = z.strictObject({ column: side, row: side, width: z.int().min(1).max(100_000), height: z.int().min(1).max(100_000) });
export type PixelBox = z.infer<typeof PixelBox>;
