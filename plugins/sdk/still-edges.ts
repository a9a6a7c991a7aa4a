/**
 * Longer edges, in pixels, largest first, that a still keeps in memory once they were made: the enrichers of an asset share them,
 * and each smaller size is made from the next larger one. So one of these, or a little less, is what costs least to ask for.
 */
export const stillEdges = [3840, 2560, 1920, 1280, 640, 320, 256] as const;
