/** The viewer: the View screen, and the single viewport that other screens put on theirs. */
export { ViewScreen } from './view-screen.tsx';
export type { TaskContext } from './view-screen.tsx';
export { SingleImage } from './single-image.tsx';
export { stackOfItem, badgeOf } from './image-stack.ts';
export { frames, itemPixels } from './frames/pixel-address.ts';
export { session } from './view-session.ts';
export { viewKeys } from './view-keys.ts';
