import { ServerConnection } from '@jupyterlab/services';
import { describe, expect, it, vi } from 'vitest';

import { Api } from '../src/api';
import { queryString, Requester, RegistryFailure } from '../src/request';

function requesterWith(...answers: Response[]) {
  const asked: Request[] = [];
  const fetch = vi.fn(async (request: Request) => {
    asked.push(request);
    const answer = answers.shift();
    if (!answer) {
      throw new TypeError('no network');
    }
    return answer;
  });
  const settings = ServerConnection.makeSettings({
    baseUrl: 'http://localhost/jupyter/',
    token: 't',
    fetch: fetch as unknown as typeof globalThis.fetch
  });
  return { requester: new Requester(settings), asked };
}

const json = (body: unknown, init: ResponseInit = {}): Response => new Response(JSON.stringify(body), init);

describe('queryString', () => {
  it('writes lists as one parameter each and leaves out what is empty', () => {
    expect(queryString({ registry: 'a b/&', ref: ['x@1', 'y@2'], q: '' })).toBe(
      '?registry=a+b%2F%26&ref=x%401&ref=y%402'
    );
  });
});

describe('Requester', () => {
  it('asks the browser to ask whether what it has still holds', async () => {
    const { requester, asked } = requesterWith(json({ seq: 1 }));
    expect(await requester.get('head', { registry: 'r' })).toEqual({ seq: 1 });
    expect(asked[0]?.cache).toBe('no-cache');
    expect(asked[0]?.url).toBe('http://localhost/jupyter/nbregistry/api/head?registry=r');
  });

  it.each([
    [{ ETag: '"a"' }, '"a"'],
    [{ ETag: 'W/"a"' }, '"a"'],
    [{}, '']
  ])('gives where a registry stands with its ETag: %j', async (headers, etag) => {
    const { requester } = requesterWith(json({ seq: 1 }, { headers }));
    expect(await new Api(requester).head('r')).toEqual({ seq: 1, etag });
  });

  it('throws what the server refused, as it said it', async () => {
    const failure = {
      kind: 'NotFound',
      message: 'no model',
      hint: '%versions',
      nearest: ['churn'],
      excerpt: [],
      otherwise: []
    };
    const { requester } = requesterWith(json(failure, { status: 404 }));
    await expect(requester.get('version')).rejects.toMatchObject({ failure });
  });

  it.each([
    [new Response('<html>', { status: 404 }), 'NoServer'],
    [new Response('oops', { status: 500 }), 'Error'],
    [new Response('not json', { status: 200 }), 'Error']
  ])('tells what is no answer of ours', async (response, kind) => {
    const { requester } = requesterWith(response);
    const error = await requester.get('head').catch((thrown: unknown) => thrown);
    expect((error as RegistryFailure).failure.kind).toBe(kind);
  });

  it('tells that the server does not answer', async () => {
    const { requester } = requesterWith();
    await expect(requester.post('change', {})).rejects.toMatchObject({ failure: { kind: 'NoAnswer' } });
  });
});
