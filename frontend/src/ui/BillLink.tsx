/** The number of a bill, linked to its page. */
import { TextLink } from './links'

export function BillLink({ number }: { number: string }) {
  return (
    <TextLink
      to="/bills/$number"
      params={{ number }}
      ff="monospace"
      style={{ whiteSpace: 'nowrap' }}
    >
      {number}
    </TextLink>
  )
}
