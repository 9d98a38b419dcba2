/** The short card of a package inside a panel: what it cannot do, then what it was measured to do, and how. */
import type { ReactNode } from 'react';
import type { PackageSummary } from '#contract';
import { Fact, figureText, format, measureWords, measuredOn } from '../../ui/index.ts';

/** @param modality Of what lies open: figures of other modalities are left to the Packages screen. */
export function PackageCard({ summary, modality, most = 3 }: { summary: PackageSummary; modality?: string; most?: number }): ReactNode {
  const { manifest, state } = summary;
  const figures = manifest.figures.filter((figure) => figure.value !== null);
  const fitting = figures.filter((figure) => modality === undefined || figure.modality === undefined || figure.modality === modality);
  const shown = (fitting.length > 0 ? fitting : figures).slice(0, most);
  const methods = [...new Set(shown.map((figure) => figure.method))];
  return (
    <div className="card">
      <div className="row">
        <strong>{manifest.id}</strong>
        <span className="muted">{manifest.version}</span>
        <span className="spacer" />
        {state.status === 'verified' ? <span className="good small">✓ {summary.bundled ? 'bundled · ' : ''}verified</span> : <span className="bad small">✕ damaged</span>}
      </div>
      {/* In full, and before any figure: what it cannot do matters more than what it scored. */}
      <div className="note model small" data-testid="package-limits">
        <strong>Research only, not for diagnosis.</strong>
        <span>{manifest.summary}</span>
      </div>
      {state.status === 'damaged' ? <div className="bad small">{state.message}</div> : null}
      {shown.map((figure) => (
        <Fact key={`${figure.name} ${figure.modality ?? ''} ${figure.split}`} name={<span title={figure.method}>{measureWords(figure.name)}</span>}>
          <span className="mono" title={figure.method}>{figureText(figure)}</span>
        </Fact>
      ))}
      {shown[0] ? (
        <>
          <Fact name="Measured on">{measuredOn(shown[0])}</Fact>
          <details className="small">
            <summary>How it was measured</summary>
            {methods.map((method) => <p key={method} className="muted">{method}</p>)}
            {shown.some((figure) => figure.interval !== null) ? <p className="muted">In brackets: the interval, as said there.</p> : null}
          </details>
        </>
      ) : <div className="muted small">No figure of its quality is in its card.</div>}
      <Fact name="Parameters"><span className="mono">{format.number(manifest.parameters / 1e6, 2)} M</span></Fact>
    </div>
  );
}
