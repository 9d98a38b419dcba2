export { StudiesScreen } from './studies-screen.tsx';
