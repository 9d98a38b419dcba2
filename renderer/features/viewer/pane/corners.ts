/** The words in the four corners of a viewport. Pure. */
import type { ImageMeta } from '#contract';
import { dicomDate, millimetres, number, personName } from '../../../ui/format.ts';
import { valueAt } from '../frames/frame.ts';
import { windowDigits } from '../window/window.ts';
import { imageDrawn, modalityStep, tableOf, windowOf } from './pane-state.ts';
import type { PaneState } from './pane-state.ts';

export interface Corners {
  readonly topLeft: readonly string[];
  readonly topRight: readonly string[];
  readonly bottomLeft: readonly string[];
  readonly bottomRight: readonly string[];
}

const hidden = '•••••';

/**
 * Top left who and what, top right scanner and exposure, bottom left window, size and zoom, bottom right place and thickness.
 * @param options.scale CSS pixels an image pixel. @param options.linked Words of the link, when there is one.
 */
export function cornersOf(state: PaneState, options: { hideIdentifiers: boolean; scale: number; linked: string | null; limit: number | null }): Corners {
  const image = imageDrawn(state);
  const { stack } = state;
  if (!stack || !image) return { topLeft: [], topRight: [], bottomLeft: [], bottomRight: [] };
  const { meta } = image;
  const { study, series, item } = stack;
  const isSynthetic = item?.provenance === 'synthetic';
  const who = study
    ? [options.hideIdentifiers ? hidden : personName(study.patientName), [options.hideIdentifiers ? hidden : study.patientId, study.patientSex, options.hideIdentifiers ? '' : dicomDate(study.patientBirthDate)].filter(Boolean).join(' · ')]
    : [];
  const topLeft = [
    ...(isSynthetic ? [`no patient · seed ${item.seed ?? '–'}/${item.index}`] : [who[0] === who[1] ? '' : (who[0] ?? ''), who[1] ?? '']),
    ...(study && !isSynthetic ? [[options.hideIdentifiers ? '' : dicomDate(study.studyDate), study.description].filter(Boolean).join(' · ')] : []),
    stack.title,
    [series?.seriesNumber == null ? '' : `${item ? 'from ' : ''}Se ${series.seriesNumber}`, `Im ${(state.shown?.index ?? state.index) + 1}/${stack.images.length}`, timePointWords(state), diffusionWords(state, meta), meta.instanceNumber === null || isSynthetic ? '' : `No ${meta.instanceNumber}`].filter(Boolean).join('  '),
  ].filter(Boolean);
  const topRight = [
    item ? `${item.packageId} ${item.packageVersion}` : '',
    series && !isSynthetic ? [series.manufacturer, series.model].filter(Boolean).join(' ') : '',
    [stack.modality, meta.kvp === null ? '' : `${number(meta.kvp)} kV`, meta.repetitionTimeMs === null ? '' : `TR ${number(meta.repetitionTimeMs)}`, meta.echoTimeMs === null ? '' : `TE ${number(meta.echoTimeMs, 1)}`].filter(Boolean).join(' · '),
    options.linked ?? '',
  ].filter(Boolean);
  const voi = windowOf(state);
  const table = tableOf(state);
  const digits = windowDigits(voi.width);
  const isDifference = image.source !== null && state.shown?.pixels === image.source.difference;
  const unit = meta.unit === '' ? '' : ` ${meta.unit}`;
  const turned = [state.rotation === 0 ? '' : `turned ${state.rotation}°`, state.hflip !== state.vflip ? 'mirrored' : '', state.invert ? 'inverted' : ''].filter(Boolean).join(' · ');
  const bottomLeft = [
    probeText(state),
    turned,
    isDifference ? `difference  ±${String(Number((options.limit ?? 0).toPrecision(2)))}${unit}` : (state.shown?.frame.samples ?? meta.samplesPerPixel) > 1 ? 'colour' : table !== null ? `table: ${table.explanation || 'without a name'}` : `W ${number(voi.width, digits)}  L ${number(voi.center, digits)}${voi.function === 'SIGMOID' ? '  sigmoid' : ''}`,
    modalityStep(state, image) === null ? '' : 'values of the presentation state',
    ...suvWindow(meta, voi, isDifference || table !== null),
    `${meta.columns} × ${meta.rows}  zoom ${number(options.scale, 2)}${state.cineFps === null ? '' : `  cine ${number(state.cineFps, Number.isInteger(state.cineFps) ? 0 : 1)}/s`}`,
  ].filter(Boolean);
  const spacing = meta.pixelSpacingMm;
  const bottomRight = [
    meta.positionAlongNormalMm === null ? '' : `${isAxial(meta.orientation) ? 'z' : 'pos'} ${number(meta.positionAlongNormalMm, 1)} mm`,
    meta.sliceThicknessMm === null ? '' : `T ${millimetres(meta.sliceThicknessMm)} mm`,
    meta.spacingAtDetector === true ? 'sizes at the detector' : '',
    meta.regions?.some((region) => region.spacingMm !== null) === true ? 'sizes by region' : spacing === null ? 'no pixel size' : `${millimetres(spacing[1])} × ${millimetres(spacing[0])} mm`,
  ].filter(Boolean);
  return { topLeft, topRight, bottomLeft, bottomRight };
}

/** `point 2/4` of a stack in which every place is there several times. */
function timePointWords({ stack, shown, index }: PaneState): string {
  if (stack === null || stack.timePoints < 2) return '';
  return `point ${Math.floor((shown?.index ?? index) / (stack.images.length / stack.timePoints)) + 1}/${stack.timePoints}`;
}

/** `b 1000 (−1.00, 0.03, 0.00)`: weighting and direction (LPS) of a diffusion image; `b 0` only beside others, since many scanners write it everywhere. */
function diffusionWords({ stack }: PaneState, { diffusion }: ImageMeta): string {
  if (diffusion === undefined || (diffusion.bValue === 0 && stack?.series?.oddities.includes('diffusion') !== true)) return '';
  const { bValue, direction } = diffusion;
  return `b ${number(bValue)}${direction === undefined ? '' : ` (${direction.map((cosine) => number(cosine, 2)).join(', ')})`}`;
}

/** The window's ends in SUV, which PET is read in. */
function suvWindow(meta: { readonly suv?: { readonly factor: number | null } | undefined; readonly unit: string }, voi: { readonly center: number; readonly width: number }, isOther: boolean): string[] {
  const factor = meta.suv?.factor ?? null;
  if (factor === null || isOther || meta.unit === 'SUV') return [];
  return [`SUVbw ${number((voi.center - voi.width / 2) * factor, 1)} … ${number((voi.center + voi.width / 2) * factor, 1)}`];
}

function isAxial(orientation: readonly number[] | null): boolean {
  if (orientation === null) return false;
  const z = (orientation[0] as number) * (orientation[4] as number) - (orientation[1] as number) * (orientation[3] as number);
  return Math.abs(z) > 0.999;
}

/** `SUV 2.31` of a PET value where the file allows it; '' elsewhere. Body weight is what the factor was made with. */
export function suvText(meta: { readonly suv?: { readonly factor: number | null } | undefined; readonly unit: string }, value: number): string {
  const factor = meta.suv?.factor ?? null;
  return factor === null || meta.unit === 'SUV' ? '' : `SUV ${number(value * factor, 2)}`;
}

/** `(column, row)  value unit` of the probed pixel; a colour pixel as its samples. */
export function probeText(state: PaneState): string {
  const { probe, shown } = state;
  const image = imageDrawn(state);
  if (probe === null || shown === null || image === null) return '';
  const column = Math.floor(probe.x);
  const row = Math.floor(probe.y);
  const { frame } = shown;
  if (column < 0 || row < 0 || column >= frame.columns || row >= frame.rows) return '';
  const place = `(${column}, ${row})`;
  if (frame.samples > 1) {
    const at = (row * frame.columns + column) * frame.samples;
    return `${place}  ${Array.from(frame.values.subarray(at, at + frame.samples)).join(' ')}`;
  }
  const own = valueAt(frame, column, row) ?? Number.NaN;
  const step = modalityStep(state, image);
  const value = step === null ? own : step.apply(own);
  const digits = frame.values instanceof Float32Array || frame.values instanceof Float64Array ? (Math.abs(frame.max - frame.min) < 20 ? 3 : 1) : Number.isInteger(frame.slope) ? 0 : 1;
  const words = step === null ? image.meta.unit : step.unit;
  const unit = words === '' ? '' : ` ${words}`;
  const suv = step !== null || shown.pixels === image.source?.difference ? '' : suvText(image.meta, own);
  return `${place}  ${shown.pixels === image.source?.difference ? `difference ${value > 0 ? '+' : ''}` : ''}${number(value, digits)}${unit}${suv === '' ? '' : `  ${suv}`}`;
}
