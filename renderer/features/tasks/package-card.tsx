/** The short card of a package inside a panel: what it is, what it was measured to do, what it is not for. */
import type { ReactNode } from 'react';
import type { PackageSummary } from '#contract';
import { Fact, figureText, format, measureWords } from '../../ui/index.ts';

/** @param modality Of what lies open: figures of other modalities are left to the Packages screen. */
export function PackageCard({ summary, modality, most = 3 }: { summary: PackageSummary; modality?: string; most?: number }): ReactNode {
  const { manifest, state } = summary;
  const figures = manifest.figures.filter((figure) => figure.value !== null);
  const fitting = figures.filter((figure) => modality === undefined || figure.modality === undefined || figure.modality === modality);
  const shown = (fitting.length > 0 ? fitting : figures).slice(0, most);
  const first = shown[0];
  return (
    <div className="card">
      <div className="row">
        <strong>{manifest.id}</strong>
        <span className="muted">{manifest.version}</span>
        <span className="spacer" />
        {state.status === 'verified' ? <span className="good small">✓ {summary.bundled ? 'bundled · ' : ''}verified</span> : <span className="bad small">✕ damaged</span>}
      </div>
      <div className="muted small clamped" title={manifest.summary}>{manifest.summary}</div>
      {state.status === 'damaged' ? <div className="bad small">{state.message}</div> : null}
      {shown.map((figure) => (
        <Fact key={`${figure.name} ${figure.modality ?? ''} ${figure.split}`} name={<span title={figure.method}>{measureWords(figure.name)}</span>}>
          <span className="mono" title={figure.interval === null ? figure.method : `interval ${figureText(figure)}`}>{figureText(figure, false)}</span>
        </Fact>
      ))}
      {first ? <Fact name="Measured on"><span title={first.method}>{first.data}, {first.split}</span></Fact> : <div className="muted small">No figure of its quality is in its card.</div>}
      <Fact name="Parameters"><span className="mono">{format.number(manifest.parameters / 1e6, 2)} M</span></Fact>
      <Fact name="Not for">diagnosis</Fact>
    </div>
  );
}
