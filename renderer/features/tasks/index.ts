export { UpscalePanel } from './upscale-panel.tsx';
export { SynthesizeScreen } from './synthesize-screen.tsx';
export { JobActions, act, actionsOf, deviceWords, progressWords, stateWords } from './job-line.tsx';
