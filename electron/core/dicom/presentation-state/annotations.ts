/** Graphic annotations and their layers: PS3.3 C.10.5, C.10.7. */
import { rgbOfCielab } from '../cielab.ts';
import type { DataSet } from '../data-set.ts';
import { appliesToOf } from './image-references.ts';
import type { PresentationStateContent } from './types.ts';

type Annotation = PresentationStateContent['annotations'][number];
type Graphic = Annotation['graphics'][number];
type Text = Annotation['texts'][number];

/** A state with more was not drawn by hand. */
const largestPointCount = 1_000_000;
const graphicTypes: Readonly<Record<string, Graphic['type']>> = { POINT: 'point', POLYLINE: 'polyline', INTERPOLATED: 'curve', CIRCLE: 'circle', ELLIPSE: 'ellipse' };

export function layersOf(dataset: DataSet): PresentationStateContent['layers'] {
  return dataset.sequence('GraphicLayerSequence').map((item) => {
    const grey = item.number('GraphicLayerRecommendedDisplayGrayscaleValue');
    const level = grey === null ? null : Math.round((grey / 65_535) * 255);
    const colour = rgbOfCielab(item.numbers('GraphicLayerRecommendedDisplayCIELabValue')) ?? (level === null ? null : ([level, level, level] as const));
    return { name: item.string('GraphicLayer'), order: item.number('GraphicLayerOrder') ?? 0, description: item.string('GraphicLayerDescription'), colour: colour === null ? null : [colour[0], colour[1], colour[2]] as [number, number, number] };
  }).sort((a, b) => a.order - b.order);
}

export function annotationsOf(dataset: DataSet, notices: string[]): Annotation[] {
  let points = 0;
  let left = 0;
  const annotations = dataset.sequence('GraphicAnnotationSequence').map((item): Annotation => {
    left += item.sequence('CompoundGraphicSequence').length;
    return {
      appliesTo: appliesToOf(item),
      layer: item.string('GraphicLayer'),
      texts: item.sequence('TextObjectSequence').map(textOf),
      graphics: item.sequence('GraphicObjectSequence').flatMap((graphic): Graphic[] => {
        const type = graphicTypes[graphic.string('GraphicType')];
        const data = graphic.numbers('GraphicData');
        points += data.length / 2;
        if (type === undefined || data.length < 2 || data.length % 2 !== 0 || !data.every(Number.isFinite) || points > largestPointCount) {
          left += 1;
          return [];
        }
        const units = unitsOf(graphic.string('GraphicAnnotationUnits'));
        return [{ type, points: data.map((value) => placed(value, units)), filled: graphic.string('GraphicFilled') === 'Y', units }];
      }),
    };
  });
  if (left > 0) notices.push(`${left} graphic${left === 1 ? '' : 's'} of this state cannot be drawn.`);
  return annotations;
}

function unitsOf(word: string): 'image' | 'display' {
  return word === 'DISPLAY' ? 'display' : 'image';
}

/** In PIXEL units 0\0 is the upper left corner of the first pixel, whose centre is our origin (C.10.5.1.2). */
function placed(value: number, units: 'image' | 'display'): number {
  return units === 'image' ? value - 0.5 : value;
}

function placeOf(dataset: DataSet, key: string, units: 'image' | 'display'): [number, number] | null {
  const [column, row] = dataset.numbers(key);
  return column === undefined || row === undefined || !Number.isFinite(column) || !Number.isFinite(row) ? null : [placed(column, units), placed(row, units)];
}

function textOf(item: DataSet): Text {
  const boxUnits = unitsOf(item.string('BoundingBoxAnnotationUnits'));
  const anchorUnits = unitsOf(item.string('AnchorPointAnnotationUnits'));
  const topLeft = placeOf(item, 'BoundingBoxTopLeftHandCorner', boxUnits);
  const bottomRight = placeOf(item, 'BoundingBoxBottomRightHandCorner', boxUnits);
  const anchor = placeOf(item, 'AnchorPoint', anchorUnits);
  const justify = item.string('BoundingBoxTextHorizontalJustification').toLowerCase();
  return {
    text: item.string('UnformattedTextValue'),
    box: topLeft === null || bottomRight === null ? null : { topLeft, bottomRight, units: boxUnits, justify: justify === 'center' || justify === 'right' ? justify : 'left' },
    anchor: anchor === null ? null : { place: anchor, units: anchorUnits, visible: item.string('AnchorPointVisibility') !== 'N' },
  };
}
