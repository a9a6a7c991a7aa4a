import type { Context } from 'moleculer';
import pLimit, { type LimitFunction } from 'p-limit';
import { configOf, portsOf } from '../../config/ports.ts';
import { implement, type SchemaOf } from '../../mixins/implement.ts';
import { records, type RecordsService } from '../../mixins/records.ts';
import { tagCatalogOf } from '../../mixins/tag-catalog.ts';
import { tagListener } from '../../mixins/tag-listener.ts';
import { tagKey } from '../../mixins/tag-key.ts';
import type { TagNames } from '../../mixins/tag-names.ts';
import { upkeep, type Upkeep } from '../../mixins/upkeep.ts';
import { call } from '../contracts/contract.ts';
import { emit, events } from '../contracts/event.ts';
import { media } from '../contracts/media.ts';
import { search } from '../contracts/search.ts';
import { tagLimits } from '../contracts/tag-limits.ts';
import { tags, type Tag, type TagRow } from '../contracts/tags.ts';
import { checkTag, createTag, type Draft, draftOf, moveTag, nameTag, noTag, removeTag, renameTag } from './draft.ts';
import { listTags } from './listing.ts';
import { refeedDue } from './refeed.ts';
import { sharedTurns, turnRows, type TurnRow } from './shared-turns.ts';
import { commit, enterName } from './store.ts';
import { suggestTags } from './suggest.ts';
import { catalogue, toRow, type TagRecord } from './tag-records.ts';
import { useKeeper, type UseKeeper } from './use-keeper.ts';
import { isShown, toTag, type Use, useOf } from './use.ts';

interface TagsService extends RecordsService<TagRecord> {
  /** Changes of relations, one after another: each is checked against what the one before has left. */
  turns: LimitFunction;
  /** The same, of all nodes. */
  shared: ReturnType<typeof sharedTurns>;
  /** Of all tags. */
  kept: UseKeeper;
  upkeep: Upkeep;
  stopping: AbortController;
}

/** Owns the catalogue of tags. Which tags an asset has is `media`'s to say. */
export default {
  name: 'tags',
  mixins: [records(catalogue), tagListener],

  actions: implement<typeof tags, TagsService>(tags, {
    async list(ctx) {
      const { names, use } = await known(this);
      return listTags(names, use, ctx.params);
    },
    async get(ctx) {
      const { names, use } = await known(this, [ctx.params.tag]);
      return shownTag(names, use, ctx.params.tag);
    },
    async suggest(ctx) {
      const { for: id, ...wish } = ctx.params;
      const { names, use } = await known(this);
      if (id === undefined) return { items: await suggestTags(names, use, wish) };
      const { items } = await call(ctx, media.tags, { id });
      const together = await togetherOf(ctx, names, items);
      const has = new Set(items.map(({ name }) => names.keyOf(name)));
      return { items: await suggestTags(names, use, { ...wish, asset: { has, together } }) };
    },
    async create(ctx) {
      const { name, parent, synonyms } = ctx.params;
      const created = await change(this, ctx, [], (draft) => {
        let tag = createTag(draft, name);
        if (parent !== undefined) tag = moveTag(draft, tag, parent);
        if (synonyms !== undefined) tag = nameTag(draft, tag, synonyms, { merge: false, hint: enterFirst });
        return tag;
      });
      Object.assign(ctx.meta, { $location: `/api/tags/${encodeURIComponent(created.name)}` });
      return created;
    },
    edit(ctx) {
      const { tag: asked, name, parent, synonyms, merge } = ctx.params;
      return change(this, ctx, name === undefined ? [asked] : [asked, name], (draft, inUse) => {
        let tag = draft.tag(asked);
        shownTag(draft.names, inUse, asked);
        if (name !== undefined) tag = renameTag(draft, tag, name, { merge, inUse: ({ id }) => inUse.has(id) });
        if (parent !== undefined) tag = moveTag(draft, tag, parent);
        if (synonyms !== undefined) tag = nameTag(draft, tag, synonyms, { merge });
        return tag;
      });
    },
    async remove(ctx) {
      const { tag: asked } = ctx.params;
      await change(this, ctx, [asked], (draft, inUse) => {
        const tag = draft.tag(asked);
        shownTag(draft.names, inUse, asked);
        removeTag(draft, asked, ({ id }) => inUse.has(id));
        return tag;
      });
    },
    async learn(ctx) {
      const room = tagLimits.catalogue - (await this.adapter.count());
      const rows = ctx.params.names.slice(0, Math.max(0, room)).map((name): TagRow => ({ id: tagKey(name), name }));
      const entered: string[] = [];
      for (const row of rows) if (await enterName(this.adapter, row)) entered.push(row.name);
      if (entered.length > 0) await tell(this, ctx, entered);
      return (await this.adapter.findByIds(rows.map(({ id }) => id))).map(toRow);
    },
    async rows(ctx) {
      const { ids, after, limit } = ctx.params;
      if (ids) return (await this.adapter.findByIds(ids)).map(toRow);
      return (await this.adapter.find({ query: { id: { $gt: after } }, sort: ['id'], limit })).map(toRow);
    },
  }),

  async started(this: TagsService) {
    this.turns = pLimit(1);
    this.shared = sharedTurns(portsOf(this.broker).records.collection<TurnRow>(turnRows));
    this.stopping = new AbortController();
    this.kept = useKeeper({
      names: () => tagCatalogOf(this.broker).names(),
      count: async () => (await call(this.broker, search.tagUse, {})).items,
      feed: () => call(this.broker, search.feed, {}, { timeout: 0 }),
    });
    const options = {
      broker: this.broker,
      records: this.adapter,
      quietly: <T>(read: () => Promise<T>) => this.turns(read),
      signal: this.stopping.signal,
    };
    this.upkeep = upkeep({
      logger: this.logger,
      everyMs: configOf(this.broker).reconcileSeconds * 1000,
      round: async () => ({ reindexed: await refeedDue(options) }),
    });
    await Promise.resolve();
  },

  events: {
    async '$broker.started'(this: TagsService) {
      await this.upkeep.begin();
    },
  },

  async stopped(this: TagsService) {
    this.stopping.abort();
    await this.upkeep.end();
  },
} satisfies SchemaOf<TagsService>;

/** What a new tag can be told of a synonym that is a tag already. */
const enterFirst = 'enter it without that one, then PATCH its synonyms with "merge": true';

/**
 * The catalogue, and in how many assets the index has each name. Names that are `asked` for may have come into use a moment ago:
 * before it is said that nothing is known of one, the index is brought up to date.
 */
async function known(service: TagsService, asked: readonly string[] = []) {
  const names = await tagCatalogOf(service.broker).names();
  const use = await service.kept.use();
  const doubtful = asked.map((name) => names.tag(name)).some((tag) => tag && !isShown(names, use, tag));
  return { names, use: doubtful ? await service.kept.fresh() : use };
}

/** How often tags stand on assets that have one of these. Of very many spellings the last do not count. */
async function togetherOf(ctx: Context, names: TagNames, having: readonly { name: string }[]): Promise<Use> {
  const beside = having.flatMap(({ name }) => names.spellings(name)).slice(0, tagLimits.spellings);
  return useOf((await call(ctx, search.tagUse, { beside })).items, names);
}

/** @throws tag.not-found also for a name that is in no use and in no relation any more */
function shownTag(names: TagNames, use: Use, name: string): Tag {
  const tag = names.tag(name);
  if (!tag || !isShown(names, use, tag)) throw noTag(name);
  return toTag(names, use, tag);
}

/**
 * This node knows of a change before the others are told, and before the one who made it is answered. Of a very large one no name
 * is told, which means all.
 */
async function tell(service: TagsService, ctx: Context, changed: readonly string[]): Promise<void> {
  await tagCatalogOf(service.broker).refresh(changed);
  await emit(ctx, events.tagsChanged, { names: changed.length > tagLimits.atOnce ? [] : [...changed] });
}

/**
 * One change after another, on all nodes: two that are tried out at once could make a circle together. A process that is alone needs no
 * lease for it; one of several reads again what others may have changed.
 */
function inTurn<T>({ broker, turns, shared }: TagsService, work: (lost?: AbortSignal) => Promise<T>): Promise<T> {
  if (!broker.transit) return turns(() => work());
  return turns(() =>
    shared(async ({ othersHad, lost }) => {
      if (othersHad) await tagCatalogOf(broker).reread();
      return work(lost);
    }),
  );
}

/** Tries a change out, checks what comes of it, writes it and has the index follow. */
function change(
  service: TagsService,
  ctx: Context,
  asked: readonly string[],
  make: (draft: Draft, use: Use) => TagRow,
): Promise<Tag> {
  return inTurn(service, async (lost) => {
    const { names, use } = await known(service, asked);
    const draft = draftOf(names);
    const tag = make(draft, use);
    checkTag(draft, tag);
    if (draft.changed.size > 0) {
      lost?.throwIfAborted();
      await commit(service.adapter, names, draft, tag);
      const changed = [...draft.changed].map((id) => draft.names.row(id) ?? names.row(id));
      await tell(
        service,
        ctx,
        changed.flatMap((row) => row?.name ?? []),
      );
      void service.upkeep.soon();
    }
    return toTag(names, await service.kept.use(), tag);
  });
}
