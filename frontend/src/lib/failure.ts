/** Turns the error of a request into a message for the user. */
import { t } from '@lingui/core/macro'
import type { CombinedError } from '@urql/core'
import { serverText } from './serverMessage'

export function codeOf(error: CombinedError | undefined): string | null {
  const code = error?.graphQLErrors.find((each) => each.extensions?.code)?.extensions.code
  return typeof code === 'string' ? code : null
}

export function errorMessage(error: CombinedError): string {
  if (error.networkError && error.graphQLErrors.length === 0) {
    return t`Can't reach Tenure. Check your connection and try again.`
  }
  const messages = error.graphQLErrors.flatMap((each) =>
    each.message ? serverText(each.message) : [],
  )
  return messages.length > 0 ? messages.join(' ') : t`Something went wrong. Try again.`
}
