import { Button } from '@jupyterlab/ui-components';
import { useEffect, useRef, useState, type JSX, type MouseEvent } from 'react';

import type { Form } from '../api';
import { offeredForms } from '../changes/offers';
import { ChangeView } from '../changes/view';
import { short } from '../names';
import { BadgeMark, Chip } from '../sidebar/marks';
import { Loading } from '../sidebar/states';
import { READ_ONLY } from '../words';
import { useAnswer } from './answer';
import { BrokenPage } from './brokenpage';
import { Sections, type Source } from './sections';

/** So much of a long name stands in a button. */
const ROOM_IN_BUTTON = 24;

/** What a page asks others to do. */
export interface PageActions {
  insert(line: string, registry: string): void;
  copy(ref: string): void;
  exportVersion(ref: string, registry: string): void;
  compare(refs: readonly string[], registry: string): void;
  changed(): void;
}

/** Everything about a version, and what can be done with it. */
export function VersionPage(props: {
  source: Source;
  reference: string;
  verb: string | null;
  onVerb: (verb: string | null) => void;
  actions: PageActions;
}): JSX.Element {
  const { source, reference, verb, onVerb, actions } = props;
  const { api, registry, stamp, isReadOnly } = source;
  const {
    value: version,
    failure,
    retry
  } = useAnswer(() => api.version(registry, reference), [registry, reference, stamp].join('\n'));
  // A form that is being filled in stays as it is, and about this version, whatever others commit meanwhile.
  const [begun, setBegun] = useState<{ form: Form; ref: string } | null>(null);
  useEffect(() => {
    const form = isReadOnly ? undefined : version && offeredForms(version).find(one => one.verb === verb);
    setBegun(kept => (kept?.form.verb === verb ? kept : form && version ? { form, ref: version.row.ref } : null));
    if (version && verb !== null && !form && begun?.form.verb !== verb) {
      onVerb(null); // or its form would appear by itself once it is offered
    }
  }, [verb, version, isReadOnly]);
  const changes = useRef<HTMLDivElement>(null);
  const close = (): void => {
    changes.current?.querySelector<HTMLElement>(`[data-verb="${verb}"]`)?.focus();
    onVerb(null);
  };
  if (failure) {
    return <BrokenPage source={source} failure={failure} onRetry={retry} />;
  }
  if (!version) {
    return <Loading />;
  }
  const { row, rival } = version;
  const forms = isReadOnly ? [] : offeredForms(version);
  const load = version.lines.find(line => line.id === 'load');
  return (
    <>
      <div className="nbr-Page-head">
        <h1>
          <bdi>{row.ref}</bdi>
        </h1>
        {row.aliases.map(alias => (
          <Chip key={alias.name} {...alias} />
        ))}
        {row.badges.map(badge => (
          <BadgeMark key={`${badge.kind} ${badge.text}`} badge={badge} />
        ))}
        <span className="nbr-Help">{registry}</span>
        {isReadOnly && <span className="nbr-ReadOnly">{READ_ONLY}</span>}
        <div ref={changes} className="nbr-Buttons" role="group" aria-label="Changes">
          {forms.map(one => (
            <Button
              key={one.verb}
              className="nbr-Button"
              data-verb={one.verb}
              aria-expanded={begun?.form.verb === one.verb}
              onClick={() => onVerb(begun?.form.verb === one.verb ? null : one.verb)}
            >
              {one.title}…
            </Button>
          ))}
        </div>
        <div className="nbr-Buttons" role="group" aria-label="Use">
          {load && (
            <Button className="nbr-Button" title={load.line} onClick={() => actions.insert(load.line, registry)}>
              Insert load line
            </Button>
          )}
          {rival && (
            <Button className="nbr-Button" title={rival} onClick={() => actions.compare([rival, row.ref], registry)}>
              Compare with {short(rival, ROOM_IN_BUTTON)}
            </Button>
          )}
          <Button className="nbr-Button" onClick={() => actions.copy(row.ref)}>
            Copy reference
          </Button>
          <Button className="nbr-Button" onClick={() => actions.exportVersion(row.ref, registry)}>
            Export…
          </Button>
        </div>
        <nav className="nbr-Buttons" aria-label="Sections">
          {version.sections.map(section => (
            <button key={section.id} type="button" className="nbr-Link" onClick={event => goTo(event, section.id)}>
              {section.title}
            </button>
          ))}
        </nav>
      </div>
      {begun && (
        <ChangeView
          key={begun.form.verb}
          api={api}
          registry={registry}
          reference={begun.ref}
          form={begun.form}
          rendermime={source.rendermime}
          onOpen={source.onOpen}
          onMade={() => actions.changed()}
          onClose={close}
        />
      )}
      <Sections source={{ ...source, refs: [row.ref] }} heads={version.sections} />
    </>
  );
}

/** Scroll to a section, and take the keyboard there too. */
function goTo(event: MouseEvent<HTMLElement>, section: string): void {
  const page = event.currentTarget.closest<HTMLElement>('.nbr-Page');
  const heading = page?.querySelector<HTMLElement>(`[data-section="${CSS.escape(section)}"] h2`);
  if (!page || !heading) {
    return;
  }
  heading.scrollIntoView({ block: 'start' });
  heading.focus({ preventScroll: true });
  stayAt(heading, page);
}

/** Keep a heading in place while sections above it are still filled, until the reader does anything. */
function stayAt(heading: HTMLElement, page: HTMLElement): void {
  const growing = new ResizeObserver(() => heading.scrollIntoView({ block: 'start' }));
  for (const section of page.querySelectorAll('.nbr-Section')) {
    growing.observe(section);
  }
  const leave = new AbortController();
  leave.signal.addEventListener('abort', () => growing.disconnect());
  for (const input of ['wheel', 'pointerdown', 'keydown', 'touchstart', 'focusout']) {
    page.addEventListener(input, () => leave.abort(), { signal: leave.signal, passive: true });
  }
}
