import { wishOf } from './media.ts';

const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const wish = (path: string, search = '', accept?: string) => wishOf({ path, search }, accept);
const notFound = expect.objectContaining({ type: 'route.not-found' }) as Error;

describe('what a media address wishes for', () => {
  it('is the original, a variant of that version, or a size', () => {
    expect(wish(`/media/${id}`)).toEqual({ id });
    expect(wish(`/media/${id}/webp%20640`, 'v=abc')).toEqual({ id, variant: 'webp 640', v: 'abc' });
    expect(wish(`/media/${id}`, 'w=640&h=480&fit=cover&format=webp')).toEqual({
      id,
      w: '640',
      h: '480',
      fit: 'cover',
      format: 'webp',
    });
  });

  it('follows Accept only where the format is still open', () => {
    expect(wish(`/media/${id}`, 'w=640', 'image/avif')).toEqual({ id, w: '640', accept: 'image/avif' });
    expect(wish(`/media/${id}`, 'w=640&format=png', 'image/avif')).not.toHaveProperty('accept');
    expect(wish(`/media/${id}/x.jpg`, 'v=1', 'image/avif')).not.toHaveProperty('accept');
    expect(wish(`/media/${id}`, '', 'image/avif')).not.toHaveProperty('accept');
  });

  it('takes no more of a long Accept than the contract allows', () => {
    expect(wish(`/media/${id}`, 'w=640', 'a'.repeat(5000)).accept).toHaveLength(1000);
  });

  it.each(['/media/', `/media/${id}/`, `/media/${id}/a/b`])('is nothing for %s', (path) => {
    expect(() => wish(path)).toThrow(notFound);
  });
});
