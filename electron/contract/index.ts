/** What crosses a process or a wire. Imports zod and nothing else. */
export * from './errors.ts';
export * from './ids.ts';
export * from './study.ts';
export * from './objects.ts';
export * from './package.ts';
export * from './engine.ts';
export * from './job.ts';
export * from './item.ts';
export * from './marks.ts';
export * from './dicom-export.ts';
export * from './export.ts';
export * from './deidentify.ts';
export * from './deidentify-plan.ts';
export * from './overview.ts';
export * from './events.ts';
export * from './pixel-privacy.ts';
export * from './routes.ts';
