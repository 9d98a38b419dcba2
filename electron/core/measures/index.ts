/** Every figure the program states about pictures. Pure functions over Float32Array; imports the contract and the invariants only. See README.md. */
export { fidelity, meanAbsoluteError, psnrFromMse, rootMeanSquareError, ssim, type FidelityOptions } from './fidelity.ts';
export { shrinkByArea, shrinkByKSpace } from './shrink.ts';
export { bicubicEnlarge } from './bicubic.ts';
export { meanGradientMagnitude } from './sharpness.ts';
export { combineMeasures, measureUpscale } from './upscale-measures.ts';
