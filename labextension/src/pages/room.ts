import { SplitPanel, type Widget } from '@lumino/widgets';

/** Below this share of the window nobody can read a page. */
const LEAST = 0.3;

/** Give a page half of the panel that it shares with a notebook, if it has less than can be read. */
export function makeRoom(page: Widget): void {
  for (let below: Widget = page, above = page.parent; above; below = above, above = above.parent) {
    if (above instanceof SplitPanel && above.orientation === 'vertical') {
      const sizes = above.relativeSizes();
      const place = above.widgets.indexOf(below);
      if ((sizes[place] ?? 1) < LEAST) {
        above.setRelativeSizes(sizes.map((_, index) => (index === place ? 1 : 1 / (sizes.length - 1))));
      }
      return;
    }
  }
}
