/** Draws layers over an image. Lines keep their width on the screen whatever the zoom; areas follow the pixels. */
import type { PresentationState } from '#contract';
import type { AnnotationLayer, Layer, ShutterLayer } from './layers.ts';
import type { OverlayState } from './overlay-state.ts';

export interface Place {
  /** From image points of the source image to device pixels of the canvas. */
  readonly matrix: DOMMatrix;
  readonly rows: number;
  readonly columns: number;
  /** Device pixels a CSS pixel. */
  readonly ratio: number;
}

const annotationColour = '#fff3a8';

export function drawLayers(context: CanvasRenderingContext2D, layers: readonly Layer[], place: Place, view: Pick<OverlayState, 'opacity' | 'style'>): void {
  const { matrix, ratio } = place;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.imageSmoothingEnabled = false;
  context.lineJoin = 'round';
  for (const layer of layers) {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = 1;
    if (layer.kind === 'area') {
      const onScreen = new Path2D();
      onScreen.addPath(layer.outline, matrix);
      const colour = `rgb(${layer.colour.join(' ')})`;
      if (view.style !== 'outline' && layer.fill) {
        context.globalAlpha = view.opacity;
        if (layer.fill.kind === 'path') {
          context.fillStyle = colour;
          context.fill(onScreen, layer.fill.rule);
        } else {
          context.setTransform(matrix);
          context.drawImage(layer.fill.canvas, layer.fill.at[0], layer.fill.at[1]);
          context.setTransform(1, 0, 0, 1, 0, 0);
        }
        context.globalAlpha = 1;
      }
      if (view.style !== 'fill') {
        // A dark rim under the colour: seen on white as on black.
        context.strokeStyle = 'rgb(0 0 0 / 55%)';
        context.lineWidth = 3 * ratio;
        context.stroke(onScreen);
        context.strokeStyle = colour;
        context.lineWidth = 1.5 * ratio;
        context.stroke(onScreen);
      }
    } else if (layer.kind === 'plane') {
      context.setTransform(matrix);
      context.drawImage(layer.canvas, layer.at[0], layer.at[1]);
    } else if (layer.kind === 'shutter') drawShutter(context, layer, place);
    else drawAnnotations(context, layer, place);
  }
}

/** What lies outside any shutter is covered. */
function drawShutter(context: CanvasRenderingContext2D, { state, bitmaps }: ShutterLayer, { matrix, rows, columns }: Place): void {
  context.setTransform(matrix);
  context.fillStyle = `rgb(${state.shutterColour.join(' ')})`;
  for (const shutter of state.shutters) {
    const path = new Path2D();
    // A pixel more on each side: smoothing lets the image's edge reach a little beyond itself.
    path.rect(-1, -1, columns + 2, rows + 2);
    if (shutter.shape === 'rectangle') path.rect(shutter.left, shutter.top, shutter.right - shutter.left + 1, shutter.bottom - shutter.top + 1);
    else if (shutter.shape === 'circle') {
      path.moveTo(shutter.centre[0] + 0.5 + shutter.radius, shutter.centre[1] + 0.5);
      path.arc(shutter.centre[0] + 0.5, shutter.centre[1] + 0.5, shutter.radius, 0, 2 * Math.PI);
    } else if (shutter.shape === 'polygon') {
      for (let i = 0; i + 1 < shutter.points.length; i += 2) {
        const [x, y] = [(shutter.points[i] as number) + 0.5, (shutter.points[i + 1] as number) + 0.5];
        if (i === 0) path.moveTo(x, y);
        else path.lineTo(x, y);
      }
      path.closePath();
    } else continue;
    context.fill(path, 'evenodd');
  }
  for (const bitmap of bitmaps) context.drawImage(bitmap.canvas, bitmap.at[0], bitmap.at[1]);
}

type Units = 'image' | 'display';

function drawAnnotations(context: CanvasRenderingContext2D, { state, imageId }: AnnotationLayer, place: Place): void {
  const { matrix, ratio } = place;
  const area = state.displayedAreas.find((one) => one.appliesTo === null || one.appliesTo.includes(imageId));
  /** A place of the state in device pixels. Display units span the displayed area. */
  const at = (x: number, y: number, units: Units): DOMPoint => {
    if (units === 'image') return matrix.transformPoint(new DOMPoint(x + 0.5, y + 0.5));
    const [left, top] = area?.topLeft ?? [0, 0];
    const [right, bottom] = area?.bottomRight ?? [place.columns - 1, place.rows - 1];
    return matrix.transformPoint(new DOMPoint(left + x * (right - left + 1), top + y * (bottom - top + 1)));
  };
  const order = new Map(state.layers.map((layer) => [layer.name, layer.order]));
  const sorted = [...state.annotations].sort((a, b) => (order.get(a.layer) ?? 0) - (order.get(b.layer) ?? 0));
  for (const annotation of sorted) {
    if (annotation.appliesTo !== null && !annotation.appliesTo.includes(imageId)) continue;
    const colour = state.layers.find((layer) => layer.name === annotation.layer)?.colour;
    const style = colour ? `rgb(${colour.join(' ')})` : annotationColour;
    for (const graphic of annotation.graphics) {
      const path = graphicPath(graphic, at);
      context.strokeStyle = 'rgb(0 0 0 / 60%)';
      context.lineWidth = 3.5 * ratio;
      context.stroke(path);
      context.strokeStyle = style;
      context.lineWidth = 1.5 * ratio;
      context.stroke(path);
      if (graphic.filled) {
        context.fillStyle = style;
        context.globalAlpha = 0.35;
        context.fill(path);
        context.globalAlpha = 1;
      }
    }
    for (const text of annotation.texts) drawText(context, text, at, style, ratio);
  }
}

type Text = PresentationState['annotations'][number]['texts'][number];
type Graphic = PresentationState['annotations'][number]['graphics'][number];
type At = (x: number, y: number, units: Units) => DOMPoint;

function drawText(context: CanvasRenderingContext2D, { text, box, anchor }: Text, at: At, style: string, ratio: number): void {
  const size = 13 * ratio;
  context.font = `${size}px sans-serif`;
  context.textBaseline = 'top';
  const lines = text.split(/\r\n|\r|\n/);
  let from: DOMPoint | null = null;
  if (box) {
    const a = at(box.topLeft[0], box.topLeft[1], box.units);
    const b = at(box.bottomRight[0], box.bottomRight[1], box.units);
    const [left, right] = [Math.min(a.x, b.x), Math.max(a.x, b.x)];
    context.textAlign = box.justify;
    from = new DOMPoint(box.justify === 'left' ? left : box.justify === 'right' ? right : (left + right) / 2, Math.min(a.y, b.y));
  }
  if (anchor) {
    const to = at(anchor.place[0], anchor.place[1], anchor.units);
    if (from && anchor.visible) {
      context.strokeStyle = style;
      context.lineWidth = ratio;
      context.beginPath();
      context.moveTo(from.x, from.y + size / 2);
      context.lineTo(to.x, to.y);
      context.stroke();
    }
    if (!from) {
      context.textAlign = 'left';
      from = new DOMPoint(to.x + 4 * ratio, to.y - size / 2);
    }
  }
  if (!from) return;
  for (const [i, line] of lines.entries()) {
    context.strokeStyle = 'rgb(0 0 0 / 80%)';
    context.lineWidth = 3 * ratio;
    context.strokeText(line, from.x, from.y + i * size * 1.2);
    context.fillStyle = style;
    context.fillText(line, from.x, from.y + i * size * 1.2);
  }
}

function graphicPath({ type, points, units }: Graphic, at: At): Path2D {
  const path = new Path2D();
  const place = (i: number): DOMPoint => at(points[i * 2] ?? 0, points[i * 2 + 1] ?? 0, units);
  const count = Math.floor(points.length / 2);
  if (type === 'point') {
    for (let i = 0; i < count; i += 1) {
      const { x, y } = place(i);
      path.moveTo(x + 3, y);
      path.arc(x, y, 3, 0, 2 * Math.PI);
    }
  } else if (type === 'circle' && count >= 2) {
    const [centre, edge] = [place(0), place(1)];
    const radius = Math.hypot(edge.x - centre.x, edge.y - centre.y);
    path.moveTo(centre.x + radius, centre.y);
    path.arc(centre.x, centre.y, radius, 0, 2 * Math.PI);
  } else if (type === 'ellipse' && count >= 4) {
    const [a, b, c, d] = [place(0), place(1), place(2), place(3)];
    path.ellipse((a.x + b.x) / 2, (a.y + b.y) / 2, Math.hypot(b.x - a.x, b.y - a.y) / 2, Math.hypot(d.x - c.x, d.y - c.y) / 2, Math.atan2(b.y - a.y, b.x - a.x), 0, 2 * Math.PI);
  } else if (type === 'curve' && count >= 3) smoothThrough(path, Array.from({ length: count }, (_v, i) => place(i)));
  else {
    for (let i = 0; i < count; i += 1) {
      const { x, y } = place(i);
      if (i === 0) path.moveTo(x, y);
      else path.lineTo(x, y);
    }
  }
  return path;
}

/** Catmull-Rom through the points, as Bézier pieces: the standard asks for a smooth line through them and names no kind. */
function smoothThrough(path: Path2D, points: readonly DOMPoint[]): void {
  const isClosed = points[0]?.x === points.at(-1)?.x && points[0]?.y === points.at(-1)?.y;
  const last = points.length - 1;
  const point = (i: number): DOMPoint => points[isClosed ? (i + last) % last : Math.max(0, Math.min(last, i))] as DOMPoint;
  path.moveTo(point(0).x, point(0).y);
  for (let i = 0; i < last; i += 1) {
    const [before, from, to, after] = [point(i - 1), point(i), point(i + 1), point(i + 2)];
    path.bezierCurveTo(from.x + (to.x - before.x) / 6, from.y + (to.y - before.y) / 6, to.x - (after.x - from.x) / 6, to.y - (after.y - from.y) / 6, to.x, to.y);
  }
}
