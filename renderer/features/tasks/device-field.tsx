/** The choice of device. Why each can or cannot be used stands on the Settings screen, and here under the pointer. */
import type { ReactNode } from 'react';
import { DeviceChoice } from '#contract';
import type { DeviceReport } from '#contract';
import { Field } from '../../ui/index.ts';

export function DeviceField({ value, devices, onChange }: { value: DeviceChoice; devices: readonly DeviceReport[] | undefined; onChange(value: DeviceChoice): void }): ReactNode {
  const report = devices?.find((one) => one.device === value);
  return (
    <Field label="Device" hint={report ? <span title={report.reason}>{report.usable ? '✓ works here' : '✕ does not work here; Settings says why'}</span> : value === 'auto' ? 'The fastest one that works here.' : undefined}>
      <select className="input" value={value} onChange={(event) => onChange(DeviceChoice.parse(event.target.value))}>
        {DeviceChoice.options.map((device) => {
          const one = devices?.find((entry) => entry.device === device);
          return (
            <option key={device} value={device} disabled={one !== undefined && !one.usable}>
              {device === 'auto' ? 'auto' : device.toUpperCase()}{one && !one.usable ? ' – not here' : ''}
            </option>
          );
        })}
      </select>
    </Field>
  );
}
