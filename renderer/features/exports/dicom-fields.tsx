/** How the DICOM files of an export are written. */
import type { ReactNode } from 'react';
import type { DicomExportOptions } from '#contract';
import { Field } from '../../ui/index.ts';

/** In the order in which they are offered. The compiler asks for a line when a syntax is new. */
const syntaxes: Readonly<Record<DicomExportOptions['transferSyntax'], { readonly label: string; readonly words: string }>> = {
  explicit: { label: 'Uncompressed', words: 'Every reader opens it.' },
  'jpeg-ls': { label: 'JPEG-LS, lossless', words: 'About a third to a half of the size, quick; most readers open it.' },
  'jpeg-2000': { label: 'JPEG 2000, lossless', words: 'About as small as JPEG-LS, slower to write; archives know it.' },
  rle: { label: 'RLE, lossless', words: 'Saves little, and is the simplest of the three to read.' },
};
const syntaxNames = Object.keys(syntaxes) as DicomExportOptions['transferSyntax'][];

export const plainDicom: DicomExportOptions = { transferSyntax: 'explicit', fileSet: false, differenceMaps: false };

/** @param props.enhanced Series in the choice that have a source to differ from. */
export function DicomFields({ options, enhanced, onChange }: { options: DicomExportOptions; enhanced: number; onChange(options: DicomExportOptions): void }): ReactNode {
  return (
    <div className="dicom-fields" data-testid="dicom-options">
      <Field label="Pixels" hint={`${syntaxes[options.transferSyntax].words} The values are the same bit by bit.`}>
        <select className="input" name="transfer-syntax" value={options.transferSyntax} onChange={(event) => {
          const chosen = syntaxNames.find((name) => name === event.target.value);
          if (chosen) onChange({ ...options, transferSyntax: chosen });
        }}>
          {syntaxNames.map((name) => <option key={name} value={name}>{syntaxes[name].label}</option>)}
        </select>
      </Field>
      <label className="export-also small">
        <input type="checkbox" name="file-set" checked={options.fileSet} onChange={(event) => onChange({ ...options, fileSet: event.target.checked })} />
        <span>With a DICOMDIR<span className="muted"><br />For discs and older workstations; files then have names of eight capitals.</span></span>
      </label>
      <label className="export-also small">
        <input type="checkbox" name="difference-maps" checked={options.differenceMaps} disabled={enhanced === 0} onChange={(event) => onChange({ ...options, differenceMaps: event.target.checked })} />
        <span>With difference maps<span className="muted"><br />{enhanced === 0 ? 'Only enhanced series have a source to differ from.' : 'Beside each enhanced series what the model added to an interpolation, as a Parametric Map.'}</span></span>
      </label>
    </div>
  );
}
