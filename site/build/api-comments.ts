/** A TypeDoc plugin: puts back into the pages of the API what TypeDoc leaves out of the comments, and gives each page a description. */
import {
  type Application,
  type CommentDisplayPart,
  Converter,
  DeclarationReflection,
  PageEvent,
  type SignatureReflection,
} from 'typedoc';
import ts from 'typescript';

export function apiComments(app: Application): void {
  app.converter.on(Converter.EVENT_CREATE_SIGNATURE, (_context, signature, declaration) => {
    if (declaration !== undefined) nameErrors(signature, declaration);
  });
  // After Starlight's plugin, which writes the front matter.
  app.renderer.on(PageEvent.END, describePage, -1);
}

/** Of `@throws {RangeError} when …` TypeDoc keeps what stands behind the braces. */
function nameErrors({ comment }: SignatureReflection, declaration: ts.Node): void {
  const names = ts
    .getJSDocTags(declaration)
    .filter(ts.isJSDocThrowsTag)
    .map(({ typeExpression }) => {
      const types = typeExpression?.type.getText() ?? '';
      return types
        .split('|')
        .map((type) => `\`${type.trim()}\``)
        .join(' or ');
    });
  const tags = comment?.blockTags.filter(({ tag }) => tag === '@throws') ?? [];
  for (const [at, { content }] of tags.entries()) content.unshift({ kind: 'text', text: `${names[at]} ` });
}

function describePage(page: PageEvent): void {
  const description = firstSentences(summaryOf(page.model));
  if (description === '' || page.contents === undefined) return;
  page.contents = page.contents.replace(/^---\n/, `---\ndescription: ${JSON.stringify(description)}\n`);
}

function summaryOf(model: unknown): readonly CommentDisplayPart[] {
  if (!(model instanceof DeclarationReflection)) return [];
  const [signature] = model.signatures ?? [];
  return (model.comment ?? signature?.comment)?.summary ?? [];
}

/** The first sentence; where that is only a word or two, the next one as well. */
function firstSentences(parts: readonly CommentDisplayPart[]): string {
  const [paragraph = ''] = parts
    .map(({ text }) => text)
    .join('')
    .split('\n\n');
  const [first = '', ...others] = paragraph
    .replaceAll('`', '')
    .replace(/\s+/g, ' ')
    .trim()
    .split(/(?<=\.) /);
  return first.length < 30 ? [first, ...others.slice(0, 1)].join(' ') : first;
}
