import { PathExt } from '@jupyterlab/coreutils';

/** Add a line at the end of a cell. */
export function withLine(source: string, line: string): string {
  const before = source.replace(/\s+$/, '');
  return before ? `${before}\n${line}` : line;
}

/** Begins a line that makes a notebook use a registry; of the same magic, what is about keys does not. */
export const USES_REGISTRY = /^\s*%registry\s+(?!(?:trust|untrust|accept)(?:\s|$))\S/;

/** The line that makes a notebook use a registry that is not the nearest one to it. */
export function registryLine(notebook: string, registry: string): string {
  const path = PathExt.relative(PathExt.dirname(notebook), registry);
  return `%registry ${/[\s"'#;?()[\]{}]/.test(path) ? JSON.stringify(path) : path}`;
}
