/** The Export screen: what, in which format, where; then what was written and whether it holds. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { ScanloomError } from '#contract';
import type { DicomExportOptions, ExportFormat, ExportOverview, ExportRecord, Job, RunOverview, SourceNamed } from '#contract';
import { call, live, useResource, useStore } from '../../client/index.ts';
import { Button, Choices, Empty, ErrorNote, Fact, Field, ModelBadge, Waiting, format, personsOf, preferences, sourceWords, useKeys } from '../../ui/index.ts';
import type { Place } from '../../ui/index.ts';
import { ExportReport } from './export-report.tsx';
import { sinceWords } from './since-words.ts';
import { DicomFields, plainDicom } from './dicom-fields.tsx';
import { isFiltering, matchesItem, matchesRun, noFilter } from './export-filter.ts';
import type { ExportFilter } from './export-filter.ts';
import { freshName, mayLeave, namePattern, planExport } from './export-plan.ts';
import { FilterFields } from './filter-fields.tsx';
import './exports.css';

/** What a person chooses from, in this order. The compiler asks for a line when a format is new. */
const formats: Readonly<Record<ExportFormat, { readonly label: string; readonly words: string }>> = {
  dicom: { label: 'DICOM', words: 'Derived objects with the source’s geometry, marked as made by a model; synthetic patients get identities of their own.' },
  png: { label: 'PNG, 16 bit', words: 'One grey 16-bit picture an image, with a JSON file that says how values become units.' },
  nifti: { label: 'NIfTI', words: 'One volume a series with its affine, for research tools. A tilted or unevenly spaced series has no true affine: it becomes one file a slice.' },
};
const formatNames = Object.keys(formats) as ExportFormat[];

export function ExportScreen({ place }: { place: Place }): ReactNode {
  const events = useStore(live);
  const jobs = useResource((signal) => call('listJobs', { signal }), 'jobs', events.jobsRevision);
  const exportsList = useResource((signal) => call('listExports', { signal }), 'exports', events.exportsRevision);
  const overviews = useResource((signal) => call('exportOverviews', { signal }), 'overviews', events.exportsRevision + events.items);
  const stands = new Map(overviews.value?.map((one) => [one.exportId, one]));
  const { hideIdentifiers } = useStore(preferences);
  const records = mergeRecords(exportsList.value ?? [], events.exports);
  const chosenExport = place.rest[0] ?? null;
  const [shown, setShown] = useState<string | null>(chosenExport);
  const withItems = (jobs.value ?? []).filter((job) => job.items > 0).sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  // Another export may be asked for while the screen is open: from the line at the bottom.
  const [followed, setFollowed] = useState(chosenExport);
  if (followed !== chosenExport) {
    setFollowed(chosenExport);
    setShown(chosenExport);
  }
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
            <thead><tr><th>Name</th><th>Made from</th><th>Format</th><th>State</th><th className="figure">Items</th><th className="figure">Files</th><th>Made</th></tr></thead>
            <tbody>
              {records.map((one) => (
                <tr key={one.exportId} data-testid="export-row" data-state={one.state} className={one.exportId === shown ? 'chosen' : ''} onClick={() => setShown(one.exportId)}>
                  <td className="strong"><button type="button" className="row-open" aria-pressed={one.exportId === shown} onClick={() => setShown(one.exportId)}>{one.name}</button></td>
                  <td className="muted small">{fromWords(stands.get(one.exportId), hideIdentifiers)}</td>
                  <td>{formats[one.format].label}</td>
                  <td className={one.state === 'done' ? 'good' : one.state === 'failed' ? 'bad' : ''}>
                    {stateWords(one, events.exportProgress.get(one.exportId))}
                    {sinceWords(stands.get(one.exportId)).map((words) => <div key={words} className="bad small" data-testid="decided-since">! {words}</div>)}
                  </td>
                  <td className="figure">{one.items}</td>
                  <td className="figure">{one.files}</td>
                  <td className="muted">{format.instant(one.createdAt)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : null}
        {record ? <ExportReport key={record.exportId} record={record} since={sinceWords(stands.get(record.exportId))} /> : null}
      </div>
    </div>
  );
}

function fromWords(stands: ExportOverview | undefined, hideIdentifiers: boolean): string {
  const sources = stands?.sources ?? [];
  return `${sources.slice(0, 2).map((source) => sourceWords(source, hideIdentifiers)).join('; ')}${sources.length > 2 ? `; ${sources.length - 2} more` : ''}`;
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
  const [filter, setFilter] = useState<ExportFilter>(noFilter);
  const [dicom, setDicom] = useState<DicomExportOptions>(plainDicom);
  const [exportFormat, setFormat] = useState<ExportFormat>('dicom');
  const [includeUndecided, setIncludeUndecided] = useState(false);
  const [typedName, setTypedName] = useState<string | null>(null);
  const [folder, setFolder] = useState<{ handle: string; name: string } | null>(null);
  const [error, setError] = useState<ScanloomError | null>(null);
  const [starting, setStarting] = useState(false);
  const host = useResource((signal) => call('host', { signal }), 'host');
  const listed = jobs.filter((job) => matchesRun(job, filter));
  // A run that the filter hides is not exported behind its back.
  const asked = chosen.filter((jobId) => listed.some((job) => job.jobId === jobId));
  const key = [...asked].sort().join(',');
  const items = useResource(asked.length === 0 ? null : async (signal) => (await Promise.all(asked.map((jobId) => call('listItems', { query: { jobId, limit: 10_000 }, signal })))).flat(), key, events.items);
  const runs = useResource((signal) => call('runOverviews', { signal }), 'runs', events.items + events.jobsRevision);
  const runOf = new Map(runs.value?.map((one) => [one.jobId, one]));
  const identical = useResource((signal) => call('identicalItems', { signal }), 'identical', events.jobsRevision + events.items);
  const wanted = (items.value ?? []).filter((item) => matchesItem(item, filter));
  const plan = planExport(wanted, includeUndecided, identical.value);
  const sources = asked.flatMap((jobId) => runOf.get(jobId)?.sources ?? []);
  const firstTitle = jobs.find((job) => job.jobId === asked[0])?.title ?? 'export';
  const name = typedName ?? freshName(`${asked.length > 1 ? 'set' : firstTitle} ${exportFormat}`, new Date().toISOString().slice(0, 10), names);
  const isNameGood = namePattern.test(name);
  const refusal = asked.length === 0
    ? 'Choose at least one run.'
    : !items.value
      ? 'The items are being counted.'
      : plan.taken === 0
        ? plan.undecided + plan.unsure > 0
          ? 'Nobody has accepted any of these images yet: review them first.'
          : plan.rejected + plan.enhancedRejected > 0 ? 'Everything in this choice was rejected.' : 'There is nothing to export in this choice.'
        : !isNameGood ? 'The name cannot be used.' : starting ? 'It is being started.' : undefined;
  const start = async (): Promise<void> => {
    if (refusal !== undefined) return;
    setStarting(true);
    setError(null);
    try {
      const record = await call('startExport', { body: { format: exportFormat, ...(isFiltering(filter) ? { itemIds: wanted.filter((item) => mayLeave(item, includeUndecided)).map((item) => item.itemId) } : { jobIds: [...asked] }), includeUndecided, name, ...(exportFormat === 'dicom' ? { dicom: { ...dicom, differenceMaps: dicom.differenceMaps && plan.enhanced > 0 } } : {}), ...(folder === null ? {} : { folderHandle: folder.handle }) } });
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
        {jobs.length === 0 ? <p className="muted">No run has made anything yet.</p> : <FilterFields filter={filter} packages={[...new Set(jobs.map((job) => job.packageId))].sort()} onChange={setFilter} />}
        {jobs.length > 0 && listed.length === 0 ? <p className="muted small">No run fits this filter.</p> : null}
        {listed.length > 1 ? <Button look="quiet" onClick={() => setChosen(asked.length === listed.length ? [] : listed.map((job) => job.jobId))}>{asked.length === listed.length ? 'Choose none' : `Choose all ${listed.length} runs`}</Button> : null}
        {listed.map((job) => (
          <label key={job.jobId} className="export-run">
            <input type="checkbox" data-testid="export-run" checked={chosen.includes(job.jobId)} onChange={(event) => setChosen((now) => (event.target.checked ? [...now, job.jobId] : now.filter((id) => id !== job.jobId)))} />
            <span>
              {job.title} <ModelBadge small>{job.task === 'synthesize' ? 'SYNTHETIC' : 'AI-ENHANCED'}</ModelBadge>
              <RunSource overview={runOf.get(job.jobId)} />
              <span className="muted small"><br />{job.packageId} · {format.count(job.items, job.task === 'synthesize' ? 'image' : 'series', job.task === 'synthesize' ? 'images' : 'series')} · {format.instant(job.createdAt)}{leftWords(runOf.get(job.jobId))}</span>
            </span>
          </label>
        ))}
        <label className="export-also small">
          <input type="checkbox" checked={includeUndecided} onChange={(event) => setIncludeUndecided(event.target.checked)} />
          <span>Also synthetic images that nobody accepted yet: undecided and unsure ones</span>
        </label>
      </section>
      <section>
        <h3>Format</h3>
        <Choices<ExportFormat> label="Format" value={exportFormat} onChange={setFormat} options={formatNames.map((value) => ({ value, label: formats[value].label }))} />
        <p className="muted small">{formats[exportFormat].words}</p>
        {exportFormat === 'dicom' ? <DicomFields options={dicom} enhanced={plan.enhanced} onChange={setDicom} /> : null}
      </section>
      <section className="card" data-testid="export-plan">
        <h3>Checks</h3>
        <Fact name="Enhanced series"><span className="mono">{plan.enhanced} {plan.enhancedUndecided > 0 ? `· ${plan.enhancedUndecided} not accepted, need no review` : ''}</span></Fact>
        {plan.enhancedRejected > 0 ? <Fact name="Enhanced, rejected"><span className="mono">{plan.enhancedRejected} · left out</span></Fact> : null}
        <Fact name="Synthetic, accepted" tone={plan.accepted > 0 ? 'good' : undefined}><span className="mono">{plan.accepted}</span></Fact>
        <Fact name="Synthetic, not decided"><span className="mono">{plan.undecided} {plan.undecided > 0 ? (includeUndecided ? '· taken' : '· left out') : ''}</span></Fact>
        <Fact name="Synthetic, unsure"><span className="mono">{plan.unsure} {plan.unsure > 0 ? (includeUndecided ? '· taken' : '· left out') : ''}</span></Fact>
        <Fact name="Synthetic, rejected"><span className="mono">{plan.rejected} {plan.rejected > 0 ? '· left out' : ''}</span></Fact>
        {plan.identical > 0 ? (
          <div className="note small" data-testid="identical">
            <strong>{plan.identical === 1 ? '1 image has the same pixels as another one' : `${plan.identical} images have the same pixels as another one`} in this choice: left out.</strong>
            <span>They were made twice from the same seed, and would pass for different patients.</span>
          </div>
        ) : null}
        <Fact name="Images to write"><span className="mono">{plan.images}</span></Fact>
        {plan.enhanced > 0 ? <WhoseData format={exportFormat} sources={sources} /> : null}
        <div className="small">Each file is marked as made by a model, read back and compared before the export appears.</div>
      </section>
      <section>
        <h3>Where</h3>
        <Field label="Name" error={isNameGood ? undefined : 'letters, digits, dot, dash and underscore; at most 80'}>
          <input className="input" name="export-name" value={name} onChange={(event) => setTypedName(event.target.value)} aria-invalid={!isNameGood} />
        </Field>
        <div className="small muted">{folder ? `in ${folder.name}` : <>in the library’s exports folder{host.value ? <>, under <span className="mono">{host.value.library}</span></> : null}</>}</div>
        {host.value && !host.value.folderDialog ? <div className="small muted">A browser may not choose folders: copy it from there, or use the command line (<span className="mono">scanloom export --out FOLDER</span>).</div> : null}
        {host.value?.folderDialog ? <Button onClick={() => void chooseFolder()}>Another folder …</Button> : null}
      </section>
      <div className="export-start">
      <Button look="main" className="wide" data-testid="start-export" disabledBecause={refusal} onClick={() => void start()} chord="Ctrl+Enter">Export {plan.images > 0 ? format.count(plan.images, 'image') : ''}</Button>
      {refusal !== undefined && asked.length > 0 ? <div className="small muted">{refusal}</div> : null}
      {error ? <ErrorNote error={error} /> : null}
      </div>
    </aside>
  );
}

/** Whose images a run of enhanced series was made from. */
function RunSource({ overview }: { overview: RunOverview | undefined }): ReactNode {
  const { hideIdentifiers } = useStore(preferences);
  const sources = overview?.sources ?? [];
  if (sources.length === 0) return null;
  return <span className="small"><br />{sources.slice(0, 2).map((source) => sourceWords(source, hideIdentifiers)).join('; ')}{sources.length > 2 ? `; ${sources.length - 2} more` : ''}</span>;
}

function leftWords(overview: RunOverview | undefined): string {
  if (overview === undefined) return '';
  if (overview.provenance === 'enhanced') return ` · ${format.count(overview.images, 'slice')}${overview.rejected > 0 ? ` · ${overview.rejected} rejected` : ''}`;
  return overview.undecided > 0 ? ` · ${overview.undecided} not decided` : '';
}

/** What an export of enhanced series says of real persons, before it is made. */
function WhoseData({ format: chosen, sources }: { format: ExportFormat; sources: readonly SourceNamed[] }): ReactNode {
  const { hideIdentifiers } = useStore(preferences);
  const persons = personsOf(sources);
  const names = persons.slice(0, 5).map((one) => (hideIdentifiers ? '•••••' : [format.personName(one.patientName) || one.patientId, format.dicomDate(one.patientBirthDate)].filter(Boolean).join(', born ')));
  const who = persons.length === 0 ? 'real persons' : `${format.count(persons.length, 'person')} (${names.join('; ')}${persons.length > 5 ? '; …' : ''})`;
  return (
    <div className="note bad small" data-testid="whose-data">
      <strong>! Enhanced series are images of {who}.</strong>
      <span>{chosen === 'dicom' ? <>The files carry name, number, birth date and all dates of the source: they are not de-identified. <span className="mono">scanloom deidentify</span> makes a copy of DICOM files without them.</> : 'The files name nobody, but they hold the UIDs and the pixels of the source: they are not anonymous.'}</span>
    </div>
  );
}
