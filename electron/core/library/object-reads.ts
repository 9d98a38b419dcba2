/** The shape of the part of the library that reads objects beside plain images. */
import type { ImageContours, ImageDisplay, ObjectContent, PresentationState, SegmentationDetail, SeriesObject, StructureSetDetail, StudyObject } from '#contract';

/** A plane of bits, one byte each; `bits` null where the plane is not on the frame. */
export interface OverlayBits {
  readonly rows: number;
  readonly columns: number;
  readonly bits: Uint8Array | null;
}

/**
 * Each of these may throw ScanloomError `request/not-found`, `request/unsupported` for an object of another kind, `input/not-found`, `input/changed`, and `dicom/…` for what
 * the file itself has wrong.
 */
export interface ObjectReads {
  ofStudy(studyUid: string): StudyObject[];
  /** The file that was read for an object. */
  sourceFile(objectUid: string): { readonly path: string; readonly sha256: string };
  /** What can be laid over a series: objects that name it first, then those that only share its frame of reference. */
  ofSeries(seriesUid: string): SeriesObject[];
  content(objectUid: string): Promise<ObjectContent>;
  /** With a series: which of its images the object marks. */
  segmentation(objectUid: string, seriesUid?: string): Promise<SegmentationDetail>;
  /** One plane of the image's size a segment, one after the other. */
  masks(objectUid: string, imageId: string): Promise<{ readonly rows: number; readonly columns: number; readonly how: 'reference' | 'geometry' | null; readonly segments: readonly number[]; readonly planes: Uint8Array }>;
  structureSet(objectUid: string, seriesUid?: string): Promise<StructureSetDetail>;
  contours(objectUid: string, imageId: string): Promise<ImageContours>;
  presentationState(objectUid: string): Promise<PresentationState>;
  display(imageId: string): Promise<ImageDisplay>;
  imageOverlay(imageId: string, group: number): Promise<OverlayBits>;
  objectOverlay(objectUid: string, group: number): Promise<OverlayBits>;
  /** R, G, B of each pixel. */
  colour(imageId: string): Promise<{ readonly rows: number; readonly columns: number; readonly pixels: Uint8Array }>;
}
