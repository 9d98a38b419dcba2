export { faceRisk, type FaceQuestion } from './face-risk.ts';
export { defaceSeries, faceRiskOfSeries, recognizableVisualFeatures, type DefacedSeries, type DefaceSeriesOutcome } from './deface-series.ts';
export { deface, deepestCutMm } from './deface.ts';
export type { SurfacePicture } from './surface-picture.ts';
export type { DefaceOutcome, FaceRisk, HeadVolume } from './types.ts';
