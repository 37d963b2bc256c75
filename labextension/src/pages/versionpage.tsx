import { Button } from '@jupyterlab/ui-components';
import { useEffect, useRef, useState, type JSX } from 'react';

import type { Form } from '../api';
import { ChangeView } from '../changes/view';
import { BadgeMark, Chip } from '../sidebar/items';
import { Broken, Loading } from '../sidebar/states';
import { useAnswer } from './answer';
import { Sections, type Source } from './sections';

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
  const { api, registry, stamp } = source;
  const {
    value: version,
    failure,
    retry
  } = useAnswer(() => api.version(registry, reference), [registry, reference, stamp].join('\n'));
  // A form that is being filled in stays as it is, and about this version, whatever others commit meanwhile.
  const [begun, setBegun] = useState<{ form: Form; ref: string } | null>(null);
  useEffect(() => {
    setBegun(kept => {
      const form = version?.forms.find(one => one.verb === verb);
      return kept?.form.verb === verb ? kept : form && version ? { form, ref: version.row.ref } : null;
    });
  }, [verb, version]);
  const changes = useRef<HTMLDivElement>(null);
  const close = (): void => {
    changes.current?.querySelector<HTMLElement>(`[data-verb="${verb}"]`)?.focus();
    onVerb(null);
  };
  if (failure) {
    return <Broken failure={failure} onRetry={retry} />;
  }
  if (!version) {
    return <Loading />;
  }
  const { row, rival } = version;
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
        <div ref={changes} className="nbr-Buttons" role="group" aria-label="Changes">
          {version.forms.map(one => (
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
            <Button className="nbr-Button" onClick={() => actions.compare([rival, row.ref], registry)}>
              Compare with {rival.slice(rival.lastIndexOf('@') + 1)}
            </Button>
          )}
          <Button className="nbr-Button" onClick={() => actions.copy(row.ref)}>
            Copy reference
          </Button>
          <Button className="nbr-Button" onClick={() => actions.exportVersion(row.ref, registry)}>
            Export…
          </Button>
        </div>
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
