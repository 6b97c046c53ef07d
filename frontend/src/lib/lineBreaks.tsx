/** Where a text may break into lines, beside its spaces. A copy of the text is the same. */
import { createElement, Fragment, type ReactNode } from 'react'

/** Addresses of e-mail and of the web, numbers such as A-1003, and ···· 4242 of a card. */
const special = /([^\s()]+(?:@|:\/\/)[^\s()]+|[\p{L}\p{N}-]*-\p{N}[\p{L}\p{N}-]*|·{4} \d{4})/u
const isAddress = /@|:\/\//
const partsOfAddress = /(?<=[@./?&=])(?!\/)/

/** A longer number has no room on a phone. */
const longest = 20

/**
 * Numbers stay on one line. Addresses do if it has room for them; others break after their signs,
 * such as dots. Content that is not a text stays as it is.
 */
export function withLineBreaks(content: ReactNode): ReactNode {
  if (typeof content !== 'string') return content
  const parts = content.split(special)
  if (parts.length === 1) return content
  // The special ones are at the odd places.
  return createElement(
    Fragment,
    null,
    ...parts.map((part, place) => (place % 2 === 0 ? part : specialPart(part))),
  )
}

const unit = { display: 'inline-block', maxWidth: '100%', textDecoration: 'inherit' }

function specialPart(part: string): ReactNode {
  if (isAddress.test(part)) {
    return createElement('span', { style: unit }, ...part.split(partsOfAddress).flatMap(afterBreak))
  }
  return part.length > longest ? part : <span style={{ whiteSpace: 'nowrap' }}>{part}</span>
}

function afterBreak(part: string, place: number): ReactNode[] {
  return place === 0 ? [part] : [<wbr key={place} />, part]
}
