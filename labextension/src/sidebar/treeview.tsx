import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, type JSX, type KeyboardEvent, type RefObject } from 'react';

import type { RegistryModel } from '../registry/model';
import { spotOf, type Item, type Spot, type Tree } from '../registry/tree';
import { ModelLine, VersionLine } from './items';

const LINE_HEIGHT = 42;
const OVERSCAN = 8;

/**
 * Models and versions as a tree of which only what is in sight is drawn. The keyboard stays on the tree itself and
 * `aria-activedescendant` says which line it is on, so that a line may go out of sight.
 */
export function TreeView(props: { model: RegistryModel; onOpen: (ref: string) => void }): JSX.Element {
  const { model, onOpen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const tree = model.tree();
  const found = model.awaited ?? (model.active ? tree.placeOf(model.active) : -1);
  // Where many came at once, the line may be on a page that is not here: the keyboard stays about where it was.
  const lastPlace = useRef(-1);
  if (found >= 0) {
    lastPlace.current = found;
  }
  const place = found >= 0 || !model.active ? found : Math.min(lastPlace.current, tree.length - 1);
  const virtual = useVirtualizer({
    count: tree.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: OVERSCAN
  });
  const lines = virtual.getVirtualItems();
  const first = lines[0]?.index ?? 0;
  const last = lines[lines.length - 1]?.index ?? 0;
  useEffect(() => model.want(first, last));
  useSteadyScroll(scroller, tree);

  const moveTo = (next: number): void => {
    const bounded = Math.max(0, Math.min(tree.length - 1, next));
    model.activateAt(bounded);
    virtual.scrollToIndex(bounded);
  };
  const use = (item: Item | undefined): void => {
    if (item?.kind === 'model' && item.row) {
      model.toggle(item.row.name);
    } else if (item?.kind === 'version' && item.row) {
      onOpen(item.row.ref);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const item = tree.at(place);
    const inSight = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / LINE_HEIGHT) - 1);
    const keys: Record<string, () => void> = {
      ArrowDown: () => moveTo(place + 1),
      ArrowUp: () => moveTo(place < 0 ? 0 : place - 1),
      Home: () => moveTo(0),
      End: () => moveTo(tree.length - 1),
      PageDown: () => moveTo(place + inSight),
      PageUp: () => moveTo(place - inSight),
      ArrowRight: () => {
        if (item?.kind === 'model' && item.row && !model.isOpen(item.row.name)) {
          model.toggle(item.row.name, true);
        } else if (item?.kind === 'model') {
          moveTo(place + 1);
        }
      },
      ArrowLeft: () => {
        if (item?.kind === 'model' && item.row) {
          model.toggle(item.row.name, false);
        } else if (item?.kind === 'version') {
          moveTo(tree.placeOf({ name: item.name, ref: null }));
        }
      },
      Enter: () => use(item),
      ContextMenu: () => openMenu(scroller.current, place),
      ' ': () => {
        if (item?.kind === 'version' && item.row) {
          model.choose(item.row.ref);
        } else {
          use(item);
        }
      }
    };
    const act = keys[event.shiftKey && event.key === 'F10' ? 'ContextMenu' : event.key];
    if (act) {
      event.preventDefault();
      event.stopPropagation();
      act();
    }
  };

  return (
    <div
      ref={scroller}
      className="nbr-Tree"
      role="tree"
      aria-label="Models and versions"
      aria-multiselectable="true"
      aria-activedescendant={lines.some(line => line.index === place) ? idOf(place) : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onFocus={() => {
        // With the mouse, the line under it is what is meant.
        if (place < 0 && scroller.current?.matches(':focus-visible')) {
          moveTo(Math.ceil(scroller.current.scrollTop / LINE_HEIGHT));
        }
      }}
    >
      <div role="none" className="nbr-Tree-inner" style={{ height: virtual.getTotalSize() }}>
        {lines.map(line => (
          <Line
            key={line.index}
            model={model}
            item={tree.at(line.index)}
            place={line.index}
            top={line.start}
            isActive={line.index === place}
            onUse={use}
          />
        ))}
      </div>
    </div>
  );
}

/** Keep the line at the upper edge where it is while others come or go above it. */
function useSteadyScroll(scroller: RefObject<HTMLDivElement>, tree: Tree): void {
  const edge = useRef<{ spot: Spot; place: number } | null>(null);
  useLayoutEffect(() => {
    const node = scroller.current;
    if (!node) {
      return;
    }
    const before = edge.current;
    if (before && node.scrollTop > 0) {
      const now = tree.placeOf(before.spot);
      if (now >= 0 && now !== before.place) {
        node.scrollTop += (now - before.place) * LINE_HEIGHT;
      }
    }
    const place = Math.floor(node.scrollTop / LINE_HEIGHT);
    const spot = spotOf(tree.at(place));
    edge.current = spot && { spot, place };
  });
}

/** Open the context menu on a line: left to itself the browser opens it in the middle of the tree. */
function openMenu(scroller: HTMLElement | null, place: number): void {
  const line = scroller?.querySelector(`#${idOf(place)}`);
  if (line) {
    const { left, bottom } = line.getBoundingClientRect();
    const where = { clientX: left + LINE_HEIGHT, clientY: bottom };
    line.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, ...where }));
  }
}

function idOf(place: number): string {
  return `nbregistry-line-${place}`;
}

function Line(props: {
  model: RegistryModel;
  item: Item | undefined;
  place: number;
  top: number;
  isActive: boolean;
  onUse: (item: Item | undefined) => void;
}): JSX.Element {
  const { model, item, place, top, isActive, onUse } = props;
  const isModel = item?.kind === 'model';
  const isOpen = isModel && item.row !== undefined && model.isOpen(item.row.name);
  const ref = item?.kind === 'version' ? item.row?.ref : undefined;
  const isChosen = ref !== undefined && model.isChosen(ref);
  const onClick = (event: React.MouseEvent): void => {
    model.activate(spotOf(item));
    if (ref !== undefined && (event.ctrlKey || event.metaKey)) {
      model.choose(ref);
    } else {
      onUse(item);
    }
  };
  const marks = [
    'nbr-Item',
    isModel ? 'nbr-mod-model' : 'nbr-mod-version',
    item?.kind === 'version' && item.row?.aliases.some(alias => alias.name === 'champion') && 'nbr-mod-champion',
    isActive && 'nbr-mod-active',
    isChosen && 'nbr-mod-chosen'
  ];
  return (
    <div
      id={idOf(place)}
      className={marks.filter(mark => mark).join(' ')}
      role="treeitem"
      aria-level={isModel ? 1 : 2}
      aria-posinset={(item?.index ?? 0) + 1}
      aria-setsize={isModel ? model.modelCount : model.versionCount(item?.kind === 'version' ? item.name : '')}
      aria-expanded={isModel ? isOpen : undefined}
      aria-selected={isModel ? undefined : isChosen}
      style={{ transform: `translateY(${top}px)`, height: LINE_HEIGHT }}
      onClick={onClick}
      onContextMenu={() => model.activate(spotOf(item))}
    >
      {item?.kind === 'model' && item.row && (
        <ModelLine row={item.row} isOpen={isOpen} metric={item.row.metric?.name ?? model.metricOf(item.row.name)} />
      )}
      {item?.kind === 'version' && item.row && (
        <VersionLine row={item.row} isChosen={isChosen} onChoose={() => ref !== undefined && model.choose(ref)} />
      )}
      {!item?.row && (
        <span className="nbr-Bone">
          <span className="nbr-Unseen">Loading</span>
        </span>
      )}
    </div>
  );
}
