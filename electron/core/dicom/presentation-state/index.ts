/** Softcopy presentation states, read: PS3.3 A.33. */
export type * from './types.ts';
export { isPresentationState, readPresentationState } from './read-presentation-state.ts';
export { renderWithState } from './apply.ts';
