// @ts-check
/** The browser's own choice of files; the two fields stand in upload/drop.js. @param {'files' | 'folder'} what */
export function chooseFiles(what) {
  document.querySelector(/** @type {'input'} */ (`#choose-${what}`))?.click();
}
