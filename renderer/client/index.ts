/** The page's way to the host. */
export * from './api.ts';
export * from './live.ts';
export * from './open-files.ts';
export * from './recent-ingests.ts';
export * from './resource.ts';
export * from './store.ts';
