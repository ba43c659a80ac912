/** A page's title and description go in; the tree of its card comes out, as satori lays it out. */

export interface Box {
  type: string;
  key: string;
  props: { style: Readonly<Record<string, string | number>>; children?: (Box | string)[] | string };
}

export function cardMarkup(card: { title: string; description: string; section: string }): Box {
  const page = {
    width: '100%',
    height: '100%',
    boxSizing: 'border-box',
    padding: 72,
    backgroundColor: '#101617',
    color: '#d0dada',
  } as const;
  return box({ ...page, flexDirection: 'column', justifyContent: 'space-between', fontFamily: 'Inter' }, [
    box({ alignItems: 'center', justifyContent: 'space-between', fontSize: 34 }, [
      box({ alignItems: 'center', color: '#f2f7f6', fontWeight: 600 }, [
        box({
          width: 48,
          height: 48,
          borderRadius: 24,
          border: '12px solid #149184',
          boxSizing: 'border-box',
          marginRight: 20,
        }),
        'Sealring',
      ]),
      box({ color: '#83e0d2', fontSize: 28 }, card.section),
    ]),
    box({ flexDirection: 'column' }, [
      box({ color: '#f2f7f6', fontWeight: 600, fontSize: sizeOf(card.title), lineHeight: 1.15 }, card.title),
      box({ marginTop: 28, fontSize: 32, lineHeight: 1.4 }, shorten(card.description, 170)),
    ]),
    box(
      { height: 12, width: '100%' },
      PARTS.map(([share, color], at) => stripe(share, color, at)),
    ),
  ]);
}

/** The parts of a token, as wide as they are in one of 96 bytes and in the playground's colours. */
const PARTS = [
  [4, '#c4b5fd'],
  [6, '#93c5fd'],
  [8, '#6ee7b7'],
  [24, '#fcd34d'],
  [42, '#cbd5e1'],
  [16, '#fda4af'],
] as const;

const stripe = (share: number, backgroundColor: string, at: number): Box => ({
  ...box({ flexGrow: share, backgroundColor, marginLeft: at === 0 ? 0 : 6, borderRadius: 3 }),
  key: String(at),
});

const sizeOf = (title: string) => (title.length > 60 ? 52 : title.length > 30 ? 64 : 80);

function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, text.lastIndexOf(' ', most))} …`;
}

function box(style: Box['props']['style'], children?: Box['props']['children']): Box {
  const props = children === undefined ? { style } : { style, children };
  return { type: 'div', key: '', props: { ...props, style: { display: 'flex', ...style } } };
}
