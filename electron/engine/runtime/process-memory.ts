/** How much memory this process has needed at most. */
import { readFileSync } from 'node:fs';

/**
 * Peak resident memory of this process, bytes.
 *
 * On Linux from `/proc/self/status`: `getrusage` there begins with the peak of the process that started this one, so a large host would
 * make a small engine look large.
 */
export function peakMemoryBytes(): number {
  if (process.platform === 'linux') {
    try {
      const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
      if (kibibytes !== undefined) return Number(kibibytes) * 1024;
    } catch {
      // A system without /proc answers by getrusage below.
    }
  }
  return process.resourceUsage().maxRSS * 1024;
}
