import { MimeModel, type IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { Widget } from '@lumino/widgets';
import { useLayoutEffect, useRef, type JSX } from 'react';

const HTML = 'text/html';
const REFERENCE = '.nbr-ref';

/**
 * Displays of the registry, drawn by JupyterLab's own renderer as something it does not trust: what could run is taken
 * out. References in them open their pages.
 */
export function Cards(props: {
  html: readonly string[];
  rendermime: IRenderMimeRegistry;
  onOpen: (ref: string) => void;
}): JSX.Element {
  const { html, rendermime, onOpen } = props;
  const host = useRef<HTMLDivElement>(null);
  const open = useRef(onOpen);
  open.current = onOpen;
  const joined = html.join('\n');
  // Before React takes the host out of the page: Lumino detaches only what is still in it.
  useLayoutEffect(() => {
    const node = host.current;
    if (!node) {
      return;
    }
    const renderer = rendermime.createRenderer(HTML);
    void renderer.renderModel(new MimeModel({ data: { [HTML]: joined }, trusted: false })).then(() => {
      if (!renderer.isDisposed) {
        renderer.node.querySelectorAll<HTMLElement>(REFERENCE).forEach(makeLink);
      }
    });
    Widget.attach(renderer, node);
    const use = (event: Event): void => {
      const link = (event.target as HTMLElement).closest<HTMLElement>(REFERENCE);
      const isKey = event instanceof KeyboardEvent;
      if (link && (!isKey || event.key === 'Enter')) {
        event.preventDefault();
        open.current(link.textContent ?? '');
      }
    };
    node.addEventListener('click', use);
    node.addEventListener('keydown', use);
    return () => {
      node.removeEventListener('click', use);
      node.removeEventListener('keydown', use);
      renderer.dispose();
    };
  }, [rendermime, joined]);
  return <div ref={host} className="nbr-Cards" />;
}

function makeLink(node: HTMLElement): void {
  node.setAttribute('role', 'link');
  node.tabIndex = 0;
}
