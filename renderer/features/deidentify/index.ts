export { DeidentifyScreen } from './deidentify-screen.tsx';
