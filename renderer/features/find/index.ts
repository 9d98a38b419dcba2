export { Finder } from './finder.tsx';
export type { Command } from './finder.tsx';
export { Help, keyGroups } from './help.tsx';
