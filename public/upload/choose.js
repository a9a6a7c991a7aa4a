// @ts-check
/** The browser's own choice of files; the two fields stand in upload/fields.js. @param {'files' | 'folder'} what */
export function chooseFiles(what) {
  document.querySelector(/** @type {'input'} */ (`#choose-${what}`))?.click();
}
