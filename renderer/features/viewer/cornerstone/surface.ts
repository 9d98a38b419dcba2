/**
 * One drawing surface: an element that cornerstone-core draws into, in device pixels. All the rest of the page speaks to the library through
 * this class: what to show, how it is windowed and turned, and where a point of the image lies on the screen.
 */
import { EVENTS, canvasToPixel, disable, displayImage, enable, getEnabledElement, loadImage, pixelToCanvas, registerImageLoader, resize, setViewport } from 'cornerstone-core';
import type { Image, ImageLoader } from 'cornerstone-core';
import { frames } from '../frames/pixel-address.ts';
import { fitScale, screenShape } from '../geometry/fit.ts';
import type { ImageSize } from '../geometry/fit.ts';
import type { Turn } from '../geometry/orientation.ts';
import type { Point } from '../measure/roi.ts';
import type { LookupTable } from '#contract';
import { linearRamp } from '../window/window.ts';
import type { Voi } from '../window/window.ts';
import { toneOf } from '../window/tone.ts';
import type { ColourMap } from '../window/tone.ts';
import type { ModalityStep } from '../window/presentation-step.ts';
import { imageObject, toneFor, tonedObject } from './image-object.ts';

/** How an image is shown, in terms that do not depend on the matrix or the window's size, so that linked views can share it. */
export interface Presentation extends Turn {
  readonly voi: Voi;
  /** A VOI table in place of the window. */
  readonly table: LookupTable | null;
  /** A presentation state's own modality step before the window, and its table after it; null where it has none. */
  readonly step: ModalityStep | null;
  readonly last: LookupTable | null;
  readonly colourMap: ColourMap;
  readonly invert: boolean;
  /** 1 = the whole image just fits. */
  readonly zoom: number;
  /** Shift along the screen's axes as a share of the image's columns and rows. */
  readonly pan: Point;
  /** Nearest pixel instead of smooth. */
  readonly pixelated: boolean;
}

let registered = false;
function registerLoader(): void {
  if (registered) return;
  registered = true;
  const loader = (imageId: string) => ({ promise: frames.get(imageId).then((frame) => imageObject(imageId, frame)) });
  // The typings want a function that can be cancelled; cancelling is the frame store's business.
  registerImageLoader('scanloom', loader as unknown as ImageLoader);
}

export class Surface {
  readonly #outer: HTMLElement;
  readonly #element: HTMLDivElement;
  readonly #onRendered: (renderMs: number) => void;
  #wanted = '';
  #size: ImageSize | null = null;
  #presentation: Presentation | null = null;
  #image: Image | null = null;
  #disposed = false;

  constructor(outer: HTMLElement, onRendered: (renderMs: number) => void) {
    registerLoader();
    this.#outer = outer;
    this.#onRendered = onRendered;
    this.#element = document.createElement('div');
    this.#element.style.position = 'absolute';
    this.#element.style.transformOrigin = '0 0';
    outer.append(this.#element);
    this.#fitElement();
    enable(this.#element);
    this.#element.addEventListener(EVENTS.IMAGE_RENDERED, this.#rendered);
  }

  readonly #rendered = (event: Event): void => {
    const detail = (event as CustomEvent<{ renderTimeInMs: number }>).detail;
    this.#onRendered(detail.renderTimeInMs);
  };

  get #ratio(): number {
    return window.devicePixelRatio || 1;
  }

  /** The library draws in CSS pixels only; an element larger by the device's ratio and shrunk by as much makes them device pixels. */
  #fitElement(): void {
    const ratio = this.#ratio;
    this.#element.style.width = `${Math.max(1, Math.round(this.#outer.clientWidth * ratio))}px`;
    this.#element.style.height = `${Math.max(1, Math.round(this.#outer.clientHeight * ratio))}px`;
    this.#element.style.transform = `scale(${1 / ratio})`;
  }

  /**
   * Shows pixels by name. Resolves true when they are on the surface, false when something else was asked for meanwhile.
   * @throws what the fetch threw.
   */
  async show(imageId: string, size: ImageSize, presentation: Presentation): Promise<boolean> {
    this.#wanted = imageId;
    const image: Image = await loadImage(imageId);
    if (this.#disposed || this.#wanted !== imageId) return false;
    this.#size = size;
    // Spacing is of the image's place in its series, not of the pixels: set when shown.
    image.rowPixelSpacing = size.spacingMm?.[0] ?? 1;
    image.columnPixelSpacing = size.spacingMm?.[1] ?? 1;
    this.#image = image;
    this.apply(presentation);
    return true;
  }

  /** Redraws with another window, zoom or turn. */
  apply(presentation: Presentation): void {
    this.#presentation = presentation;
    const plain = this.#image;
    const enabled = getEnabledElement(this.#element);
    if (!plain || !enabled.canvas || !this.#size) return;
    const isDifference = plain.imageId.startsWith('scanloom:difference/');
    const tone = toneOf(presentation.voi, presentation.table, presentation.colourMap, presentation.invert, presentation.step, presentation.last);
    const wanted = (tone ? tonedObject(plain) : null) ?? plain;
    wanted.rowPixelSpacing = plain.rowPixelSpacing;
    wanted.columnPixelSpacing = plain.columnPixelSpacing;
    if (tone) toneFor.set(this.#element, tone);
    if (enabled.image !== wanted) displayImage(this.#element, wanted);
    const voi = isDifference ? presentation.voi : linearRamp(presentation.voi);
    setViewport(this.#element, {
      scale: this.#scale(enabled.canvas),
      translation: { x: presentation.pan.x * this.#size.columns, y: presentation.pan.y * this.#size.rows },
      voi: { windowCenter: voi.center, windowWidth: voi.width },
      invert: presentation.invert,
      rotation: presentation.rotation,
      hflip: presentation.hflip,
      vflip: presentation.vflip,
      pixelReplication: presentation.pixelated,
    });
  }

  #scale(canvas: { width: number; height: number }): number {
    if (!this.#size || !this.#presentation) return 1;
    return fitScale(canvas, this.#size, this.#presentation.rotation) * this.#presentation.zoom;
  }

  /** The canvas in device pixels. */
  get canvasSize(): { readonly width: number; readonly height: number } | null {
    const { canvas } = getEnabledElement(this.#element);
    return canvas ? { width: canvas.width, height: canvas.height } : null;
  }

  /** CSS pixels per image pixel of the smaller spacing; 0 while nothing is shown. */
  get scale(): number {
    const canvas = getEnabledElement(this.#element).canvas;
    return canvas && this.#size ? this.#scale(canvas) / this.#ratio : 0;
  }

  /** Pan (as in Presentation) that a movement of CSS pixels on the screen is. */
  panOf(dx: number, dy: number): Point {
    if (!this.#size || !this.#presentation) return { x: 0, y: 0 };
    const shape = screenShape(this.#size, this.#presentation);
    const scale = this.scale;
    return { x: dx / (scale * shape.x * this.#size.columns), y: dy / (scale * shape.y * this.#size.rows) };
  }

  /** Image point under a point of the surface, CSS pixels from its top left. */
  toImage(x: number, y: number): Point | null {
    if (!getEnabledElement(this.#element).image) return null;
    const at = canvasToPixel(this.#element, { x: x * this.#ratio, y: y * this.#ratio, _canvasCoordinateBrand: '' });
    return { x: at.x, y: at.y };
  }

  /** Where an image point lies, CSS pixels from the top left. */
  toScreen(point: Point): Point | null {
    if (!getEnabledElement(this.#element).image) return null;
    const at = pixelToCanvas(this.#element, { x: point.x, y: point.y, _pixelCoordinateBrand: '' });
    return { x: at.x / this.#ratio, y: at.y / this.#ratio };
  }

  /** To be called when the element's place on the page changed its size. */
  resized(): void {
    this.#fitElement();
    resize(this.#element, false);
    if (this.#presentation) this.apply(this.#presentation);
  }

  dispose(): void {
    this.#disposed = true;
    this.#element.removeEventListener(EVENTS.IMAGE_RENDERED, this.#rendered);
    disable(this.#element);
    this.#element.remove();
  }
}
