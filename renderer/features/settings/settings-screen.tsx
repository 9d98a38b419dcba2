/** The Settings screen: this machine's devices, the library, and what a person chose. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { call, useResource, useStore } from '../../client/index.ts';
import { Button, ErrorNote, Fact, Field, Waiting, changePreferences, format, preferences } from '../../ui/index.ts';
import './settings.css';

export function SettingsScreen(): ReactNode {
  const host = useResource((signal) => call('host', { signal }), 'host');
  const devices = useResource((signal) => call('devices', { signal }), 'devices');
  const chosen = useStore(preferences);
  const [reader, setReader] = useState(chosen.reader);
  const name = reader.trim();
  const readerError = name.length >= 1 && name.length <= 60 ? undefined : '1 to 60 characters';
  return (
    <div className="page settings">
      <div className="page-head"><h1>Settings</h1></div>
      <section className="card">
        <div className="row">
          <h3>Devices</h3>
          <span className="spacer" />
          <Button disabledBecause={devices.loading ? 'The test is running.' : undefined} onClick={devices.reload}>{devices.loading ? 'Testing …' : 'Test again'}</Button>
        </div>
        <p className="muted small">Each was tried with a small model of its own; <em>auto</em> takes the fastest that works.</p>
        {devices.error ? <ErrorNote error={devices.error} onRetry={devices.reload} /> : null}
        {!devices.value && devices.loading ? <Waiting what="the devices" /> : null}
        {devices.value?.map((device) => (
          <div key={device.device} className="device-row" data-testid="device">
            <strong>{device.device.toUpperCase()}</strong>
            <span className={device.usable ? 'good' : 'muted'}>{device.usable ? '✓ works' : '✕ not here'}</span>
            <span className="muted">{device.reason}</span>
          </div>
        ))}
      </section>
      <section className="card">
        <h3>Library</h3>
        {host.error ? <ErrorNote error={host.error} onRetry={host.reload} /> : null}
        {host.value ? (
          <>
            <Fact name="Folder"><span className="mono">{host.value.library}</span></Fact>
            <Fact name="Free on its disk"><span className="mono">{format.bytes(host.value.freeDiskBytes)}</span></Fact>
            <Fact name="Free memory"><span className="mono">{format.bytes(host.value.freeMemoryBytes)}</span></Fact>
          </>
        ) : <Waiting what="the host" />}
      </section>
      <section className="card">
        <h3>You</h3>
        <Field label="Reader: the name your decisions are recorded under" error={readerError}>
          <input
            className="input"
            value={reader}
            onChange={(event) => {
              setReader(event.target.value);
              const next = event.target.value.trim();
              if (next.length >= 1 && next.length <= 60) changePreferences({ reader: next });
            }}
          />
        </Field>
        <label className="row"><input type="checkbox" checked={chosen.reverseWindowDrag} onChange={(event) => changePreferences({ reverseWindowDrag: event.target.checked })} /> Dragging down brightens the image (usual: up)</label>
        <label className="row"><input type="checkbox" checked={chosen.hideIdentifiers} onChange={(event) => changePreferences({ hideIdentifiers: event.target.checked })} /> Hide names, numbers and dates of patients on the screen (key N)</label>
        <p className="muted small">Light or dark follows the system. These choices stay on this machine.</p>
      </section>
      <section className="card">
        <h3>This program</h3>
        {host.value ? (
          <>
            <Fact name="Scanloom"><span className="mono">{host.value.version}</span></Fact>
            <Fact name="ONNX Runtime"><span className="mono">{host.value.onnxruntime}</span></Fact>
            <Fact name="Runs as">{host.value.host === 'desktop' ? 'desktop window' : 'page of a host on this machine only (127.0.0.1)'}</Fact>
          </>
        ) : null}
        <p className="muted small">For research. Not a medical device; not for diagnosis. No pixel and no name leaves this machine: there is no telemetry and no update check.</p>
      </section>
    </div>
  );
}
