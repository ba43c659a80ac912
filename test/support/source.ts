/** TypeScript source -> what the import gate wants to know of it. */
import { parseSync } from 'oxc-parser';

export interface Source {
  /** What it imports or re-exports from, as written. */
  imports: string[];
  /** Forms that the code style refuses, each as `line: form`. */
  refused: string[];
}

/** @throws {Error} where the text does not parse. */
export function readSource(name: string, text: string): Source {
  const { program, module, errors } = parseSync(name, text);
  if (errors.length > 0) throw new Error(`${name}: ${errors[0]?.message}`);
  const lines = text.split('\n');
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
  const refused: string[] = [];
  const imports = module.staticImports.map(({ moduleRequest }) => moduleRequest.value);
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest } of entries) if (moduleRequest) imports.push(moduleRequest.value);
  }
  walk(program, (node) => {
    const line = lineAt(node.start);
    const form = refusedForm(node);
    if (form) refused.push(`${line}: ${form}`);
    const explain = (what: string, comment: string) => {
      const near = [lines[line - 2], ...lines.slice(line - 1, lineAt(node.end))].join('\n'); // the line before, and its own
      if (!near.includes(comment)) refused.push(`${line}: ${what} without "${comment}" beside it`);
    };
    if (isCast(node)) explain('a cast', '// trust boundary:');
    if (node.type === 'ImportExpression') {
      explain('import()', '// loaded late:');
      const source = node['source'];
      if (isNode(source)) imports.push(String(source['value']));
    }
  });
  return { imports: [...new Set(imports)], refused };
}

interface Node {
  type: string;
  start: number;
  end: number;
  [property: string]: unknown;
}

function refusedForm(node: Node): string | undefined {
  if (node.type === 'ExportDefaultDeclaration') return 'export default';
  if (node.type === 'ExportAllDeclaration') return 'export *';
  if (node.type === 'TSImportType') return 'import()';
  if (node.type === 'TSImportEqualsDeclaration') return 'import =';
  if (node.type === 'TSAnyKeyword') return 'the type any';
  if (node.type === 'TSModuleDeclaration' && node['kind'] === 'namespace') return 'namespace';
  return undefined;
}

/** `x as T` and `<T>x`, but not `as const`. */
function isCast(node: Node): boolean {
  if (node.type !== 'TSAsExpression' && node.type !== 'TSTypeAssertion') return false;
  const type = node['typeAnnotation'];
  if (!isNode(type) || type.type !== 'TSTypeReference') return true;
  const name = type['typeName'];
  return !(isNode(name) && name['name'] === 'const');
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  if (!isNode(value)) return;
  visit(value);
  for (const child of Object.values(value)) walk(child, visit);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
