import type { Page } from 'playwright-core';
import { dropFiles } from './browser.ts';

/** What views are looked at on. */
export interface Stand {
  /** A library of 21 pictures, a video and a torn picture. */
  full: string;
  /** A server that nothing has been added to. */
  empty: string;
  /** A server with keys, of which none is given. */
  guarded: string;
  /** Assets of the full one. */
  photo: string;
  video: string;
  /** Pictures that the full one has. */
  known: readonly string[];
  /** A file that is no picture. */
  text: string;
}

export interface View {
  url(on: Stand): string;
  /** Ends once the view is whole. */
  ready(page: Page): Promise<unknown>;
  /** What is done with it then. */
  act?(page: Page, on: Stand): Promise<unknown>;
  /** Rules of axe-core that it breaks, where that is not ours to mend. */
  excused?: readonly string[];
}

/** Swagger UI has buttons in a button, labels of light colours, and a choice of servers without a name, in markup and styles of its own. */
const ofSwagger = ['color-contrast', 'nested-interactive', 'select-name'];

const full =
  (path: string) =>
  ({ full: base }: Stand): string =>
    base + path;
const photo = ({ full: base, photo: id }: Stand): string => `${base}/assets/${id}`;
const libraryThere = (page: Page): Promise<void> => page.getByText('23 items').waitFor();
const historyThere = (page: Page): Promise<void> =>
  page.getByRole('region', { name: 'History' }).getByRole('listitem').first().waitFor();
const failuresThere = async (page: Page): Promise<void> => {
  await page.getByText('Nothing left to run').waitFor();
  await page.getByText('The file ends early').first().waitFor();
};

/** Files that came, one that is refused, some on their way and some that wait. */
async function addFiles(page: Page, { known, text }: Stand): Promise<void> {
  await dropFiles(page, [...known.slice(0, 1), text]);
  await page.getByText('It was here already').waitFor();
  await page.getByText('This is no picture or video').waitFor();
  await page.route('**/api/uploads', () => undefined);
  await dropFiles(page, known.slice(1, 6));
  await page.getByText('1 of 7 ready, 1 not taken').waitFor();
}

/** Every view of the page, by its name. */
export const views: Record<string, View> = {
  empty: {
    url: ({ empty }) => empty,
    ready: (page) => page.getByRole('heading', { name: 'A collection that knows what is in it' }).waitFor(),
  },
  locked: {
    url: ({ guarded }) => guarded,
    ready: (page) => page.getByRole('heading', { name: 'This collection asks for a key' }).waitFor(),
    act: async (page) => {
      await page.getByLabel('API key').fill('another-one');
      await page.getByRole('button', { name: 'Open' }).click();
      await page.getByText('The server does not know this key.').waitFor();
    },
  },
  library: { url: full('/'), ready: libraryThere },
  filters: {
    url: full('/?panel=filters&type=image/jpeg'),
    ready: (page) => page.getByRole('checkbox', { name: /JPEG/ }).waitFor(),
  },
  ranges: {
    url: full('/?panel=filters&quality.score=20..90'),
    ready: (page) => page.getByRole('slider', { name: 'Quality, at least' }).waitFor(),
    act: (page) => page.getByRole('slider', { name: 'Quality, at least' }).scrollIntoViewIfNeeded(),
  },
  suggestions: {
    url: full('/'),
    ready: libraryThere,
    act: async (page) => {
      await page.getByRole('combobox', { name: /Search/ }).fill('b');
      await page.getByRole('option').first().waitFor();
    },
  },
  tray: { url: full('/'), ready: libraryThere, act: addFiles },
  nothing: { url: full('/?q=zzqqxx'), ready: (page) => page.getByText('Nothing fits').waitFor() },
  refused: { url: full('/?nonsense=1'), ready: (page) => page.getByText('This search cannot be made').waitFor() },
  asset: { url: photo, ready: historyThere },
  'asset-below': {
    url: photo,
    ready: historyThere,
    act: async (page) => {
      await page.getByRole('region', { name: 'History' }).getByText('Quality').click();
      await page.getByRole('button', { name: 'Delete' }).scrollIntoViewIfNeeded();
    },
  },
  'asset-delete': {
    url: photo,
    ready: historyThere,
    act: async (page) => {
      await page.getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('dialog', { name: 'Delete it for good?' }).waitFor();
    },
  },
  video: {
    url: ({ full: base, video }) => `${base}/assets/${video}`,
    ready: (page) => page.getByRole('slider', { name: 'Moment of the video' }).waitFor(),
  },
  gone: {
    url: full('/assets/01ARZ3NDEKTSV4RRFFQ69G5FAV'),
    ready: (page) => page.getByText('There is no such asset').waitFor(),
  },
  operations: { url: full('/operations'), ready: failuresThere },
  quarantine: {
    url: full('/operations'),
    ready: failuresThere,
    act: (page) => page.getByRole('region', { name: 'Quarantine' }).getByRole('listitem').nth(2).scrollIntoViewIfNeeded(),
  },
  help: { url: full('/'), ready: libraryThere, act: (page) => page.keyboard.press('?') },
  'api-docs': {
    url: full('/api/docs'),
    ready: (page) => page.locator('.opblock', { hasText: '/api/search' }).first().waitFor(),
    excused: ofSwagger,
  },
  'api-docs-locked': {
    url: ({ guarded }) => `${guarded}/api/docs`,
    ready: (page) => page.getByLabel('This server asks for a key').waitFor(),
  },
};
