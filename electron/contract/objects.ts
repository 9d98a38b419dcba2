/**
 * What a study holds beside plain images (segmentations, structure sets, presentation states, reports, documents …), and what an image's file says
 * of how to show it.
 *
 * Places in an image are `[column, row]` in pixels, `[0, 0]` the centre of the first pixel, whatever convention the file's own attribute has.
 * Colours are sRGB, 0…255.
 */
import { z } from 'zod';
import { Uid } from './ids.ts';
import { Window } from './study.ts';

export const ImageId = z.string().regex(/^[0-9.]{1,64}(:\d{1,6})?$/);
const Colour = z.tuple([z.int().min(0).max(255), z.int().min(0).max(255), z.int().min(0).max(255)]);
const Place = z.tuple([z.number(), z.number()]);
const Code = z.strictObject({ value: z.string(), scheme: z.string(), meaning: z.string() });

export const ObjectKind = z.enum([
  'segmentation', 'structure-set', 'presentation-state', 'report', 'key-objects', 'document', 'waveform', 'rt-plan', 'rt-dose', 'rt-record', 'registration',
  'fiducials', 'real-world-values', 'annotations', 'surface', 'parametric-map', 'spectroscopy', 'raw-data', 'protocol', 'other',
]);
export type ObjectKind = z.infer<typeof ObjectKind>;

/** An object that is no plain image, as a list shows it. */
export const StudyObject = z.strictObject({
  sopInstanceUid: Uid,
  sopClassUid: z.string().max(64),
  studyInstanceUid: Uid,
  seriesInstanceUid: Uid,
  kind: ObjectKind,
  /** The kind in words for people: `Segmentation`, `Structured report`, `PDF document`. */
  what: z.string(),
  /** Its own title: content label or description, document title, structure set label; '' when it has none. */
  title: z.string(),
  modality: z.string(),
  /** YYYYMMDD, and HHMMSS, as in the file; '' when absent. */
  date: z.string(),
  time: z.string(),
  seriesNumber: z.number().nullable(),
  seriesDescription: z.string(),
  /** It has pixels of its own and is a series of images as well (segmentations, dose grids, parametric maps). */
  isImage: z.boolean(),
  frameOfReferenceUid: z.string(),
  /** Series that it refers to. `images`: how many instances of that series; 0 means the whole series. */
  references: z.array(z.strictObject({ seriesInstanceUid: z.string(), images: z.int(), inLibrary: z.boolean() })),
  /** In words: references that point nowhere, what this program does not show of it. */
  notices: z.array(z.string()),
});
export type StudyObject = z.infer<typeof StudyObject>;

/** An object that can be laid over a series. `referenced`: it names the series or its images; `same-space`: it only shares the frame of reference. */
export const SeriesObject = z.strictObject({ object: StudyObject, relation: z.enum(['referenced', 'same-space']) });
export type SeriesObject = z.infer<typeof SeriesObject>;

/** What an object says, as indented lines: the content of a report, the channels of a waveform, the beams of a plan. Bounded. */
export const ObjectContent = z.strictObject({
  object: StudyObject,
  lines: z.array(z.strictObject({
    /** 0 is the outermost. */
    level: z.int().min(0),
    /** `contains`, `has properties`, … in a report; '' elsewhere. */
    relationship: z.string(),
    name: z.string(),
    value: z.string(),
  })),
  /** The content is longer than what is listed. */
  truncated: z.boolean(),
});
export type ObjectContent = z.infer<typeof ObjectContent>;

export const Segment = z.strictObject({
  number: z.int().min(0),
  label: z.string(),
  description: z.string(),
  /** `AUTOMATIC`, `SEMIAUTOMATIC`, `MANUAL` or ''. */
  algorithm: z.string(),
  algorithmName: z.string(),
  category: Code.nullable(),
  type: Code.nullable(),
  anatomy: z.array(Code),
  colour: Colour,
  /** `file`: Recommended Display CIELab Value or the object's palette; `chosen`: the file names none. */
  colourFrom: z.enum(['file', 'chosen']),
  trackingId: z.string(),
  /** Frames of the object in which it may occur. */
  frames: z.int(),
});
export type Segment = z.infer<typeof Segment>;

/** Which images of a series an object marks. `how`: the file names the image, or only its place says so. */
const Marked = z.strictObject({ imageId: ImageId, how: z.enum(['reference', 'geometry']), numbers: z.array(z.int()) });

export const SegmentationDetail = z.strictObject({
  object: StudyObject,
  type: z.enum(['binary', 'fractional', 'labelmap']),
  /** `PROBABILITY` or `OCCUPANCY` of a fractional one. */
  fractionalType: z.string(),
  segmentsOverlap: z.enum(['yes', 'no', 'unknown']),
  rows: z.int(),
  columns: z.int(),
  frames: z.int(),
  segments: z.array(Segment),
  /** False where masks cannot be laid over images (tiled slides, no geometry and no references); `notices` say why. */
  canOverlay: z.boolean(),
  /** With `?seriesUid=`: images of that series that have a mask and the numbers of the segments in it; else empty. */
  images: z.array(Marked),
  notices: z.array(z.string()),
});
export type SegmentationDetail = z.infer<typeof SegmentationDetail>;

export const StructureSetDetail = z.strictObject({
  object: StudyObject,
  label: z.string(),
  rois: z.array(z.strictObject({
    number: z.int(),
    name: z.string(),
    description: z.string(),
    colour: Colour,
    colourFrom: z.enum(['file', 'chosen']),
    /** RT ROI Interpreted Type: `GTV`, `ORGAN`, … or ''. */
    interpretedType: z.string(),
    algorithm: z.string(),
    contours: z.int(),
    /** `evenodd` where holes are made by combining contours (CLOSEDPLANAR_XOR), else `nonzero`. */
    fill: z.enum(['evenodd', 'nonzero']),
  })),
  /** With `?seriesUid=`: images of that series on which ROIs have contours. */
  images: z.array(Marked),
  notices: z.array(z.string()),
});
export type StructureSetDetail = z.infer<typeof StructureSetDetail>;

/** The contours of a structure set on one image. */
export const ImageContours = z.strictObject({
  imageId: ImageId,
  how: z.enum(['reference', 'geometry']),
  rois: z.array(z.strictObject({
    number: z.int(),
    contours: z.array(z.strictObject({
      type: z.enum(['closed', 'open', 'point']),
      /** column, row, column, row, … */
      points: z.array(z.number()),
    })),
  })),
});
export type ImageContours = z.infer<typeof ImageContours>;

/** A look-up table: output for input `first`, `first + 1`, …; inputs outside take the first or last value. Outputs are `bits` wide. */
export const LookupTable = z.strictObject({ explanation: z.string(), first: z.int(), bits: z.int().min(8).max(16), values: z.array(z.int()) });
export type LookupTable = z.infer<typeof LookupTable>;

/** One of a file's ways to show its values: a window, or a VOI look-up table. */
export const Voi = z.union([z.strictObject({ window: Window }), z.strictObject({ table: LookupTable })]);
export type Voi = z.infer<typeof Voi>;

/** One overlay plane (60xx). Its bits come from `imageOverlay`. */
export const OverlayPlane = z.strictObject({
  /** 0x6000 to 0x601e, as a number. */
  group: z.int(),
  type: z.enum(['graphics', 'roi']),
  label: z.string(),
  description: z.string(),
  rows: z.int(),
  columns: z.int(),
  /** Place of the overlay's first pixel in the image; may lie outside. */
  origin: Place,
  /** Bits that were stored in unused bits of the pixels. */
  embedded: z.boolean(),
});
export type OverlayPlane = z.infer<typeof OverlayPlane>;

/** How one image asks to be shown, beyond its ImageMeta. */
export const ImageDisplay = z.strictObject({
  imageId: ImageId,
  /** A Modality LUT table is applied already to the values of the pixel route; its type in words (`HU`, `OD`, `US` unspecified). */
  modalityTable: z.strictObject({ type: z.string(), explanation: z.string() }).nullable(),
  /** All the file's windows and tables, in its order, windows first. */
  voi: z.array(Voi),
  /** Dark and bright are exchanged: MONOCHROME1, or Presentation LUT Shape INVERSE. */
  inverted: z.boolean(),
  overlays: z.array(OverlayPlane),
  notices: z.array(z.string()),
});
export type ImageDisplay = z.infer<typeof ImageDisplay>;

/** The images that a part of a presentation state holds for; null: all that it refers to. */
const AppliesTo = z.array(ImageId).nullable();
/** `image`: [column, row] in pixels. `display`: fractions of the displayed area, [0, 0] its upper left and [1, 1] its lower right corner. */
const Units = z.enum(['image', 'display']);

export const PresentationState = z.strictObject({
  object: StudyObject,
  label: z.string(),
  description: z.string(),
  creator: z.string(),
  /** Images of the library that it refers to. */
  imageIds: z.array(ImageId),
  /** Stands in for the image's own step from stored values to units; null: windows and tables hold for stored values as they are (PS3.4 N.2.1). */
  modality: z.union([z.strictObject({ slope: z.number(), intercept: z.number(), type: z.string() }), z.strictObject({ table: LookupTable })]).nullable(),
  voi: z.array(z.strictObject({ appliesTo: AppliesTo, voi: Voi })),
  /** How grey comes out of the VOI step; `table` maps it further. */
  presentation: z.union([z.strictObject({ shape: z.enum(['identity', 'inverse']) }), z.strictObject({ table: LookupTable })]),
  /** Turned clockwise by `rotation` degrees, then mirrored left to right (`flip`): PS3.3 C.10.6. */
  transformation: z.strictObject({ rotation: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]), flip: z.boolean() }),
  displayedAreas: z.array(z.strictObject({
    appliesTo: AppliesTo,
    /** Centres of the first and last pixel shown; may lie outside the image. */
    topLeft: Place,
    bottomRight: Place,
    mode: z.enum(['SCALE TO FIT', 'TRUE SIZE', 'MAGNIFY']),
    magnification: z.number().nullable(),
    /** Height of a pixel divided by its width. */
    pixelAspect: z.number().nullable(),
  })),
  /** What lies outside any of them is covered with `colour`. */
  shutters: z.array(z.discriminatedUnion('shape', [
    /** The last columns and rows that are still shown. */
    z.strictObject({ shape: z.literal('rectangle'), left: z.number(), right: z.number(), top: z.number(), bottom: z.number() }),
    z.strictObject({ shape: z.literal('circle'), centre: Place, radius: z.number() }),
    z.strictObject({ shape: z.literal('polygon'), points: z.array(z.number()) }),
    /** Covered where the overlay plane of this group (in the presentation state, `objectOverlay`) is 1. */
    z.strictObject({ shape: z.literal('bitmap'), group: z.int() }),
  ])),
  shutterColour: Colour,
  /** Overlay planes that the state brings itself, and groups of the images' own planes that it switches on. */
  overlays: z.array(OverlayPlane),
  imageOverlayGroups: z.array(z.int()),
  /** From the bottom up. */
  layers: z.array(z.strictObject({ name: z.string(), order: z.int(), description: z.string(), colour: Colour.nullable() })),
  annotations: z.array(z.strictObject({
    appliesTo: AppliesTo,
    layer: z.string(),
    texts: z.array(z.strictObject({
      text: z.string(),
      box: z.strictObject({ topLeft: Place, bottomRight: Place, units: Units, justify: z.enum(['left', 'center', 'right']) }).nullable(),
      anchor: z.strictObject({ place: Place, units: Units, visible: z.boolean() }).nullable(),
    })),
    graphics: z.array(z.strictObject({
      /** circle: centre and a point on it; ellipse: the ends of the major, then of the minor axis; curve: a smooth line through the points. */
      type: z.enum(['point', 'polyline', 'curve', 'circle', 'ellipse']),
      /** column, row, … */
      points: z.array(z.number()),
      filled: z.boolean(),
      units: Units,
    })),
  })),
  notices: z.array(z.string()),
});
export type PresentationState = z.infer<typeof PresentationState>;

/** Headers of a mask answer beside the pixel headers: the numbers of the segments, one plane each, and how image and mask were matched. */
export const maskHeaders = { segments: 'x-scanloom-segments', how: 'x-scanloom-how' } as const;
