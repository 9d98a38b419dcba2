/** Display shutters: PS3.3 C.7.6.11 and C.7.6.15. What lies outside is covered. */
import type { Rgb } from '../cielab.ts';
import { rgbOfCielab } from '../cielab.ts';
import type { DataSet } from '../data-set.ts';
import type { PresentationStateContent } from './types.ts';

type Shutter = PresentationStateContent['shutters'][number];

/** Rows and columns in these attributes count from 1. */
export function shuttersOf(dataset: DataSet, notices: string[]): { readonly shutters: Shutter[]; readonly colour: Rgb & [number, number, number] } {
  const shutters = dataset.strings('ShutterShape').flatMap((shape): Shutter[] => {
    switch (shape.toUpperCase()) {
      case 'RECTANGULAR': {
        const [left, right, top, bottom] = ['ShutterLeftVerticalEdge', 'ShutterRightVerticalEdge', 'ShutterUpperHorizontalEdge', 'ShutterLowerHorizontalEdge'].map((key) => dataset.number(key));
        return left == null || right == null || top == null || bottom == null ? [] : [{ shape: 'rectangle', left: left - 1, right: right - 1, top: top - 1, bottom: bottom - 1 }];
      }
      case 'CIRCULAR': {
        const [row, column] = dataset.numbers('CenterOfCircularShutter');
        const radius = dataset.number('RadiusOfCircularShutter');
        return row === undefined || column === undefined || radius === null ? [] : [{ shape: 'circle', centre: [column - 1, row - 1], radius }];
      }
      case 'POLYGONAL': {
        const vertices = dataset.numbers('VerticesOfThePolygonalShutter');
        if (vertices.length < 6 || vertices.length % 2 !== 0) return [];
        const points: number[] = [];
        for (let i = 0; i < vertices.length; i += 2) points.push(vertices[i + 1]! - 1, vertices[i]! - 1);
        return [{ shape: 'polygon', points }];
      }
      case 'BITMAP': {
        const group = dataset.number('ShutterOverlayGroup');
        return group === null ? [] : [{ shape: 'bitmap', group }];
      }
      default:
        notices.push(`A shutter of the shape ${shape.slice(0, 32)} is not drawn.`);
        return [];
    }
  });
  // P-values: 0 is black, FFFF white.
  const grey = Math.round(((dataset.number('ShutterPresentationValue') ?? 0) / 65_535) * 255);
  const colour = rgbOfCielab(dataset.numbers('ShutterPresentationColorCIELabValue')) ?? ([grey, grey, grey] as const);
  return { shutters, colour: [colour[0], colour[1], colour[2]] };
}
