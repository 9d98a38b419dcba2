import './client/without-eval.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
// Shared styles before those of the screens, which may refine them.
import './ui/tokens.css';
import './ui/controls.css';
import './ui/shell.css';
import './features/viewer/viewer.css';
import { App } from './app.tsx';

const root = document.getElementById('root');
if (root) createRoot(root).render(<StrictMode><App /></StrictMode>);
