/** De-identification: PS3.15 Annex E on data sets. Pure. See README.md for what it owns, promises and refuses. */
export { burnedInRisk, type BurnedInRisk } from './burned-in-risk.ts';
export * from './pixels/index.ts';
export * from './face/index.ts';
export { deidentifyObject, profileEdition, type DeidentifiedObject, type DeidentifyRequest } from './deidentify-object.ts';
export { codesOf, checkOptions, optionsOfCodes } from './options.ts';
export { createProject, keyBytes, type Project } from './project.ts';
export { namesSomebody, type IdentityWords } from './identity-words.ts';
export { codecOf } from './pixel-bytes.ts';
export { auditDeidentified, marksAgree, type AuditFinding } from './audit.ts';
export { copyFacts, type CopyFacts } from './copy-facts.ts';
export { contentsOf, copyWarnings, type FaceRisks } from './copy-warnings.ts';
