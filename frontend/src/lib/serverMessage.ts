/** Messages of the server as the page shows them. */
import type { ReactNode } from 'react'
import { withLineBreaks } from './lineBreaks'
import { translated } from './serverTexts'
import { formatInstant } from './time'

/** " (PARENT)": the words before it name the hold. */
const codeOfHold = / \((?:MANUAL|DEBT|PARENT|ACCOUNT|SERVICE)\)/g

/** "2026-12-07 08:30 UTC". */
const time = /\b(\d{4}-\d\d-\d\d) (\d\d:\d\d(?::\d\d)?) UTC\b/g

let zone: string | undefined

/** The business time zone, in which messages have their times; in UTC until it is known. */
export function setMessageZone(timeZone: string): void {
  zone = timeZone
}

/**
 * A refusal, a failure or a description, with the holds in words only, in the language of the page,
 * with times in the business time zone.
 */
export function serverText(message: string): string {
  return translated(message.replace(codeOfHold, '')).replace(time, inBusinessZone)
}

function inBusinessZone(text: string, date: string, clock: string): string {
  const instant = `${date}T${clock}Z`
  return zone && !Number.isNaN(Date.parse(instant)) ? formatInstant(instant, zone) : text
}

/** The same with the places where it may break into lines. */
export function serverMessage(message: string | null | undefined): ReactNode {
  return withLineBreaks(message && serverText(message))
}
