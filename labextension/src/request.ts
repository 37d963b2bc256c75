import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import type { Failure } from './api';

/** What the server refused or could not do, with what to do next. */
export class RegistryFailure extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
    this.name = failure.kind;
  }
}

/** Parameters of a query; a list stands for one parameter several times, an empty text for none. */
export type Query = Record<string, string | number | readonly string[]>;

/** An answer with its ETag, which also changes with what the answer itself does not tell; empty if none came. */
export type Tagged<T> = T & { etag: string };

/** Talks to `nbregistry/api` on the Jupyter server. */
export class Requester {
  constructor(readonly settings: ServerConnection.ISettings) {}

  async get<T>(path: string, query: Query = {}): Promise<T> {
    return (await read(await this.ask(path, query))) as T;
  }

  async getTagged<T extends object>(path: string, query: Query = {}): Promise<Tagged<T>> {
    const response = await this.ask(path, query);
    // A proxy that compresses makes it a weak one, but not where the server had nothing to send.
    const etag = response.headers.get('ETag')?.replace(/^W\//, '') ?? '';
    return { ...((await read(response)) as T), etag };
  }

  async post<T>(path: string, body: unknown): Promise<T> {
    const response = await this.send(this.url(path), {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json' }
    });
    return (await read(response)) as T;
  }

  private url(path: string): string {
    return URLExt.join(this.settings.baseUrl, 'nbregistry', 'api', path);
  }

  private ask(path: string, query: Query): Promise<Response> {
    // The browser keeps the answer and asks with its ETag whether it still holds: then the server sends nothing.
    return this.send(this.url(path) + queryString(query), { method: 'GET', cache: 'no-cache' });
  }

  private async send(url: string, init: RequestInit): Promise<Response> {
    try {
      return await ServerConnection.makeRequest(url, init, this.settings);
    } catch {
      throw new RegistryFailure(
        failure('NoAnswer', 'the Jupyter server does not answer', 'it is asked again by itself; is it still running?')
      );
    }
  }
}

/** Write a query, in the order of its parameters. */
export function queryString(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== '') {
        parameters.append(name, String(one));
      }
    }
  }
  const text = parameters.toString();
  return text && `?${text}`;
}

/** Make a failure that no server told. */
export function failure(kind: string, message: string, hint = ''): Failure {
  return { kind, message, hint, excerpt: [], nearest: [], otherwise: [] };
}

/** Give whatever was thrown as a failure that can be shown. */
export function failureOf(error: unknown): Failure {
  return error instanceof RegistryFailure ? error.failure : failure('Error', String(error));
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text();
  const body = parsed(text);
  if (response.ok && body !== undefined) {
    return body;
  }
  if (isFailure(body)) {
    throw new RegistryFailure(body);
  }
  if (response.status === 404) {
    throw new RegistryFailure(
      failure(
        'NoServer',
        'the server side of nbregistry is not running',
        'jupyter server extension enable nbregistry, and start Jupyter again'
      )
    );
  }
  throw new RegistryFailure(failure('Error', `the server answered ${response.status} ${response.statusText}`));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isFailure(body: unknown): body is Failure {
  return typeof body === 'object' && body !== null && 'kind' in body && 'message' in body && 'hint' in body;
}
