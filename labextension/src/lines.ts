import { PathExt } from '@jupyterlab/coreutils';

/** Add a line at the end of a cell. */
export function withLine(source: string, line: string): string {
  const before = source.replace(/\s+$/, '');
  return before ? `${before}\n${line}` : line;
}

/** Begins a line that makes a notebook use a registry; of the same magic, what is about keys or histories does not. */
export const USES_REGISTRY = /^\s*%registry\s+(?!(["']?)(?:trust|untrust|accept)\1(?:[\s;]|$))\S/;

const ARGUMENT = /^\s*%registry\s+("((?:\\.|[^\\"])+)"|'((?:\\.|[^\\'])+)'|[^\s"'()[\]{}#;?]+)\s*;?(?:\s+#.*)?$/;
/** A path from the root, a home or a URL, as Python has them: it drops a "./" before it looks for a "~". */
const ELSEWHERE = /^\/|^(?:\.\/+)*~|^\s*file:|:\/\//i;
/** What a magic's line takes as one word; at its end a "?" or a backslash would be IPython's. */
const ONE_WORD = /^[^\s"'()[\]{}#;?\\]+$/;
/** What acts instead of showing, as a line break does; the two signs that join letters may stand in a name. */
const HIDDEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/**
 * The line that makes a notebook use a registry that is not the nearest one to it; empty if no line can say where it is,
 * since one that means another registry is worse than none.
 */
export function registryLine(notebook: string, registry: string): string {
  const path = word(pathFrom(PathExt.dirname(notebook), registry));
  return path && `%registry ${path}`;
}

/** The registry that a line makes a notebook use, as the server names it; null if that cannot be told. */
export function registryOf(line: string, notebook: string): string | null {
  const [, whole, doubleQuoted, singleQuoted] = ARGUMENT.exec(line) ?? [];
  const path = doubleQuoted?.replaceAll('\\"', '"') ?? singleQuoted?.replaceAll("\\'", "'") ?? whole;
  if (path === undefined || ELSEWHERE.test(path)) {
    return null;
  }
  return PathExt.join(PathExt.dirname(notebook), path).replace(/\/$/, '');
}

/** The way from a folder to a registry, written so that it is no verb, no option, no home and no URL. */
function pathFrom(folder: string, registry: string): string {
  const path = PathExt.relative(folder, registry);
  if (path.startsWith('~')) {
    // "./" is no help here, and what the server's root is called is not known.
    return folder && `../${PathExt.basename(folder)}/${path}`;
  }
  return path.startsWith('.') ? path : `./${path}`;
}

/** Write a text as one word of a magic's line, as `nbregistry.display.commands` does; empty if there is no such word. */
function word(text: string): string {
  if (text === '' || HIDDEN.test(text)) {
    return '';
  }
  return ONE_WORD.test(text) ? text : inQuotes(text, '"') || inQuotes(text, "'");
}

/** Put quotes around a text; empty if a backslash in it would keep them from closing. */
function inQuotes(text: string, quote: string): string {
  const inside = text.replaceAll(quote, `\\${quote}`);
  return new RegExp(`^(?:\\\\.|[^\\\\${quote}])*$`).test(inside) ? quote + inside + quote : '';
}
