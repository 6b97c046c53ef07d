/** Messages of the server as the page shows them. */
import type { ReactNode } from 'react'
import { withLineBreaks } from './lineBreaks'
import { translated } from './serverTexts'

/** " (PARENT)": the words before it name the hold. */
const codeOfHold = / \((?:MANUAL|DEBT|PARENT|ACCOUNT|SERVICE)\)/g

/** A refusal or a failure, with the holds in words only, in the language of the page. */
export function serverText(message: string): string {
  return translated(message.replace(codeOfHold, ''))
}

/** The same with the places where it may break into lines. */
export function serverMessage(message: string | null | undefined): ReactNode {
  return withLineBreaks(message && serverText(message))
}
