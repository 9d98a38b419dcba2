/** What a run would take, before it starts. Time comes from what this machine was measured to do; nothing is guessed. */
import type { JobEstimate, StartJob } from '#contract';
import type { Services } from './services.ts';

const bytesPerValue = 4;
/** Sentences about what is left out; a folder may hold hundreds. */
const mostNotes = 6;
/** Tile of 256 + overlaps, 64 channels, about three live feature maps, in float32; and the runtime itself. */
const engineMemoryBytes = 450e6;

export async function estimateJob(services: Services, start: StartJob): Promise<JobEstimate> {
  const { jobs, engine } = services;
  const { units, leftOut } = await jobs.preview(start);
  const sizes = units.map(({ rows, columns }) => rows * columns);
  const pixels = sizes.reduce((sum, size) => sum + size, 0);
  const factor = start.task === 'upscale' ? start.factor : 1;
  const pace = jobs.paceMs(start.packageId);
  const devices = await engine.devices();
  const cpu = devices.find((report) => report.device === 'cpu');
  const usable = devices.find((report) => report.usable && report.device !== 'cpu');
  const device = start.device === 'auto' ? (usable ?? cpu) : devices.find((report) => report.device === start.device);
  return {
    units: sizes.length,
    seconds: pace === null ? null : (pace.msPerPixel * pixels) / 1000,
    memoryBytes: engineMemoryBytes + Math.max(0, ...sizes) * bytesPerValue * (1 + factor ** 2) * 3,
    diskBytes: pixels * factor ** 2 * bytesPerValue,
    device: { device: device?.device ?? 'cpu', reason: device?.reason ?? 'CPU' },
    notes: [...(pace === null ? ['The time is known after the first run on this machine.'] : []), ...leftOut.slice(0, mostNotes).map(({ reason }) => reason), ...(leftOut.length > mostNotes ? [`${leftOut.length - mostNotes} more are left out.`] : [])],
  };
}
