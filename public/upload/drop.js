// @ts-check
import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../parts/icon.js';
import { say } from '../parts/notices.js';
import { add } from './queue.js';

/** Names that systems put into folders, and nobody means to send. */
const clutter = /^(\.|Thumbs\.db$|desktop\.ini$)/i;

/** All files below what was dropped, folders included. @param {readonly (FileSystemEntry | File)[]} dropped */
async function filesBelow(dropped) {
  /** @type {File[]} */
  const files = [];
  const rest = [...dropped];
  for (let one = rest.shift(); one; one = rest.shift()) {
    if (one instanceof File) files.push(one);
    else if (one.isDirectory) rest.unshift(...(await entriesOf(/** @type {FileSystemDirectoryEntry} */ (one))));
    else files.push(await new Promise((resolve, reject) => /** @type {FileSystemFileEntry} */ (one).file(resolve, reject)));
  }
  return files.filter(({ name }) => !clutter.test(name));
}

/** A reader gives a hundred at a time, and nothing at the end. @param {FileSystemDirectoryEntry} folder */
async function entriesOf(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const entries = [];
  for (;;) {
    const some = await /** @type {Promise<FileSystemEntry[]>} */ (
      new Promise((resolve, reject) => reader.readEntries(resolve, reject))
    );
    if (some.length === 0) return entries;
    entries.push(...some);
  }
}

/** @param {DataTransfer} data */
async function take(data) {
  // Entries are there only until the event is over.
  const dropped = [...data.items]
    .filter(({ kind }) => kind === 'file')
    .flatMap((item) => item.webkitGetAsEntry() ?? item.getAsFile() ?? []);
  const files = await filesBelow(dropped);
  if (files.length === 0) say('There are no files in it.');
  add(files);
}

const hasFiles = (/** @type {DragEvent} */ { dataTransfer }) => dataTransfer?.types.includes('Files') ?? false;

/** Files may be dropped anywhere on the page, and pasted; the two fields are for those who choose them. */
export function DropZone() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    let depth = 0;
    const leave = new AbortController();
    const { signal } = leave;
    const on = (/** @type {string} */ name, /** @type {(event: DragEvent) => void} */ act) =>
      addEventListener(
        name,
        (event) => hasFiles(/** @type {DragEvent} */ (event)) && (event.preventDefault(), act(/** @type {DragEvent} */ (event))),
        { signal },
      );
    on('dragenter', () => setOver(++depth > 0));
    on('dragleave', () => setOver(--depth > 0));
    on('dragover', ({ dataTransfer }) => dataTransfer && (dataTransfer.dropEffect = 'copy'));
    on('drop', ({ dataTransfer }) => {
      depth = 0;
      setOver(false);
      if (dataTransfer) void take(dataTransfer);
    });
    addEventListener('paste', ({ clipboardData }) => clipboardData?.files.length && add([...clipboardData.files]), { signal });
    return () => leave.abort();
  }, []);
  const onChange = (/** @type {Event} */ { currentTarget }) => {
    const input = /** @type {HTMLInputElement} */ (currentTarget);
    add([...(input.files ?? [])].filter(({ name }) => !clutter.test(name)));
    input.value = '';
  };
  return html`<div>
    <input
      id="choose-files"
      type="file"
      multiple
      accept="image/*,video/*"
      hidden
      aria-label="Pictures and videos to add"
      onChange=${onChange}
    />
    <input
      id="choose-folder"
      type="file"
      webkitdirectory
      hidden
      aria-label="A folder of pictures and videos to add"
      onChange=${onChange}
    />
    <div class="drop" data-over=${over} aria-hidden="true">
      <p><${Icon} name="upload" size="32" />Drop pictures, videos and folders</p>
    </div>
  </div>`;
}
