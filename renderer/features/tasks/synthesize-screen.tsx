/** The Synthesize screen: what to make, what it will take, and the images as they come. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { ScanloomError } from '#contract';
import type { DeviceChoice, Item, Job, PackageSummary, SynthesizeManifest } from '#contract';
import { call, live, urls, useResource, useStore } from '../../client/index.ts';
import { Button, Choices, Empty, ErrorNote, Field, ModelBadge, Thumbnail, Waiting, confirm, format, goTo, useKeys } from '../../ui/index.ts';
import { DeviceField } from './device-field.tsx';
import { EstimateCard } from './estimate-card.tsx';
import { JobLine } from './job-line.tsx';
import { PackageCard } from './package-card.tsx';
import { nextSeed, sameAgain } from './seeds.ts';
import { readSettings } from './synthesize-settings.ts';
import type { SettingsText } from './synthesize-settings.ts';
import { useEstimate } from './use-estimate.ts';
import './tasks.css';

type SynthesizePackage = PackageSummary & { manifest: SynthesizeManifest };
function isSynthesize(summary: PackageSummary): summary is SynthesizePackage {
  return summary.manifest.task === 'synthesize';
}

export function SynthesizeScreen(): ReactNode {
  const packages = useResource((signal) => call('listPackages', { signal }), 'packages');
  const choices = (packages.value ?? []).filter(isSynthesize);
  const [packageId, setPackageId] = useState<string | null>(null);
  const chosen = choices.find((one) => one.manifest.id === packageId) ?? choices[0];
  if (packages.error && !packages.value) return <div className="page"><ErrorNote error={packages.error} onRetry={packages.reload} /></div>;
  if (!packages.value) return <Waiting what="the packages" />;
  if (!chosen) return <Empty title="No package makes images"><p>Import one that does under Packages.</p><Button onClick={() => goTo('packages')}>See packages</Button></Empty>;
  return <Making key={chosen.manifest.id} chosen={chosen} choices={choices} onPackage={setPackageId} />;
}

function Making({ chosen, choices, onPackage }: { chosen: SynthesizePackage; choices: readonly SynthesizePackage[]; onPackage(id: string): void }): ReactNode {
  const { manifest } = chosen;
  const { synthesize } = manifest;
  const [typed, setTyped] = useState<Omit<SettingsText, 'seed'> & { seed: string | null }>({ class: synthesize.classes[0] ?? '', count: '8', seed: null, steps: String(synthesize.defaults.steps), guidance: String(synthesize.defaults.guidance) });
  const [device, setDevice] = useState<DeviceChoice>('auto');
  const [shownJob, setShownJob] = useState<string | null>(null);
  const [error, setError] = useState<ScanloomError | null>(null);
  const [starting, setStarting] = useState(false);
  const devices = useResource((signal) => call('devices', { signal }), 'devices');
  const host = useResource((signal) => call('host', { signal }), 'host');
  const events = useStore(live);
  const jobs = useResource((signal) => call('listJobs', { signal }), 'jobs', events.jobsRevision);
  const known = new Map<string, Job>([...(jobs.value ?? []).map((job): [string, Job] => [job.jobId, job]), ...events.jobs]);
  const runs = [...known.values()].filter((job) => job.task === 'synthesize').sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  const current = runs.find((job) => job.jobId === shownJob) ?? runs[0];
  // Until somebody types one, the seed is the first that the library has no images of.
  const freeSeed = nextSeed(runs, manifest.id, typed.class);
  const text: SettingsText = { ...typed, seed: typed.seed ?? String(freeSeed) };
  const read = readSettings(text, manifest, device);
  const estimate = useEstimate(read.start);
  const same = read.start === null ? null : sameAgain(runs, read.start);
  const change = (part: Partial<SettingsText>): void => setTyped((now) => ({ ...now, ...part }));
  const refusal = chosen.state.status === 'damaged' ? 'The package is damaged.' : starting ? 'It is being started.' : !jobs.value ? 'It is being looked up which seeds are used.' : read.start === null ? 'A setting is out of its range.' : undefined;
  const run = async (): Promise<void> => {
    if (read.start === null || refusal !== undefined) return;
    if (same && !(await confirm('Make the same images again?', `${sameWords(same.images, read.start.count)} Made again they are the same bit for bit. For new ones take seed ${freeSeed}.`, 'Make them again', 'Do not'))) return;
    setStarting(true);
    setError(null);
    try {
      const job = await call('startJob', { body: read.start });
      setShownJob(job.jobId);
      live.set((now) => ({ ...now, jobs: new Map(now.jobs).set(job.jobId, now.jobs.get(job.jobId) ?? job) }));
      // The next run would make the same images again, so it gets a seed of its own.
      setTyped((now) => ({ ...now, seed: null }));
    } catch (thrown) {
      setError(ScanloomError.from(thrown));
    } finally {
      setStarting(false);
    }
  };
  useKeys([{ keys: ['Ctrl+Enter'], does: 'make the images', inText: true, run: () => void run() }]);
  const { limits } = synthesize;
  return (
    <div className="synthesize">
      <aside className="side left" aria-label="What to make">
        <h3>Synthesize</h3>
        {choices.length > 1 ? (
          <Field label="Package">
            <select className="input" value={manifest.id} onChange={(event) => onPackage(event.target.value)}>
              {choices.map((one) => <option key={one.manifest.id} value={one.manifest.id}>{one.manifest.id}</option>)}
            </select>
          </Field>
        ) : null}
        <PackageCard summary={chosen} />
        <div className="small muted">{synthesize.plane} {synthesize.contrast}, {synthesize.columns} × {synthesize.rows}, {format.number(synthesize.pixelSpacingMm, 2)} mm pixels</div>
        {/* No <label>: it would give its own name to the first of the choices. */}
        <div className="field">
          <span className="field-label">Condition</span>
          <Choices label="Condition" value={text.class} onChange={(value) => change({ class: value })} options={synthesize.classes.map((value) => ({ value, label: value }))} />
        </div>
        <div className="two-fields">
          <NumberField label="Images" name="count" value={text.count} range={limits.count} error={read.errors.count} onChange={(count) => change({ count })} />
          <NumberField label="Seed" name="seed" value={text.seed} range={[0, 2 ** 32 - 1]} rangeWords="same seed, same images" error={read.errors.seed} onChange={(seed) => change({ seed })} />
          <NumberField label="Steps" name="steps" value={text.steps} range={limits.steps} error={read.errors.steps} onChange={(steps) => change({ steps })} />
          <NumberField label="Guidance" name="guidance" value={text.guidance} range={limits.guidance} step={0.1} error={read.errors.guidance} onChange={(guidance) => change({ guidance })} />
        </div>
        {same && read.start ? (
          <div className="note small" data-testid="same-again">
            <strong>{sameWords(same.images, read.start.count)}</strong>
            <span>The same seed makes the same images, and under another name they would pass for other patients.</span>
            <Button look="quiet" onClick={() => setTyped((now) => ({ ...now, seed: null }))}>Take seed {freeSeed}</Button>
          </div>
        ) : null}
        <DeviceField value={device} devices={devices.value} onChange={setDevice} />
        {read.start === null ? null : <EstimateCard estimate={estimate} host={host.value} />}
        <div className="task-actions">
          {error ? <ErrorNote error={error} /> : null}
          <Button look="main" className="wide" data-testid="start-synthesize" disabledBecause={refusal} onClick={() => void run()} chord="Ctrl+Enter">Make {read.start === null ? 'images' : format.count(read.start.count, 'image')}</Button>
        </div>
      </aside>
      <div className="page">
        {current ? (
          <Run job={current} jobs={runs} onChoose={setShownJob} />
        ) : (
          <Empty title="Nothing has been made yet">
            <p>Choose a condition and how many images, then press <strong>Make</strong>. They show here one by one; each must be reviewed before it is exported as accepted.</p>
          </Empty>
        )}
      </div>
    </div>
  );
}

function sameWords(images: number, count: number): string {
  return images >= count ? `${count === 1 ? 'This image exists' : `These ${count} images exist`} already.` : `The first ${images} of these ${count} images exist already.`;
}

function NumberField({ label, name, value, range, rangeWords, step = 1, error, onChange }: { label: string; name: string; value: string; range: readonly [number, number]; rangeWords?: string; step?: number; error: string | undefined; onChange(value: string): void }): ReactNode {
  return (
    <Field label={label} error={error} hint={rangeWords ?? `${range[0]} to ${range[1].toLocaleString()}`}>
      <input className="input mono" name={name} type="number" inputMode="decimal" min={range[0]} max={range[1]} step={step} value={value} aria-invalid={error !== undefined} onChange={(event) => onChange(event.target.value)} />
    </Field>
  );
}

function Run({ job, jobs, onChoose }: { job: Job; jobs: readonly Job[]; onChoose(jobId: string): void }): ReactNode {
  const events = useStore(live);
  const items = useResource((signal) => call('listItems', { query: { jobId: job.jobId, limit: 10_000 }, signal }), job.jobId, events.items);
  const list = items.value ?? [];
  const waiting = job.settings.task === 'synthesize' && ['queued', 'running', 'paused'].includes(job.state) ? Math.max(0, job.settings.count - list.length) : 0;
  return (
    <div className="stack">
      <div className="page-head">
        <h1>{job.title}</h1>
        <ModelBadge small>SYNTHETIC</ModelBadge>
        <span className="spacer" />
        {jobs.length > 1 ? (
          <select className="input run-choice" aria-label="Run" value={job.jobId} onChange={(event) => onChoose(event.target.value)}>
            {jobs.map((one) => <option key={one.jobId} value={one.jobId}>{one.title} – {format.instant(one.createdAt)}</option>)}
          </select>
        ) : null}
        <Button look="main" disabledBecause={list.length === 0 ? 'There is no image yet.' : undefined} data-testid="review-run" onClick={() => goTo('review', [job.jobId])}>Review {list.length === 0 ? '' : format.count(list.length, 'image')}</Button>
      </div>
      <JobLine job={job} titled={false} />
      <div className="made-grid" data-testid="made-grid">
        {list.map((item) => <Made key={item.itemId} item={item} />)}
        {Array.from({ length: Math.min(waiting, 64) }, (_v, i) => <div key={i} className="made-slot">{i === 0 && job.state === 'running' ? 'making …' : ''}</div>)}
      </div>
      {waiting > 64 ? <p className="muted">… and {waiting - 64} more to come</p> : null}
    </div>
  );
}

function Made({ item }: { item: Item }): ReactNode {
  return (
    <button type="button" className="made-item" data-testid="made-item" onClick={() => goTo('review', [item.jobId], { item: item.itemId })} title={`Seed ${item.seed ?? '–'}, image ${item.index + 1}`}>
      <Thumbnail src={urls.itemThumbnail(item.itemId)} alt={`${item.class ?? 'synthetic'} ${item.index + 1}`} />
      <span className="made-caption">
        <span className="small muted mono">#{item.index + 1}{item.decision === null ? '' : ` · ${item.decision}`}</span>
        <ModelBadge small>SYNTHETIC</ModelBadge>
      </span>
    </button>
  );
}
