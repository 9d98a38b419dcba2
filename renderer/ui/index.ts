/** Shared controls and what they stand on. */
export * from './controls.tsx';
export * from './dialog.tsx';
export * as format from './format.ts';
export * from './keys.ts';
export * from './preferences.ts';
export * from './route.ts';
export * from './measure-words.ts';
export * from './object-lines.tsx';
export * from './open-study.ts';
export * from './reading-order.ts';
export * from './source-words.ts';
