/** What a reader marked on images: measurements and key images. They belong to a series or an item and are kept in the library, never written to a file. */
import { z } from 'zod';
import { Id, Uid } from './ids.ts';

/** A Series Instance UID or an item's id. */
export const MarksOwner = z.union([Uid, Id]);

/** Which pixels of the owner: `image/` and an imageId, `item/` and id and frame, `difference/` and the same for the map of changes, `plane/` and series, stack, axis and number of a plane across slices. */
export const MarkedPixels = z.string().regex(/^(image|item|difference|plane)\/[0-9a-f.:/-]{1,120}$/);

const Point = z.tuple([z.number().min(-1e6).max(1e6), z.number().min(-1e6).max(1e6)]);

export const Measurement = z.strictObject({
  /** `length`: two ends. `angle`: end, vertex, end. `ellipse`: two opposite corners of its box. */
  kind: z.enum(['length', 'angle', 'ellipse']),
  pixels: MarkedPixels,
  /** (x along columns, y along rows); the first pixel covers 0…1. */
  points: z.array(Point).min(2).max(3),
});
export type Measurement = z.infer<typeof Measurement>;

export const Marks = z.strictObject({ measurements: z.array(Measurement).max(5000), keyImages: z.array(MarkedPixels).max(20_000) });
export type Marks = z.infer<typeof Marks>;
