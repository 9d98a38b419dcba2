/** Model packages: manifest, verification, card, samples. See README.md. */
export type { Packages, UnreadablePackage, VerifiedPackage } from './types.ts';
export { openPackages } from './open-packages.ts';
