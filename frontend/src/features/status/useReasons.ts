/** The reasons that can be picked: those that administrators keep, or the usual ones. */
import { t } from '@lingui/core/macro'
import { useQuery } from 'urql'
import type { Status } from '@/gql/graphql'
import { StatusReasonsDocument } from './operations.generated'

const usualReasons = [
  t`Customer request`,
  t`Moving`,
  t`Vacation`,
  t`Lost or stolen`,
  t`Fraud suspected`,
  t`Unpaid`,
  t`Contract ended`,
]

export function useReasons(status: Status): string[] {
  const [{ data }] = useQuery({ query: StatusReasonsDocument })
  const kept = data?.reasons.nodes ?? []
  if (kept.length === 0) return usualReasons
  return kept.filter((reason) => reason.appliesTo.includes(status)).map((reason) => reason.label)
}
