/** Every shared control in every state (`#/gallery`), to look at after a change of the tokens. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Choices, Empty, ErrorNote, Fact, Field, Key, ModelBadge, Progress, confirm, tell } from '../index.ts';
import './gallery.css';

export function Gallery(): ReactNode {
  const [choice, setChoice] = useState('a');
  return (
    <div className="page gallery">
      <div className="page-head"><h1>Gallery of controls</h1></div>
      <section>
        <h3>Buttons</h3>
        <div className="row">
          <Button>plain</Button>
          <Button look="main" chord="Ctrl+Enter">main</Button>
          <Button look="quiet">quiet</Button>
          <Button look="danger">danger</Button>
          <Button pressed>pressed</Button>
          <Button disabledBecause="The reason shows beside the pointer.">cannot be pressed</Button>
          <Button look="main" disabledBecause="The reason shows beside the pointer.">cannot be pressed</Button>
        </div>
      </section>
      <section>
        <h3>Choices and fields</h3>
        <Choices label="Example" value={choice} onChange={setChoice} options={[{ value: 'a', label: '1 Lung' }, { value: 'b', label: '2 Soft tissue' }, { value: 'c', label: '3 Bone' }]} />
        <div className="gallery-fields">
          <Field label="Steps" hint="1 to 1,000"><input className="input mono" defaultValue="30" /></Field>
          <Field label="Steps" error="1 to 1000"><input className="input mono" defaultValue="0" aria-invalid /></Field>
          <Field label="Device" hint="The fastest one that works here."><select className="input"><option>auto</option></select></Field>
        </div>
      </section>
      <section>
        <h3>Marks</h3>
        <div className="row">
          <ModelBadge>AI-ENHANCED ×2 · RESEARCH</ModelBadge>
          <ModelBadge>SYNTHETIC · glioma · RESEARCH</ModelBadge>
          <ModelBadge small>SYNTHETIC</ModelBadge>
          <span className="tag">gantry-tilt</span>
          <span className="good">✓ accepted</span>
          <span className="bad">✕ rejected</span>
          <span className="model">made by a model</span>
          <Key chord="Shift+ArrowUp" />
        </div>
      </section>
      <section className="gallery-fields">
        <div className="card">
          <Fact name="Time, estimated"><span className="mono">about 25 s</span></Fact>
          <Fact name="Seams" tone="good">✓ checked</Fact>
          <Fact name="Memory" tone="bad">✕ 9 GB of 3 GB free</Fact>
          <Fact name="Use" tone="model">research only</Fact>
        </div>
        <div className="card">
          <Progress done={0} total={10} label="none" />
          <Progress done={4} total={10} label="some" />
          <Progress done={10} total={10} label="all" />
        </div>
        <ErrorNote error={{ code: 'dicom/truncated', message: 'The file ends inside its pixel data.', hint: 'Copy it again from where it came.' }} onRetry={() => {}} />
      </section>
      <section className="gallery-fields">
        <div className="note">A note.</div>
        <div className="note good"><strong>✓ All 21 files are what the manifest says.</strong></div>
        <div className="note model">What a model did.</div>
      </section>
      <section>
        <h3>Asking and telling</h3>
        <div className="row">
          <Button onClick={() => void confirm('Forget this study?', 'What was made from it stays.', 'Forget').then((yes) => tell(yes ? 'Forgotten.' : 'Kept.'))}>Ask</Button>
          <Button onClick={() => tell('Done.')}>Tell</Button>
          <Button onClick={() => tell('The disk is full.', 'bad')}>Tell what failed</Button>
        </div>
      </section>
      <Empty title="Nothing here yet">An empty screen says what to do first.</Empty>
    </div>
  );
}
