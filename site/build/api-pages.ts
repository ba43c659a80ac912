/** A TypeDoc plugin: names the packages' entries as they are imported, and says which page stands where and what is left out of it. */
import {
  type Application,
  Comment,
  type Context,
  Converter,
  DeclarationReflection,
  type PageDefinition,
  PageEvent,
  type ProjectReflection,
  ReferenceReflection,
  ReferenceType,
  Reflection,
  ReflectionKind,
  type RouterTarget,
  type SomeType,
} from 'typedoc';
import { MemberRouter } from 'typedoc-plugin-markdown';
import { type ApiEntry, apiEntries } from './api-entries.ts';

export const ENTRY_ROUTER = 'entries';

export function apiPages(app: Application): void {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, nameEntry);
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => hideInternal(project));
  // After TypeDoc has found out what is inherited, before it puts what is left into groups.
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => tidy(project), -50);
  app.renderer.defineRouter(ENTRY_ROUTER, EntryRouter);
  app.renderer.on(PageEvent.END, placePage, -1); // after Starlight's plugin, which writes the front matter
}

function nameEntry(context: Context, reflection: DeclarationReflection): void {
  if (!reflection.kindOf(ReflectionKind.Module)) return;
  const file = context.getSymbolFromReflection(reflection)?.declarations?.[0]?.getSourceFile().fileName;
  const entry = apiEntries.find((one) => one.file === file);
  if (entry === undefined) throw new Error(`${file} is no entry of a package`);
  reflection.name = entry.name;
  reflection.comment = commentOf(entry.description);
}

/** What cannot be imported is not named as what an interface extends. */
function hideInternal(project: ProjectReflection): void {
  for (const type of interfacesOf(project)) {
    if (type.extendedTypes !== undefined)
      type.extendedTypes = type.extendedTypes.filter((parent) => !isInternal(parent));
  }
}

function isInternal(type: SomeType): boolean {
  return type instanceof ReferenceType && type.reflection === undefined && type.package !== 'typescript';
}

function tidy(project: ProjectReflection): void {
  project.comment = commentOf('Everything that can be imported, and from where.');
  for (const entry of project.children ?? []) {
    for (const child of entry.children ?? []) if (child instanceof ReferenceReflection) describeReference(child);
  }
  for (const type of interfacesOf(project)) tidyInherited(type, entryOf(type.parent)?.isOnePage === true);
}

/** What another entry exports too is listed with what it is, and the link leads there. */
function describeReference(reference: ReferenceReflection): void {
  const { comment, signatures } = targetOf(reference);
  const found = comment ?? signatures?.[0]?.comment;
  if (found !== undefined) reference.comment = found;
}

/** Members of what cannot be imported are the interface's own. A page with several types leaves those of a type with another page to that. */
function tidyInherited(type: DeclarationReflection, isOneOfSeveral: boolean): void {
  for (const member of [...(type.children ?? [])]) {
    if (member.inheritedFrom === undefined) continue;
    const original = member.inheritedFrom.reflection;
    if (original === undefined) delete member.inheritedFrom;
    else if (isOneOfSeveral && original.parent?.parent !== type.parent) type.project.removeReflection(member);
  }
}

/** Pages of an entry stand together, in the order of the entries. */
function placePage(page: PageEvent): void {
  if (!(page.model instanceof Reflection)) return;
  const entry = entryOf(moduleOf(page.model));
  const lines = [`sidebar: { order: ${entry === undefined ? 0 : apiEntries.indexOf(entry) + 1} }`];
  if (entry?.isOnePage) lines.push('tableOfContents: { maxHeadingLevel: 2 }'); // what it exports
  if (page.contents === undefined) return;
  page.contents = page.contents.replace(/^---\n/, `---\n${lines.join('\n')}\n`);
}

/** `codec/functions/createSealer` for what an entry exports, or `sessions/redis#redis` where the entry is one page. */
class EntryRouter extends MemberRouter {
  override buildChildPages(reflection: Reflection, outPages: PageDefinition[]): void {
    const kinds = this.membersWithOwnFile;
    if (entryOf(reflection)?.isOnePage) this.membersWithOwnFile = [];
    super.buildChildPages(reflection, outPages);
    this.membersWithOwnFile = kinds;
  }

  override getIdealBaseName(reflection: Reflection): string {
    const entry = entryOf(reflection);
    return entry === undefined ? super.getIdealBaseName(reflection) : `${entry.folder}/${this.entryFileName}`;
  }

  /** The anchor of an export is that of its heading: its name, with a number if `Unstorage` comes after `unstorage()`, or a type after a property of its name. */
  protected override buildAnchors(target: RouterTarget, pageTarget: RouterTarget): void {
    super.buildAnchors(target, pageTarget);
    if (!(target instanceof DeclarationReflection && target.parent instanceof DeclarationReflection)) return;
    const { parent } = target;
    if (!entryOf(parent)?.isOnePage) return;
    const slug = target.name.toLowerCase();
    const earlier = parent.children?.slice(0, parent.children.indexOf(target)) ?? [];
    const headings = earlier.flatMap((one) => [one, ...(one.children ?? [])]);
    const namesakes = headings.filter(({ name }) => name.toLowerCase() === slug).length;
    const anchor = namesakes === 0 ? slug : `${slug}-${namesakes}`;
    this.anchors.set(target, anchor);
    this.fullUrls.set(target, `${this.fullUrls.get(parent)}#${anchor}`);
  }

  override hasUrl(target: RouterTarget): boolean {
    return super.hasUrl(targetOf(target));
  }

  override getFullUrl(target: RouterTarget): string {
    return super.getFullUrl(targetOf(target));
  }

  override hasOwnDocument(target: RouterTarget): boolean {
    return target instanceof ReferenceReflection || super.hasOwnDocument(target);
  }
}

function targetOf<Target>(target: Target): Target | DeclarationReflection {
  const found = target instanceof ReferenceReflection ? target.tryGetTargetReflectionDeep() : undefined;
  return found instanceof DeclarationReflection ? found : target;
}

function entryOf(reflection: Reflection | undefined): ApiEntry | undefined {
  if (!reflection?.kindOf(ReflectionKind.Module)) return undefined;
  return apiEntries.find(({ name }) => name === reflection.name);
}

function moduleOf(reflection: Reflection): Reflection | undefined {
  return reflection.kindOf(ReflectionKind.Module) ? reflection : reflection.parent && moduleOf(reflection.parent);
}

function interfacesOf(project: ProjectReflection): DeclarationReflection[] {
  return project.getReflectionsByKind(ReflectionKind.Interface).filter((one) => one instanceof DeclarationReflection);
}

function commentOf(text: string): Comment {
  return new Comment([{ kind: 'text', text }]);
}
