import { SplitPanel, TabPanel, type Widget } from '@lumino/widgets';

/** Below this share of the window nobody can read a page. */
const LEAST = 0.3;

/** Select a page's tab: Notebook 7 activates what lies below the notebook and leaves another tab in front of it. */
export function bringToFront(page: Widget): void {
  for (let above = page.parent; above; above = above.parent) {
    if (above instanceof TabPanel) {
      above.currentWidget = page;
      return;
    }
  }
}

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
