/** Before a run: device (its reason under the pointer), time, memory, disk. */
import type { ReactNode } from 'react';
import type { HostInfo, JobEstimate } from '#contract';
import type { Resource } from '../../client/index.ts';
import { ErrorNote, Fact, Waiting, format } from '../../ui/index.ts';

export function EstimateCard({ estimate, host }: { estimate: Resource<JobEstimate>; host: HostInfo | undefined }): ReactNode {
  const { value } = estimate;
  if (estimate.error && !value) return <ErrorNote error={estimate.error} onRetry={estimate.reload} />;
  if (!value) return <div className="card"><Waiting what="the estimate" /></div>;
  const isTight = host !== undefined && value.memoryBytes > host.freeMemoryBytes;
  const isFull = host !== undefined && value.diskBytes > host.freeDiskBytes;
  return (
    <div className="card" data-testid="estimate">
      <Fact name="Runs on"><span title={value.device.reason}>{value.device.device.toUpperCase()}</span></Fact>
      <Fact name="Time, estimated"><span className="mono">{value.seconds === null ? 'not known yet' : `about ${format.duration(value.seconds)}`}</span></Fact>
      <Fact name="Memory" tone={isTight ? 'bad' : undefined}><span className="mono">{isTight ? '✕ ' : ''}{format.bytes(value.memoryBytes)}{host ? ` of ${format.bytes(host.freeMemoryBytes)} free` : ''}</span></Fact>
      <Fact name="Disk" tone={isFull ? 'bad' : undefined}><span className="mono">{isFull ? '✕ ' : ''}{format.bytes(value.diskBytes)}{host ? ` of ${format.bytes(host.freeDiskBytes)} free` : ''}</span></Fact>
      {value.notes.map((note) => <div key={note} className="small">{note}</div>)}
    </div>
  );
}
