/** Whether a face could be drawn from a series: PS3.15 E.3.2 asks for care with "sufficiently detailed" volumes of the head, and leaves the judgement to us. */
import type { FaceRisk } from './types.ts';

export interface FaceQuestion {
  readonly modality: string;
  /** Body Part Examined, series and study description, protocol: whatever there is. Only looked at, never repeated. */
  readonly words: readonly string[];
  /** A stack that can be treated as a volume. */
  readonly volume: boolean;
  readonly slices: number;
  /** `[slice, row, column]`, mm; slice null where there is none. */
  readonly spacingMm: readonly [number | null, number, number] | null;
  readonly rows: number;
  readonly columns: number;
}

/** Thicker than this, features of a face run together. Published re-identifications used 1 to 1.5 mm; with 3 mm a nose is still eight slices high. */
const thickestMm = 3.5;
/** Less than this along the body shows no more than a strip of a face. */
const shortestMm = 40;
/** Wider than this is a body. */
const widestHeadMm = 330;
/** A stack of slices longer than this, mm, has most of a body in it, and the head perhaps; from the neck to the hips it is some 700. */
const longBodyMm = 780;

const headWords = /head|brain|skull|cran|face|facial|orbit|sinus|neuro|cereb|kopf|schädel|schadel|gehirn|hirn|tete|tête|cerveau|cabeza|testa|iac|pituitar|tmj|dental|maxill|mandib/i;
const wholeBodyWords = /whole.?body|wholebody|\bwb\b|skull.?base|vertex|ganzk(ö|oe)rper|corps.?entier|cuerpo.?entero/i;
const otherWords = /chest|thorax|lung|abdom|pelvi|knee|hip|spine|lumbar|prostat|liver|heart|cardiac|breast|foot|ankle|hand|wrist|shoulder|elbow|extremit/i;

/**
 * The face risk of one stack, from its geometry and words alone. Whether skin is really in the field of view is only known once the pixels are looked at.
 */
export function faceRisk(question: FaceQuestion): FaceRisk {
  const none = (reason: string): FaceRisk => ({ level: 'none', reasons: [reason], saysHead: false });
  const { modality, spacingMm } = question;
  if (!['CT', 'MR', 'PT'].includes(modality)) return none('This kind of image shows no surface of a head.');
  const words = question.words.join(' ');
  const saysHead = headWords.test(words);
  const mayReachHead = wholeBodyWords.test(words) || (spacingMm?.[0] ?? 0) * question.slices > longBodyMm;
  const saysOther = otherWords.test(words) && !saysHead && !mayReachHead;
  if (saysOther) return none('It is said to show another part of the body.');
  if (spacingMm === null) return saysHead ? { level: 'possible', reasons: ['It shows a head, and its pixel spacing is not known.'], saysHead } : none('It has no geometry.');
  const [sliceMm, rowMm, columnMm] = spacingMm;
  if (!question.volume || sliceMm === null) {
    return saysHead && question.slices >= 20 ? { level: 'possible', reasons: ['It shows a head in many slices, though not as an even volume.'], saysHead } : none('It is no volume from which a surface could be drawn.');
  }
  // Whichever way the slices lie, the coarsest of the three decides how fine a surface can be.
  const coarsest = Math.max(sliceMm, rowMm, columnMm);
  const extents = [question.slices * sliceMm, question.rows * rowMm, question.columns * columnMm];
  if (coarsest > thickestMm) return none(`Its voxels are ${coarsest.toFixed(1)} mm long: too coarse for a face.`);
  if (Math.min(...extents) < shortestMm) return none(`It is only ${Math.round(Math.min(...extents))} mm thick: no more than a strip of a face.`);
  const detail = `its voxels are at most ${coarsest.toFixed(1)} mm long and it is ${Math.round(Math.min(...extents))} mm thick, enough to draw a surface`;
  if (saysHead) return { level: modality === 'PT' ? 'possible' : 'high', reasons: [`It shows a head, and ${detail}.`], saysHead };
  if (mayReachHead) return { level: 'possible', reasons: [`It covers most of a body, perhaps with the head; ${detail}.`], saysHead };
  if (Math.max(...extents) > widestHeadMm) return none('Its field of view is that of a body, and nothing says that it shows a head.');
  return { level: 'possible', reasons: [`Nothing says which part of the body it shows; ${detail}, and a head fits into its field of view.`], saysHead };
}
