/** The engine process: tensors in, tensors out. Its entry is main.ts; this door is for tests and benchmarks. See README.md. */
export { philox4x32, philoxNormals } from './random/philox.ts';
export { alphaBars } from './schedulers/noise-schedule.ts';
export { ddimStep, ddimTimesteps, guide, splitPrediction } from './schedulers/ddim.ts';
export { blendRadius, planTiles, type Tile } from './tensor/tile-plan.ts';
export { blendTile } from './tensor/blend.ts';
export { serveEngine, type EnginePort } from './serve.ts';
export { sessionOptions, type SessionOptions } from './runtime/sessions.ts';
export { writeTinyGraph, type TinyGraph } from './testing/tiny-graphs.ts';
export { largestDifference } from './testing/pipeline-context.ts';
