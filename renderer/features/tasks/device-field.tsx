/** The choice of device, each with why it can or cannot be used. */
import type { ReactNode } from 'react';
import { DeviceChoice } from '#contract';
import type { DeviceReport } from '#contract';
import { Field } from '../../ui/index.ts';

export function DeviceField({ value, devices, onChange }: { value: DeviceChoice; devices: readonly DeviceReport[] | undefined; onChange(value: DeviceChoice): void }): ReactNode {
  const report = devices?.find((one) => one.device === value);
  return (
    <Field label="Device" hint={report ? `${report.usable ? '✓' : '✕'} ${report.reason}` : value === 'auto' ? 'The fastest one that works here.' : undefined}>
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
