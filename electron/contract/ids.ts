/** Identifiers as they may appear in requests: bounded and of one shape, so that nothing else reaches a path or a query. */
import { z } from 'zod';

/** DICOM UID, PS3.5 section 9.1: digits and dots, at most 64 characters. */
export const Uid = z.string().regex(/^[0-9]+(\.[0-9]+)*$/).max(64);
/** Lower-case UUID without a prefix: jobs, items, exports, uploads, ingests. */
export const Id = z.uuid();
export const PackageId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** Instant, ISO 8601 in UTC. */
export const Instant = z.iso.datetime();
export const Seed = z.int().min(0).max(2 ** 32 - 1);
