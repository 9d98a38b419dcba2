/** What the library asks a worker about one object or one image's way to be shown, and the answers. */
import { z } from 'zod';
import type { ImageDisplay, SegmentationDetail, StructureSetDetail } from '#contract';
import type { Content, ContoursOnImage, ImagePlane, PresentationStateContent } from '#dicom';

/** Planes are made by this program from what it checked when the images were read. */
const Plane = z.custom<ImagePlane>((value) => typeof value === 'object' && value !== null && 'sopInstanceUid' in value);

export const ObjectQuestion = z.discriminatedUnion('about', [
  z.object({ about: z.literal('content') }),
  /** With the images that it may mark. */
  z.object({ about: z.literal('segmentation'), images: z.array(Plane) }),
  z.object({ about: z.literal('masks'), image: Plane }),
  z.object({ about: z.literal('structure-set'), images: z.array(Plane) }),
  /** `known`: instances that contours may name. */
  z.object({ about: z.literal('contours'), image: Plane, known: z.array(z.string()) }),
  z.object({ about: z.literal('presentation-state') }),
  z.object({ about: z.literal('display'), frame: z.int().min(0) }),
  z.object({ about: z.literal('overlay'), group: z.int(), frame: z.int().min(0) }),
  z.object({ about: z.literal('colour'), frame: z.int().min(0) }),
]);
export type ObjectQuestion = z.infer<typeof ObjectQuestion>;

/** The images that an object marks, by their place in the list that was given. */
export interface MarkedPlanes {
  readonly marked: readonly { readonly index: number; readonly how: 'reference' | 'geometry'; readonly numbers: readonly number[] }[];
}

export interface ObjectAnswers {
  readonly content: Content;
  readonly segmentation: Omit<SegmentationDetail, 'object' | 'images'> & MarkedPlanes;
  readonly masks: { readonly how: 'reference' | 'geometry' | null; readonly segments: readonly number[]; readonly planes: Uint8Array };
  readonly 'structure-set': Omit<StructureSetDetail, 'object' | 'images'> & MarkedPlanes;
  readonly contours: ContoursOnImage;
  readonly 'presentation-state': PresentationStateContent;
  readonly display: Omit<ImageDisplay, 'imageId'>;
  readonly overlay: { readonly rows: number; readonly columns: number; readonly bits: Uint8Array | null };
  readonly colour: { readonly rows: number; readonly columns: number; readonly pixels: Uint8Array };
}
export type ObjectAnswer = ObjectAnswers[ObjectQuestion['about']];
