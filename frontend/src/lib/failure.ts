/** Turns what went wrong with a request into a sentence for a person. */
import type { CombinedError } from '@urql/core'

export function codeOf(error: CombinedError | undefined): string | null {
  const code = error?.graphQLErrors.find((each) => each.extensions?.code)?.extensions.code
  return typeof code === 'string' ? code : null
}

export function sentenceOf(error: CombinedError): string {
  if (error.networkError && error.graphQLErrors.length === 0) {
    return 'Tenure did not answer. Check the connection, then try again.'
  }
  const messages = error.graphQLErrors.map((each) => each.message).filter(Boolean)
  return messages.length > 0 ? messages.join(' ') : 'Something went wrong. Try again.'
}
