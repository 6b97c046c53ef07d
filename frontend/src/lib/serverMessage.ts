/** Messages of the server as the page shows them. */
import type { ReactNode } from 'react'
import { withLineBreaks } from './lineBreaks'

/** " (PARENT)": the words before it name the hold. */
const codeOfHold = / \((?:MANUAL|DEBT|PARENT|ACCOUNT|SERVICE)\)/g

/** A refusal or a failure, with the holds in words only. */
export function serverMessage(message: string | null | undefined): ReactNode {
  return withLineBreaks(message?.replace(codeOfHold, ''))
}
