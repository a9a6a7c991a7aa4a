import sharp from 'sharp';

/**
 * The only way to libvips: its loaders are an allow-list, so that a file can reach no parser we do not mean (SVG reads other
 * files, PDF and the like are large). libvips' own cache would hold pixels of pictures that are not asked for again.
 */
sharp.cache(false);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Tiff', 'Heif'].map((format) => `VipsForeignLoad${format}`),
});

export { sharp };
