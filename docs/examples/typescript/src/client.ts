/** A client of Tenure on `fetch`: typed operations, and retries that change nothing twice. */
import { randomUUID } from 'node:crypto'
import type { TypedDocumentString } from './tenureApi.js'

/** The server answered these without having changed anything, or the key makes a repetition safe. */
const repeatedStatuses = new Set([429, 502, 503, 504])
const maxPauseMs = 60_000

export interface Options {
  url: string
  token: string
  attempts?: number
  /** The first pause, which doubles after each attempt. */
  pauseMs?: number
  fetch?: typeof fetch
}

/** A GraphQL error: the request was refused. `code` is one of the codes of the partner guide. */
export class RequestError extends Error {
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message)
  }
}

interface Answer<Data> {
  data?: Data | null
  errors?: { message: string; extensions?: { code?: string } }[]
}

export class TenureClient {
  constructor(private readonly options: Options) {}

  /**
   * The data of an operation. Each call has an `Idempotency-Key` of its own; pass one that belongs
   * to your order if your program may be restarted in between.
   */
  async run<Data, Variables>(
    operation: TypedDocumentString<Data, Variables>,
    variables: Variables,
    idempotencyKey: string = randomUUID(),
  ): Promise<Data> {
    const response = await this.send(
      JSON.stringify({ query: operation.toString(), variables }),
      idempotencyKey,
    )
    const answer = (await response.json()) as Answer<Data>
    const [error] = answer.errors ?? []
    if (error) throw new RequestError(error.message, error.extensions?.code ?? 'INTERNAL')
    if (!answer.data) throw new RequestError(`HTTP ${response.status} without data`, 'INTERNAL')
    return answer.data
  }

  private async send(body: string, idempotencyKey: string): Promise<Response> {
    const { url, token, attempts = 5, pauseMs = 500, fetch: request = fetch } = this.options
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt >= attempts
      let retryAfterMs = 0
      try {
        const response = await request(`${url}/graphql`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
            'idempotency-key': idempotencyKey,
          },
          body,
        })
        if (isLast || !repeatedStatuses.has(response.status)) return response
        retryAfterMs = 1_000 * Number(response.headers.get('retry-after') ?? 0)
        await response.body?.cancel()
      } catch (fault) {
        if (isLast) throw fault
      }
      const pause = Math.min(maxPauseMs, pauseMs * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2)
      await new Promise((resume) => setTimeout(resume, Math.max(pause, retryAfterMs)))
    }
  }
}
