/** What objects bring for single images, fetched once and kept within a bound: masks, contours, overlay planes, display tables. */
import type { ImageContours, ImageDisplay, PresentationState, SegmentationDetail, StructureSetDetail } from '#contract';
import { call, fetchMasks, fetchPixels, urls } from '../../../client/index.ts';
import type { MaskAnswer } from '../../../client/index.ts';

/** Promises by name; the least recently used go. A failure is not kept, so that it is tried again. */
class Kept<T> {
  readonly #values = new Map<string, Promise<T>>();
  readonly #most: number;
  constructor(most: number) {
    this.#most = most;
  }
  get(key: string, make: () => Promise<T>): Promise<T> {
    const value = this.#values.get(key) ?? make();
    this.#values.delete(key);
    this.#values.set(key, value);
    value.catch(() => this.#values.delete(key));
    if (this.#values.size > this.#most) this.#values.delete(this.#values.keys().next().value as string);
    return value;
  }
}

const segmentations = new Kept<SegmentationDetail>(50);
const structureSets = new Kept<StructureSetDetail>(50);
const states = new Kept<PresentationState>(50);
const masks = new Kept<MaskAnswer>(150);
const contours = new Kept<ImageContours>(500);
const displays = new Kept<ImageDisplay>(2000);
const planes = new Kept<Uint8Array>(100);

export const objectStore = {
  segmentation: (objectUid: string, seriesUid: string) => segmentations.get(`${objectUid}|${seriesUid}`, () => call('getSegmentation', { params: { objectUid }, query: { seriesUid } })),
  structureSet: (objectUid: string, seriesUid: string) => structureSets.get(`${objectUid}|${seriesUid}`, () => call('getStructureSet', { params: { objectUid }, query: { seriesUid } })),
  presentationState: (objectUid: string) => states.get(objectUid, () => call('getPresentationState', { params: { objectUid } })),
  masks: (objectUid: string, imageId: string) => masks.get(`${objectUid}|${imageId}`, () => fetchMasks(objectUid, imageId)),
  contours: (objectUid: string, imageId: string) => contours.get(`${objectUid}|${imageId}`, () => call('getContours', { params: { objectUid, imageId } })),
  display: (imageId: string) => displays.get(imageId, () => call('getImageDisplay', { params: { imageId } })),
  imagePlane: (imageId: string, group: number) => planes.get(`${imageId}|${group}`, async () => new Uint8Array((await fetchPixels(urls.imageOverlay(imageId, group))).bytes)),
  objectPlane: (objectUid: string, group: number) => planes.get(`${objectUid}|${group}`, async () => new Uint8Array((await fetchPixels(urls.objectOverlay(objectUid, group))).bytes)),
};
