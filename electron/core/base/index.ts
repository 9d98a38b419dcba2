/** The ground floor: files, hashes, clock, log, worker pool, bounds. Knows nothing of medicine. See README.md. */
export { writeFileAtomic, ensureDir, diskError } from './atomic-files.ts';
export { canonicalJson, Json } from './canonical-json.ts';
export { systemClock, type Clock } from './clock.ts';
export { withFileBytes, type FileBytes } from './file-bytes.ts';
export { sha256Hex, sha256File } from './hashing.ts';
export { invariant } from './invariant.ts';
export { limits } from './limits.ts';
export { createFileLog, createMemoryLog, type Log, type LogFacts, type LogLine, type MemoryLog } from './log.ts';
export { randomUuid, random16 } from './random.ts';
export { defaultLibraryDir, freeDiskBytes, isFolder, type CorePaths } from './system-places.ts';
export { createWorkerPool, type WorkerPool, type WorkerPoolOptions, type WorkerTaskOptions } from './worker-pool.ts';
