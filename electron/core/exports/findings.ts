import type { VerifyFinding } from '#contract';

/** Collects what is wrong with one file. */
export function findingsFor(path: string): { readonly all: VerifyFinding[]; error(code: string, message: string): void; warning(code: string, message: string): void } {
  const all: VerifyFinding[] = [];
  return {
    all,
    error: (code, message) => void all.push({ level: 'error', code, path, message }),
    warning: (code, message) => void all.push({ level: 'warning', code, path, message }),
  };
}
