/** The short card of a package inside a panel: what it is, what it was measured to do, what it is not for. */
import type { ReactNode } from 'react';
import type { Figure, PackageSummary } from '#contract';
import { Fact, format } from '../../ui/index.ts';

export function figureWords(figure: Figure): string {
  if (figure.value === null) return '–';
  const digits = Math.abs(figure.value) >= 100 ? 0 : 2;
  const interval = figure.interval === null ? '' : ` (${format.number(figure.interval[0], digits)} … ${format.number(figure.interval[1], digits)})`;
  return `${format.number(figure.value, digits)}${interval}`;
}

export function PackageCard({ summary, most = 4 }: { summary: PackageSummary; most?: number }): ReactNode {
  const { manifest, state } = summary;
  const figures = manifest.figures.filter((figure) => figure.value !== null);
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
      {figures.slice(0, most).map((figure) => (
        <Fact key={`${figure.name} ${figure.modality ?? ''} ${figure.split}`} name={<span title={`${figure.method}\n${figure.data}, ${figure.split}`}>{figure.name}{figure.modality && !figure.name.includes(figure.modality) ? `, ${figure.modality}` : ''}</span>}>
          <span className="mono">{figureWords(figure)}</span>
        </Fact>
      ))}
      {figures.length === 0 ? <div className="muted small">No figure of its quality is in its card.</div> : null}
      <Fact name="Parameters"><span className="mono">{format.number(manifest.parameters / 1e6, 2)} M</span></Fact>
      <Fact name="Not for">diagnosis</Fact>
    </div>
  );
}
