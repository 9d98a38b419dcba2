/** `npm run demo`: the whole main job, without a window, on the files that come with Scanloom. */
process.argv.splice(2, 0, 'demo');
await import('./scanloom.mjs');
