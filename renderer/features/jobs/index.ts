export { JobsScreen, StatusLine } from './jobs-screen.tsx';
