/** The Packages screen: what models there are, what they were measured to do, whether they are whole. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { PackageSummary } from '#contract';
import { call, urls, useResource } from '../../client/index.ts';
import { Button, Empty, ErrorNote, Fact, ModelBadge, Thumbnail, Waiting, figureText, format, measureWords, measuredOn } from '../../ui/index.ts';
import { Markdown } from './markdown.tsx';
import './packages.css';

export function PackagesScreen(): ReactNode {
  const packages = useResource((signal) => call('listPackages', { signal }), 'packages');
  const unreadable = useResource((signal) => call('listUnreadablePackages', { signal }), 'unreadable');
  const [open, setOpen] = useState<string | null>(null);
  return (
    <div className="page packages">
      <div className="page-head">
        <h1>Packages</h1>
        <span className="muted">Models that run on this machine. Every file is checked against its hash before it is used.</span>
      </div>
      {packages.error ? <ErrorNote error={packages.error} onRetry={packages.reload} /> : null}
      {!packages.value && packages.loading ? <Waiting what="the packages" /> : null}
      {unreadable.value?.map((one) => (
        <div key={one.folder} className="note bad" data-testid="unreadable-package">
          <strong>✕ {one.message}</strong>
          {one.hint ? <span>{one.hint}</span> : null}
          <span className="note-code">folder {one.folder}</span>
        </div>
      ))}
      {packages.value?.length === 0 ? <Empty title="No package is installed"><p>Scanloom ships with two; their folder seems to be missing. <code>scanloom doctor</code> says where it looks.</p></Empty> : null}
      <div className="package-list">
        {packages.value?.map((summary) => <PackageEntry key={summary.manifest.id} summary={summary} open={open === summary.manifest.id} onOpen={() => setOpen(open === summary.manifest.id ? null : summary.manifest.id)} />)}
      </div>
    </div>
  );
}

function domainWords(summary: PackageSummary): string {
  const { manifest } = summary;
  if (manifest.task === 'upscale') return `${manifest.upscale.modalities.join(', ')} · ×${manifest.upscale.factor} in plane`;
  const { synthesize } = manifest;
  return `${synthesize.modality} ${synthesize.bodyPart.toLowerCase()}, ${synthesize.contrast}, ${synthesize.plane} · ${synthesize.columns} × ${synthesize.rows} · ${synthesize.classes.join(', ')}`;
}

function PackageEntry({ summary, open, onOpen }: { summary: PackageSummary; open: boolean; onOpen(): void }): ReactNode {
  const { manifest, state } = summary;
  const card = useResource(open ? (signal) => call('getPackageCard', { params: { packageId: manifest.id }, signal }) : null, `${manifest.id} ${String(open)}`);
  return (
    <article className="card package" data-testid="package">
      <div className="row">
        <h2>{manifest.title}</h2>
        <span className="spacer" />
        {state.status === 'verified' ? <span className="good">✓ {summary.bundled ? 'bundled · ' : ''}verified</span> : <span className="bad">✕ damaged</span>}
      </div>
      <div className="muted"><span className="mono">{manifest.id} {manifest.version}</span> · {manifest.task} · {domainWords(summary)}</div>
      {state.status === 'damaged' ? <div className="note bad"><strong>✕ {state.message}</strong><span>It cannot be used. Install it again.</span></div> : null}
      <p>{manifest.summary}</p>
      <div className="package-body">
        <div>
          <Thumbnail className="samples" src={urls.packageSamples(manifest.id)} alt={`samples of ${manifest.id}`} />
          <ModelBadge small>{manifest.task === 'synthesize' ? 'SYNTHETIC' : 'AI-ENHANCED'}</ModelBadge> <span className="muted small">samples of the package</span>
        </div>
        <div className="stack">
          <div>
            <Fact name="Licence">{manifest.licence}</Fact>
            <Fact name="Use" tone="model">{manifest.researchOnly ? 'research only, not for diagnosis' : 'see the card'}</Fact>
            <Fact name="Parameters"><span className="mono">{format.number(manifest.parameters / 1e6, 2)} M</span></Fact>
            <Fact name="Trained">{format.dicomDate(manifest.training.date.replaceAll('-', ''))}, {manifest.training.steps.toLocaleString()} steps, seed {manifest.training.seed}</Fact>
            <Fact name="Names itself by"><span className="mono" title={summary.manifestSha256}>{summary.manifestSha256.slice(0, 16)}…</span></Fact>
          </div>
          {manifest.training.data.length > 0 ? <div className="small muted">Trained on: {manifest.training.data.join('; ')}</div> : null}
        </div>
      </div>
      {manifest.figures.length > 0 ? (
        <table className="table small">
          <thead><tr><th>Figure</th><th>Modality</th><th className="figure">Value</th><th className="figure">Interval</th><th>Measured on</th><th>How</th></tr></thead>
          <tbody>
            {manifest.figures.map((figure, i) => (
              <tr key={`${figure.name} ${i}`}>
                <td>{measureWords(figure.name)}</td>
                <td>{figure.modality ?? ''}</td>
                <td className="figure mono">{figureText(figure, false)}</td>
                <td className="figure mono">{/\((.*)\)/.exec(figureText(figure))?.[1] ?? ''}</td>
                <td className="muted">{measuredOn(figure)}</td>
                <td className="muted">{figure.method}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : <div className="muted small">No figure of its quality is in its manifest.</div>}
      <div><Button look="quiet" aria-expanded={open} onClick={onOpen}>{open ? 'Hide the card' : 'Read the whole card'}</Button></div>
      {open && card.error ? <ErrorNote error={card.error} onRetry={card.reload} /> : null}
      {open && card.value ? <Markdown text={card.value.markdown} /> : null}
    </article>
  );
}
