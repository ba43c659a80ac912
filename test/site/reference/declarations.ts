/** A file of the packages' sources -> what it declares: the texts of a union, the options of an interface, the number of a constant. */
import { type Declaration, parseSync, type Statement, type TSInterfaceDeclaration } from 'oxc-parser';
import { read } from '../../support/repository.ts';

export interface Option {
  readonly name: string;
  /** From its docstring: the first number or literal after "Default"; undefined where it names none. */
  readonly default: string | undefined;
}

/** @throws {Error} where the file declares no such union of texts. */
export function membersOf(path: string, union: string): string[] {
  const found = statementsOf(path).find((node) => node.type === 'TSTypeAliasDeclaration' && node.id.name === union);
  if (found?.type !== 'TSTypeAliasDeclaration' || found.typeAnnotation.type !== 'TSUnionType')
    throw missing(path, union);
  return found.typeAnnotation.types.map((type) => {
    if (type.type !== 'TSLiteralType' || type.literal.type !== 'Literal') throw missing(path, union);
    return String(type.literal.value);
  });
}

/** The members of an interface's own, not those it extends. @throws {Error} where there is no such interface. */
export function optionsOf(path: string, name: string): Option[] {
  const source = read(path);
  const found = interfacesOf(path).find((node) => node.id.name === name);
  if (found === undefined) throw missing(path, name);
  let from = found.body.start;
  return found.body.body.map((member) => {
    const comment = source.slice(from, member.start);
    from = member.end;
    const isNamed = member.type === 'TSPropertySignature' || member.type === 'TSMethodSignature';
    if (!isNamed || member.key.type !== 'Identifier') throw missing(path, name);
    return {
      name: member.key.name,
      default: /\bDefault:? (?:`([^`]+)`|'([^']+)'|(true|false|[\d,]*\d))/.exec(comment)?.slice(1).find(Boolean),
    };
  });
}

function interfacesOf(path: string): TSInterfaceDeclaration[] {
  return statementsOf(path).filter((node) => node.type === 'TSInterfaceDeclaration');
}

/** A constant of whole numbers, which may be a product. @throws {Error} where the file has none of this name. */
export function numberOf(path: string, constant: string): number {
  const [, text] = new RegExp(`\\bconst ${constant}(?:: number)? = ([\\dxa-f_* ]+);`).exec(read(path)) ?? [];
  if (text === undefined) throw missing(path, constant);
  return text.split('*').reduce((product, factor) => product * Number(factor.replaceAll('_', '')), 1);
}

function statementsOf(path: string): (Statement | Declaration)[] {
  const { body } = parseSync(path, read(path)).program;
  return body.map((node) => (node.type === 'ExportNamedDeclaration' && node.declaration) || node);
}

function missing(path: string, name: string): Error {
  return new Error(`${path} does not declare ${name} as this test reads it`);
}
