/** A TypeDoc plugin: puts back into the pages of the API what TypeDoc leaves out of the comments, and gives each page a description. */
import {
  type Application,
  type CommentDisplayPart,
  Converter,
  DeclarationReflection,
  PageEvent,
  Reflection,
  type SignatureReflection,
} from 'typedoc';
import ts from 'typescript';

export function apiComments(app: Application): void {
  app.converter.on(Converter.EVENT_CREATE_SIGNATURE, (_context, signature, declaration) => {
    if (declaration === undefined) return;
    if (repeatsComment(signature, declaration)) delete signature.comment;
    else nameErrors(signature, declaration);
  });
  // After Starlight's plugin, which writes the front matter.
  app.renderer.on(PageEvent.END, describePage, -1);
}

/** TypeDoc gives the comment of a function's first form to the others, which stand below it on the same page. */
function repeatsComment(signature: SignatureReflection, declaration: ts.Node): boolean {
  return signature.parent.signatures?.[0] !== signature && ts.getJSDocCommentsAndTags(declaration).length === 0;
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
  for (const [at, { content }] of tags.entries()) {
    const name = names[at]; // none where the comment is that of a type which this one extends
    if (name !== undefined) content.unshift({ kind: 'text', text: `${name} ` });
  }
}

function describePage(page: PageEvent): void {
  const description = firstSentences(summaryOf(page.model));
  if (description === '' || page.contents === undefined) return;
  page.contents = page.contents.replace(/^---\n/, `---\ndescription: ${JSON.stringify(description)}\n`);
}

function summaryOf(model: unknown): readonly CommentDisplayPart[] {
  if (!(model instanceof Reflection)) return [];
  const [signature] = (model instanceof DeclarationReflection && model.signatures) || [];
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
