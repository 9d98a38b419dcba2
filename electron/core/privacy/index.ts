/** De-identification: PS3.15 Annex E on data sets. Pure. See README.md for what it owns, promises and refuses. */
export { burnedInRisk, type BurnedInRisk } from './burned-in-risk.ts';
