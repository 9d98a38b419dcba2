/** One export: its manifest, its report, and whether its files are still what was written. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { ScanloomError } from '#contract';
import type { ExportManifest, ExportRecord, VerifyReport } from '#contract';
import { call, live, urls, useResource, useStore } from '../../client/index.ts';
import { Button, ErrorNote, Fact, Progress, Waiting, format, tell } from '../../ui/index.ts';

/** @param since What became of its items since, in words. */
export function ExportReport({ record, since }: { record: ExportRecord; since: readonly string[] }): ReactNode {
  const isDone = record.state === 'done';
  const manifest = useResource(isDone ? (signal) => call('getExportManifest', { params: { exportId: record.exportId }, signal }) : null, record.exportId);
  const [verified, setVerified] = useState<VerifyReport | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ScanloomError | null>(null);
  const [showReport, setShowReport] = useState(false);
  const verify = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      setVerified(await call('verifyExport', { params: { exportId: record.exportId } }));
    } catch (thrown) {
      setError(ScanloomError.from(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="stack export-report" data-testid="export-report" data-state={record.state}>
      <div className="page-head">
        <h2>{record.name}</h2>
        <span className="mono muted small">{record.folder}</span>
        <span className="spacer" />
        {isDone ? <Button onClick={() => setShowReport(!showReport)} pressed={showReport}>Report</Button> : null}
        <Button data-testid="verify-export" disabledBecause={isDone ? (busy ? 'It is being checked.' : undefined) : 'It is not finished.'} onClick={() => void verify()}>{busy ? 'Checking …' : 'Verify'}</Button>
      </div>
      {record.state === 'failed' ? <div className="note bad"><strong>✕ {record.error ?? 'The export failed.'}</strong><span>Nothing was published; what was written before is removed.</span></div> : null}
      {record.state === 'cancelled' ? <div className="note"><strong>– {record.error ?? 'The export was cancelled.'}</strong></div> : null}
      {since.length > 0 ? <div className="note bad" data-testid="out-of-date"><strong>! {since.join('; ')}.</strong><span>The files are as they were written. Export again to leave {since.length === 1 && since[0]?.startsWith('1 ') ? 'it' : 'them'} out.</span></div> : null}
      {record.state === 'running' ? <Running record={record} /> : null}
      {error ? <ErrorNote error={error} /> : null}
      {verified ? <Verified report={verified} /> : null}
      {manifest.error ? <ErrorNote error={manifest.error} onRetry={manifest.reload} /> : null}
      {isDone && !manifest.value && manifest.loading ? <Waiting what="the manifest" /> : null}
      {manifest.value ? <ManifestTable manifest={manifest.value} /> : null}
      {showReport ? <iframe className="report-frame" title="Report of the export" src={urls.exportReport(record.exportId)} sandbox="" /> : null}
    </section>
  );
}

/** How far it is, and how to stop it. */
function Running({ record }: { record: ExportRecord }): ReactNode {
  const progress = useStore(live).exportProgress.get(record.exportId);
  const [stopping, setStopping] = useState(false);
  const cancel = async (): Promise<void> => {
    setStopping(true);
    try {
      await call('cancelExport', { params: { exportId: record.exportId } });
    } catch (thrown) {
      setStopping(false);
      tell(ScanloomError.from(thrown).message, 'bad');
    }
  };
  return (
    <div className="note export-running" data-testid="export-progress">
      {progress ? <Progress done={progress.done} total={progress.total} label="Writing images" /> : null}
      <div className="row">
        <span>{progress ? <>Writing and reading back: <span className="mono">{progress.done} of {progress.total}</span> {progress.total === 1 ? 'image' : 'images'}</> : 'Waiting for its turn …'}</span>
        <Button disabledBecause={stopping ? 'It ends before the next image.' : undefined} onClick={() => void cancel()} data-testid="cancel-export">{stopping ? 'Stopping …' : 'Cancel'}</Button>
      </div>
    </div>
  );
}

function Verified({ report }: { report: VerifyReport }): ReactNode {
  const warnings = report.findings.filter((finding) => finding.level === 'warning').length;
  return (
    <div className={`note ${report.ok ? 'good' : 'bad'}`} data-testid="verify-result" data-ok={report.ok}>
      <strong>{report.ok ? `✓ All ${format.count(report.filesChecked, 'file')} are what the manifest says${warnings > 0 ? `, with ${format.count(warnings, 'warning')}` : ''}.` : `✕ ${format.count(report.findings.length - warnings, 'fault')} found in ${format.count(report.filesChecked, 'file')}.`}</strong>
      {report.findings.slice(0, 100).map((finding, i) => (
        <span key={`${finding.path} ${i}`} className={finding.level === 'error' ? 'bad' : ''}>{finding.level === 'error' ? '✕' : '!'} {finding.path === '' ? null : <span className="mono">{finding.path}</span>} {finding.message}</span>
      ))}
    </div>
  );
}

function ManifestTable({ manifest }: { manifest: ExportManifest }): ReactNode {
  const total = manifest.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return (
    <>
      <div className="manifest-facts">
        <div className="card">
          <Fact name="Enhanced series"><span className="mono">{manifest.counts.enhanced}</span></Fact>
          <Fact name="Synthetic images"><span className="mono">{manifest.counts.synthetic}</span></Fact>
          <Fact name="Not reviewed by anyone"><span className="mono">{manifest.counts.undecided}</span></Fact>
          <Fact name="Files"><span className="mono">{manifest.counts.files} · {format.bytes(total)}</span></Fact>
        </div>
        <div className="card">
          <Fact name="Format">{manifest.format}</Fact>
          <Fact name="Made with">Scanloom {manifest.scanloom}</Fact>
          <Fact name="Made">{format.instant(manifest.createdAt)}</Fact>
          <Fact name="Use" tone="model">research only</Fact>
        </div>
      </div>
      <table className="table small">
        <thead><tr><th>File</th><th>Role</th><th className="figure">Size</th><th>SHA-256</th></tr></thead>
        <tbody>
          {manifest.files.slice(0, 200).map((file) => (
            <tr key={file.path}><td className="mono">{file.path}</td><td>{file.role}</td><td className="figure mono">{format.bytes(file.sizeBytes)}</td><td className="mono muted" title={file.sha256}>{file.sha256.slice(0, 12)}…</td></tr>
          ))}
        </tbody>
      </table>
      {manifest.files.length > 200 ? <p className="muted">… and {manifest.files.length - 200} more in manifest.json</p> : null}
    </>
  );
}
