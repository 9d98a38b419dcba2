/** One image with its boxes: choose one by a click, draw one by a drag. Coordinates are pixels of the image, whatever size it is shown in. */
import { useState } from 'react';
import type { PointerEvent, ReactNode } from 'react';
import type { ImageAtRisk } from '#contract';
import { urls } from '../../client/index.ts';
import type { BoxDecision } from './review-boxes.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

function pointOf(event: PointerEvent<SVGSVGElement>): Point | null {
  const matrix = event.currentTarget.getScreenCTM();
  if (matrix === null) return null;
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
  return { x, y };
}

export function BoxedImage({ image, boxes, chosen, preview, onChoose, onDraw }: { image: ImageAtRisk; boxes: readonly BoxDecision[]; chosen: number; preview: boolean; onChoose(index: number): void; onDraw(from: Point, to: Point): void }): ReactNode {
  const [drag, setDrag] = useState<{ readonly from: Point; readonly to: Point } | null>(null);
  const [failed, setFailed] = useState(false);
  const { rows, columns } = image;
  return (
    <svg
      className="boxed-image"
      viewBox={`0 0 ${columns} ${rows}`}
      role="img"
      aria-label={`Image with ${boxes.filter(({ kept }) => kept).length} boxes`}
      data-testid="boxed-image"
      onPointerDown={(event) => {
        const point = pointOf(event);
        if (event.button !== 0 || point === null) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ from: point, to: point });
      }}
      onPointerMove={(event) => {
        const point = drag === null ? null : pointOf(event);
        if (drag !== null && point !== null) setDrag({ from: drag.from, to: point });
      }}
      onPointerUp={(event) => {
        const point = pointOf(event);
        if (drag === null) return;
        setDrag(null);
        if (point === null) return;
        if (Math.hypot(point.x - drag.from.x, point.y - drag.from.y) * (event.currentTarget.getScreenCTM()?.a ?? 1) > 4) onDraw(drag.from, point);
        else {
          // The smallest box under the pointer: one that lies in another can be reached.
          const under = boxes.map(({ box }, index) => ({ box, index })).filter(({ box }) => point.x >= box.column && point.x < box.column + box.width && point.y >= box.row && point.y < box.row + box.height);
          under.sort((a, b) => a.box.width * a.box.height - b.box.width * b.box.height);
          if (under[0] !== undefined) onChoose(under[0].index);
        }
      }}
      onPointerCancel={() => setDrag(null)}
    >
      {failed ? <text x={columns / 2} y={rows / 2} textAnchor="middle" className="boxed-missing" fontSize={rows / 20}>The picture cannot be shown.</text> : <image href={urls.imagePicture(image.imageId)} width={columns} height={rows} preserveAspectRatio="none" onError={() => setFailed(true)} />}
      {boxes.map(({ box, kept, own }, index) => (
        <g key={`${box.column} ${box.row} ${box.width} ${box.height}`} className={`text-box ${kept ? 'kept' : 'dropped'} ${own ? 'own' : ''} ${index === chosen ? 'chosen' : ''}`} data-testid="text-box" data-kept={kept}>
          <rect x={box.column} y={box.row} width={box.width} height={box.height} className={preview && kept ? 'black' : ''} vectorEffect="non-scaling-stroke" />
          {kept ? null : <line x1={box.column} y1={box.row} x2={box.column + box.width} y2={box.row + box.height} vectorEffect="non-scaling-stroke" />}
        </g>
      ))}
      {drag === null ? null : <rect className="drawing" x={Math.min(drag.from.x, drag.to.x)} y={Math.min(drag.from.y, drag.to.y)} width={Math.abs(drag.to.x - drag.from.x)} height={Math.abs(drag.to.y - drag.from.y)} vectorEffect="non-scaling-stroke" />}
    </svg>
  );
}
