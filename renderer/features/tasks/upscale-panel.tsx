/** Right of the images: upscale this series, or one slice of it to try. */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { ScanloomError } from '#contract';
import type { DeviceChoice, Job, PackageSummary, SeriesDetail, UpscaleManifest } from '#contract';
import { call, live, useResource, useStore } from '../../client/index.ts';
import { Button, Choices, Empty, ErrorNote, Fact, Field, Waiting, format, goTo, useKeys } from '../../ui/index.ts';
import { DeviceField } from './device-field.tsx';
import { EstimateCard } from './estimate-card.tsx';
import { JobLine } from './job-line.tsx';
import { notForUpscaling } from './not-for-upscaling.ts';
import { PackageCard } from './package-card.tsx';
import { useEstimate } from './use-estimate.ts';
import type { StartInput } from './use-estimate.ts';
import './tasks.css';

interface Context {
  readonly series: SeriesDetail;
  readonly stack: number | null;
  readonly currentImageId: string | null;
  showItem(itemId: string): void;
}
type UpscalePackage = PackageSummary & { manifest: UpscaleManifest };

function isUpscale(summary: PackageSummary): summary is UpscalePackage {
  return summary.manifest.task === 'upscale';
}

export function UpscalePanel({ series, stack, currentImageId, showItem }: Context): ReactNode {
  const packages = useResource((signal) => call('listPackages', { signal }), 'packages');
  const devices = useResource((signal) => call('devices', { signal }), 'devices');
  const host = useResource((signal) => call('host', { signal }), 'host');
  const events = useStore(live);
  const [packageId, setPackageId] = useState<string | null>(null);
  const [device, setDevice] = useState<DeviceChoice>('auto');
  const [starting, setStarting] = useState(false);
  const [error, setError] = useState<ScanloomError | null>(null);
  const [all, setAll] = useState(false);
  const [mine, setMine] = useState<readonly string[]>([]);
  const choices = (packages.value ?? []).filter(isUpscale);
  const chosen = choices.find((one) => one.manifest.id === packageId) ?? choices[0];
  const uid = series.series.seriesInstanceUid;
  // Of several stacks (echoes, magnitude and phase) the one on the screen is meant, unless all are asked for.
  const several = series.stacks.length > 1 && stack !== null && stack < series.stacks.length;
  const one = several && !all ? stack : null;
  const input = one === null ? series.stacks : series.stacks.slice(one, one + 1);
  const images = input.reduce((n, each) => n + each.images.length, 0);
  // Stacks of one MR series may hold phases or fields, which the host leaves out: then their number is not promised.
  const mayHoldMaps = series.series.modality === 'MR' && input.length > 1;
  const { modality } = series.series;
  const refusal = !chosen
    ? 'There is no package that upscales.'
    : chosen.state.status === 'damaged'
      ? 'The package is damaged.'
      : !chosen.manifest.upscale.modalities.some((one) => one === modality)
        ? `${chosen.manifest.id} is for ${chosen.manifest.upscale.modalities.join(' and ')}, this series is ${modality}.`
        : input.some((each) => each.images.some((image) => image.samplesPerPixel > 1))
          ? 'The model takes grey images; this series is in colour.'
          : notForUpscaling(series.series, one ?? undefined);
  const start: StartInput | null = chosen && refusal === undefined ? { task: 'upscale', packageId: chosen.manifest.id, device, seriesUids: [uid], ...(one === null ? {} : { stacks: [one + 1] }), factor: chosen.manifest.upscale.factor } : null;
  const estimate = useEstimate(start);

  // A result of a run that was started here shows itself.
  const shownItems = useRef(new Set<string>());
  useEffect(() => {
    for (const item of events.freshItems.values()) {
      if (mine.includes(item.jobId) && !shownItems.current.has(item.itemId)) {
        shownItems.current.add(item.itemId);
        showItem(item.itemId);
      }
    }
  }, [events.freshItems, mine, showItem]);

  const run = async (imageIds?: string[]): Promise<void> => {
    if (start === null || starting) return;
    setStarting(true);
    setError(null);
    try {
      const job: Job = await call('startJob', { body: imageIds && start.task === 'upscale' ? { ...withoutStacks(start), imageIds } : start });
      setMine((now) => [...now, job.jobId]);
      live.set((now) => ({ ...now, jobs: new Map(now.jobs).set(job.jobId, now.jobs.get(job.jobId) ?? job) }));
    } catch (thrown) {
      setError(ScanloomError.from(thrown));
    } finally {
      setStarting(false);
    }
  };
  const tryThis = (): void => {
    if (currentImageId !== null) void run([currentImageId]);
  };
  useKeys([{ keys: ['Ctrl+Enter'], does: 'upscale this series', inText: true, run: () => void run() }]);

  const jobs = [...events.jobs.values()].filter((job) => job.settings.task === 'upscale' && job.settings.seriesUids.includes(uid) && (mine.includes(job.jobId) || !['done', 'cancelled'].includes(job.state))).sort((a, b) => b.createdAt.localeCompare(a.createdAt)).slice(0, 4);
  const first = input[0];
  return (
    <aside className="side right" aria-label="Task">
      <section>
        <h3>Task</h3>
        <div className="choices"><button type="button" className="choice" aria-pressed="true">Upscale</button></div>
      </section>
      {packages.error ? <ErrorNote error={packages.error} onRetry={packages.reload} /> : null}
      {!packages.value && packages.loading ? <Waiting what="the packages" /> : null}
      {packages.value && choices.length === 0 ? <Empty title="No package upscales"><Button onClick={() => goTo('packages')}>See packages</Button></Empty> : null}
      {choices.length > 1 ? (
        <Field label="Package">
          <select className="input" value={chosen?.manifest.id} onChange={(event) => setPackageId(event.target.value)}>
            {choices.map((one) => <option key={one.manifest.id} value={one.manifest.id}>{one.manifest.id} {one.manifest.version}</option>)}
          </select>
        </Field>
      ) : null}
      {refusal !== undefined && chosen ? <div className="note small">{refusal}</div> : null}
      {chosen ? <PackageCard summary={chosen} modality={modality} /> : null}
      <section className="facts">
        {several ? <Choices<'one' | 'all'> label="What is upscaled" value={all ? 'all' : 'one'} onChange={(value) => setAll(value === 'all')} options={[{ value: 'one', label: 'This stack' }, { value: 'all', label: `All ${series.stacks.length} stacks` }]} /> : null}
        <Fact name="Input">{series.series.description || modality}{one === null ? '' : `, ${first?.stack.label ?? `stack ${one + 1}`}`}, {images === 1 ? '1 slice' : `all ${images} slices`}{mayHoldMaps ? ', but for maps of phase, field, velocity or diffusion' : ''}</Fact>
        {chosen ? <Fact name="Factor">×{chosen.manifest.upscale.factor}, in plane</Fact> : null}
        {chosen && first ? <Fact name="Result">new series, {first.stack.columns * chosen.manifest.upscale.factor} × {first.stack.rows * chosen.manifest.upscale.factor}</Fact> : null}
      </section>
      <DeviceField value={device} devices={devices.value} onChange={setDevice} />
      {start === null ? null : <EstimateCard estimate={estimate} host={host.value} />}
      {jobs.length > 0 ? (
        <section>
          <h3>Runs of this series</h3>
          {jobs.map((job) => <JobLine key={job.jobId} job={job} />)}
        </section>
      ) : null}
      <div className="task-actions">
        {error ? <ErrorNote error={error} /> : null}
        <Button look="main" className="wide" data-testid="start-upscale" disabledBecause={refusal ?? (starting ? 'It is being started.' : undefined)} onClick={() => void run()} chord="Ctrl+Enter">Upscale {mayHoldMaps ? 'all stacks' : format.count(images, 'slice')}</Button>
        <Button className="wide" data-testid="try-slice" disabledBecause={refusal ?? (currentImageId === null ? 'Show a slice of the original first.' : undefined)} onClick={tryThis}>Try on this slice</Button>
      </div>
    </aside>
  );
}

/** A slice is named by itself: naming its stack too would say it twice. */
function withoutStacks(start: Extract<StartInput, { task: 'upscale' }>): Extract<StartInput, { task: 'upscale' }> {
  const { stacks: _, ...rest } = start;
  return rest;
}
