export { faceRisk, type FaceQuestion } from './face-risk.ts';
export { cutFaceOfSeries, defaceSeries, faceRiskOfSeries, type DefacedSeries, type DefaceSeriesOutcome, type FaceCutOutcome, type SeriesFaceCut } from './deface-series.ts';
export { withoutFace, type FaceCut } from './face-cut.ts';
export { outlinesSkin, showsFaces } from './other-faces.ts';
export { deface, deepestCutMm } from './deface.ts';
export type { SurfacePicture } from './surface-picture.ts';
export type { DefaceOutcome, FaceRisk, HeadVolume } from './types.ts';
