/** The filter of the Export screen. */
import type { ReactNode } from 'react';
import { Button, Field } from '../../ui/index.ts';
import { isFiltering, noFilter } from './export-filter.ts';
import type { ExportFilter } from './export-filter.ts';

interface Props {
  readonly filter: ExportFilter;
  /** Packages that made anything. */
  readonly packages: readonly string[];
  onChange(filter: ExportFilter): void;
}

/** @param props.packages In the order in which they are offered. */
export function FilterFields({ filter, packages, onChange }: Props): ReactNode {
  const select = <Name extends 'packageId' | 'provenance' | 'decision'>(name: Name, label: string, options: readonly (readonly [ExportFilter[Name], string])[]): ReactNode => (
    <Field label={label}>
      <select className="input" name={`filter-${name}`} value={filter[name]} onChange={(event) => {
        const chosen = options.find(([value]) => value === event.target.value);
        if (chosen) onChange({ ...filter, [name]: chosen[0] });
      }}>
        {options.map(([value, words]) => <option key={value} value={value}>{words}</option>)}
      </select>
    </Field>
  );
  return (
    <details className="export-filter" data-testid="export-filter" open={isFiltering(filter) ? true : undefined}>
      <summary>Filter by day, model, task or decision</summary>
      <div className="export-filter-fields">
        <Field label="Made from"><input className="input" type="date" name="filter-from" value={filter.from} max={filter.to === '' ? undefined : filter.to} onChange={(event) => onChange({ ...filter, from: event.target.value })} /></Field>
        <Field label="to"><input className="input" type="date" name="filter-to" value={filter.to} min={filter.from === '' ? undefined : filter.from} onChange={(event) => onChange({ ...filter, to: event.target.value })} /></Field>
        {select('packageId', 'Model', [['', 'any'], ...packages.map((one) => [one, one] as const)])}
        {select('provenance', 'Task', [['', 'any'], ['enhanced', 'enhanced by a model'], ['synthetic', 'synthesized']])}
        {select('decision', 'Decision', [['', 'any'], ['accepted', 'accepted'], ['unsure', 'unsure'], ['undecided', 'not decided']])}
        {isFiltering(filter) ? <Button look="quiet" onClick={() => onChange(noFilter)}>Show everything</Button> : null}
      </div>
    </details>
  );
}
