/**
 * One error for the whole program. It crosses every boundary (worker, process, HTTP) as data and is rebuilt on the other side,
 * because cloning an Error drops its class, its code and its details.
 */
import { z } from 'zod';

/** Every code with the HTTP status it is answered with. */
export const errorCodes = {
  'request/invalid': 400,
  'request/unauthorised': 401,
  'request/forbidden': 403,
  'request/not-found': 404,
  'request/conflict': 409,
  'request/too-large': 413,
  'request/unsupported': 400,
  'usage/invalid': 400,
  'dicom/not-dicom': 422,
  'dicom/truncated': 422,
  'dicom/invalid': 422,
  'dicom/unsupported': 422,
  'dicom/too-large': 422,
  'dicom/no-pixels': 422,
  'dicom/decode-failed': 422,
  'dicom/rescale-invalid': 422,
  'input/empty': 422,
  'input/not-found': 404,
  'input/unreadable': 422,
  'input/changed': 409,
  'library/locked': 409,
  'library/newer': 409,
  'library/corrupt': 500,
  'disk/full': 507,
  'disk/failed': 500,
  'package/invalid': 422,
  'package/not-found': 404,
  'package/hash-mismatch': 422,
  'task/not-applicable': 422,
  'engine/unavailable': 503,
  'engine/crashed': 500,
  'engine/out-of-memory': 507,
  'engine/failed': 500,
  'job/cancelled': 409,
  'job/wrong-state': 409,
  'export/invalid': 422,
  'export/exists': 409,
  'export/verification-failed': 422,
  'ledger/broken': 500,
  'worker/crashed': 500,
  internal: 500,
} as const;

export type ErrorCode = keyof typeof errorCodes;

export const ErrorBody = z.strictObject({
  code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
  /** What is wrong, one sentence for people. */
  message: z.string().max(2000),
  /** What to do about it. */
  hint: z.string().max(2000).optional(),
  /** Facts for a log; never patient data. */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
});
export type ErrorBody = z.infer<typeof ErrorBody>;

export class ScanloomError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: ErrorBody['details'];

  constructor(code: ErrorCode, message: string, options: { hint?: string; details?: ErrorBody['details']; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ScanloomError';
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
  }

  get status(): number {
    return errorCodes[this.code];
  }

  toBody(): ErrorBody {
    return { code: this.code, message: this.message, ...(this.hint === undefined ? {} : { hint: this.hint }), ...(this.details === undefined ? {} : { details: this.details }) };
  }

  static fromBody(body: ErrorBody): ScanloomError {
    return new ScanloomError(body.code, body.message, { hint: body.hint, details: body.details });
  }

  /** Any thrown thing as a ScanloomError; what is not one becomes `internal` and keeps its cause for the log. */
  static from(thrown: unknown): ScanloomError {
    if (thrown instanceof ScanloomError) return thrown;
    const code = (thrown as { code?: unknown } | null)?.code;
    if (code === 'ENOSPC' || code === 'EDQUOT') return new ScanloomError('disk/full', 'The disk is full.', { hint: 'Free some space and try again; finished work is kept.', cause: thrown });
    return new ScanloomError('internal', 'Something went wrong inside Scanloom.', { hint: 'The log has the details.', cause: thrown });
  }
}
