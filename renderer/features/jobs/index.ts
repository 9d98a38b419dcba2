export { JobsScreen } from './jobs-screen.tsx';
export { ConnectionNote, StatusLine } from './status-line.tsx';
