/** The Export screen: what, in which format, where; then what was written and whether it holds. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { ScanloomError } from '#contract';
import type { ExportFormat, ExportRecord, Job } from '#contract';
import { call, live, useResource, useStore } from '../../client/index.ts';
import { Button, Choices, Empty, ErrorNote, Fact, Field, ModelBadge, Waiting, format, useKeys } from '../../ui/index.ts';
import type { Place } from '../../ui/index.ts';
import { ExportReport } from './export-report.tsx';
import { freshName, namePattern, planExport } from './export-plan.ts';
import './exports.css';

/** What a person chooses from, in this order. The compiler asks for a line when a format is new. */
const formats: Readonly<Record<ExportFormat, { readonly label: string; readonly words: string }>> = {
  dicom: { label: 'DICOM', words: 'Derived objects with the source’s geometry, marked as made by a model; synthetic patients get identities of their own.' },
  png: { label: 'PNG, 16 bit', words: 'One grey 16-bit picture an image, with a JSON file that says how values become units.' },
  nifti: { label: 'NIfTI', words: 'One volume a series with its affine, for research tools.' },
};
const formatNames = Object.keys(formats) as ExportFormat[];

export function ExportScreen({ place }: { place: Place }): ReactNode {
  const events = useStore(live);
  const jobs = useResource((signal) => call('listJobs', { signal }), 'jobs', events.jobsRevision);
  const exportsList = useResource((signal) => call('listExports', { signal }), 'exports', events.exportsRevision);
  const records = mergeRecords(exportsList.value ?? [], events.exports);
  const chosenExport = place.rest[0] ?? null;
  const [shown, setShown] = useState<string | null>(chosenExport);
  const withItems = (jobs.value ?? []).filter((job) => job.items > 0).sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  const record = records.find((one) => one.exportId === shown) ?? null;
  return (
    <div className="exports">
      {jobs.error && !jobs.value ? <ErrorNote error={jobs.error} onRetry={jobs.reload} /> : null}
      {jobs.value ? <Plan key={place.query['job'] ?? ''} jobs={withItems} preset={place.query['job'] ?? null} names={records.map((one) => one.name)} onStarted={setShown} /> : <Waiting what="the runs" />}
      <div className="page">
        <div className="page-head"><h1>Exports</h1></div>
        {exportsList.error ? <ErrorNote error={exportsList.error} onRetry={exportsList.reload} /> : null}
        {exportsList.value && records.length === 0 ? <Empty title="Nothing has been exported"><p>Choose on the left what to export. Every export is read back and compared before it appears here, with a manifest and a checksum for each file.</p></Empty> : null}
        {records.length > 0 ? (
          <table className="table">
            <thead><tr><th>Name</th><th>Format</th><th>State</th><th className="figure">Items</th><th className="figure">Files</th><th>Made</th></tr></thead>
            <tbody>
              {records.map((one) => (
                <tr key={one.exportId} data-testid="export-row" data-state={one.state} className={one.exportId === shown ? 'chosen' : ''} onClick={() => setShown(one.exportId)}>
                  <td className="strong"><button type="button" className="row-open" aria-pressed={one.exportId === shown} onClick={() => setShown(one.exportId)}>{one.name}</button></td>
                  <td>{formats[one.format].label}</td>
                  <td className={one.state === 'done' ? 'good' : one.state === 'failed' ? 'bad' : ''}>{stateWords(one, events.exportProgress.get(one.exportId))}</td>
                  <td className="figure">{one.items}</td>
                  <td className="figure">{one.files}</td>
                  <td className="muted">{format.instant(one.createdAt)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : null}
        {record ? <ExportReport key={record.exportId} record={record} /> : null}
      </div>
    </div>
  );
}

function stateWords(record: ExportRecord, progress: { done: number; total: number } | undefined): string {
  if (record.state === 'running') return progress ? `writing ${progress.done} of ${progress.total} …` : 'waiting …';
  return record.state === 'done' ? '✓ read back' : record.state === 'cancelled' ? '– cancelled' : '✕ failed';
}

function mergeRecords(list: readonly ExportRecord[], fresh: ReadonlyMap<string, ExportRecord>): ExportRecord[] {
  const all = new Map(list.map((record) => [record.exportId, record]));
  for (const [id, record] of fresh) all.set(id, record);
  return [...all.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}

function Plan({ jobs, preset, names, onStarted }: { jobs: readonly Job[]; preset: string | null; names: readonly string[]; onStarted(exportId: string): void }): ReactNode {
  const events = useStore(live);
  const [chosen, setChosen] = useState<readonly string[]>(preset === null ? [] : [preset]);
  const [exportFormat, setFormat] = useState<ExportFormat>('dicom');
  const [includeUndecided, setIncludeUndecided] = useState(false);
  const [typedName, setTypedName] = useState<string | null>(null);
  const [folder, setFolder] = useState<{ handle: string; name: string } | null>(null);
  const [error, setError] = useState<ScanloomError | null>(null);
  const [starting, setStarting] = useState(false);
  const host = useResource((signal) => call('host', { signal }), 'host');
  const key = [...chosen].sort().join(',');
  const items = useResource(chosen.length === 0 ? null : async (signal) => (await Promise.all(chosen.map((jobId) => call('listItems', { query: { jobId, limit: 10_000 }, signal })))).flat(), key, events.items);
  const plan = planExport(items.value ?? [], includeUndecided);
  const firstTitle = jobs.find((job) => job.jobId === chosen[0])?.title ?? 'export';
  const name = typedName ?? freshName(`${chosen.length > 1 ? 'set' : firstTitle} ${exportFormat}`, new Date().toISOString().slice(0, 10), names);
  const isNameGood = namePattern.test(name);
  const refusal = chosen.length === 0
    ? 'Choose at least one run.'
    : !items.value
      ? 'The items are being counted.'
      : plan.taken === 0
        ? plan.undecided > 0 ? 'Nobody has accepted any of these images yet: review them first.' : 'There is nothing to export in this choice.'
        : !isNameGood ? 'The name cannot be used.' : starting ? 'It is being started.' : undefined;
  const start = async (): Promise<void> => {
    if (refusal !== undefined) return;
    setStarting(true);
    setError(null);
    try {
      const record = await call('startExport', { body: { format: exportFormat, jobIds: [...chosen], includeUndecided, name, ...(folder === null ? {} : { folderHandle: folder.handle }) } });
      live.set((now) => ({ ...now, exports: new Map(now.exports).set(record.exportId, now.exports.get(record.exportId) ?? record) }));
      onStarted(record.exportId);
      setTypedName(null);
    } catch (thrown) {
      setError(ScanloomError.from(thrown));
    } finally {
      setStarting(false);
    }
  };
  const chooseFolder = async (): Promise<void> => {
    try {
      const answer = await call('chooseFolder', { body: { purpose: 'export' } });
      if (answer.handle !== null) setFolder({ handle: answer.handle, name: answer.name });
    } catch (thrown) {
      setError(ScanloomError.from(thrown));
    }
  };
  useKeys([{ keys: ['Ctrl+Enter'], does: 'export', inText: true, run: () => void start() }]);
  return (
    <aside className="side left" aria-label="New export">
      <section>
        <h3>What</h3>
        {jobs.length === 0 ? <p className="muted">No run has made anything yet.</p> : null}
        {jobs.map((job) => (
          <label key={job.jobId} className="export-run">
            <input type="checkbox" data-testid="export-run" checked={chosen.includes(job.jobId)} onChange={(event) => setChosen((now) => (event.target.checked ? [...now, job.jobId] : now.filter((id) => id !== job.jobId)))} />
            <span>
              {job.title} <ModelBadge small>{job.task === 'synthesize' ? 'SYNTHETIC' : 'AI-ENHANCED'}</ModelBadge>
              <span className="muted small"><br />{job.packageId} · {format.count(job.items, job.task === 'synthesize' ? 'image' : 'series', job.task === 'synthesize' ? 'images' : 'series')} · {format.instant(job.createdAt)}</span>
            </span>
          </label>
        ))}
        <label className="row small">
          <input type="checkbox" checked={includeUndecided} onChange={(event) => setIncludeUndecided(event.target.checked)} />
          <span>Also synthetic images that nobody decided</span>
        </label>
      </section>
      <section>
        <h3>Format</h3>
        <Choices<ExportFormat> label="Format" value={exportFormat} onChange={setFormat} options={formatNames.map((value) => ({ value, label: formats[value].label }))} />
        <p className="muted small">{formats[exportFormat].words}</p>
      </section>
      <section className="card" data-testid="export-plan">
        <h3>Checks</h3>
        <Fact name="Enhanced series"><span className="mono">{plan.enhanced}</span></Fact>
        <Fact name="Synthetic, accepted" tone={plan.accepted > 0 ? 'good' : undefined}><span className="mono">{plan.accepted}</span></Fact>
        <Fact name="Synthetic, not decided"><span className="mono">{plan.undecided} {plan.undecided > 0 ? (includeUndecided ? '· taken' : '· left out') : ''}</span></Fact>
        <Fact name="Rejected, unsure"><span className="mono">{plan.rejected + plan.unsure} {plan.rejected + plan.unsure > 0 ? '· left out' : ''}</span></Fact>
        <Fact name="Images to write"><span className="mono">{plan.images}</span></Fact>
        <div className="small">Each file is marked as made by a model, read back and compared before the export appears.</div>
      </section>
      <section>
        <h3>Where</h3>
        <Field label="Name" error={isNameGood ? undefined : 'letters, digits, dot, dash and underscore; at most 80'}>
          <input className="input" name="export-name" value={name} onChange={(event) => setTypedName(event.target.value)} aria-invalid={!isNameGood} />
        </Field>
        <div className="small muted">{folder ? `in ${folder.name}` : 'in the library’s exports folder'}</div>
        {host.value?.folderDialog ? <Button onClick={() => void chooseFolder()}>Another folder …</Button> : null}
      </section>
      <Button look="main" className="wide" data-testid="start-export" disabledBecause={refusal} onClick={() => void start()} chord="Ctrl+Enter">Export {plan.images > 0 ? format.count(plan.images, 'image') : ''}</Button>
      {refusal !== undefined && chosen.length > 0 ? <div className="small muted">{refusal}</div> : null}
      {error ? <ErrorNote error={error} /> : null}
    </aside>
  );
}
