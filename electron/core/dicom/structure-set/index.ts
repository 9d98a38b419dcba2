/** RT Structure Sets, read: PS3.3 A.19. */
export { isStructureSet, readStructureSet, type Contour, type Roi, type StructureSet } from './read-structure-set.ts';
export { contoursOnImage, roisOnImage, type ContoursOnImage, type DrawnContour } from './contours-on-image.ts';
