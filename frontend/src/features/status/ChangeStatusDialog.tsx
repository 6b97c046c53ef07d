/** Changes the status of an account, a service or an offer: now or on a date, with a preview. */
import { useQuery } from 'urql'
import type { Status } from '@/gql/graphql'
import { useDialog, useSubjectId } from '@/lib/dialog'
import { statusLabels } from '@/lib/labels'
import { DialogFrame } from '@/ui/FormDialog'
import { Answer, Nothing } from '@/ui/States'
import { ChangeStatusForm } from './ChangeStatusForm'
import { StatusSubjectDocument } from './operations.generated'
import { choices, isStatusNode } from './subject'

export default function ChangeStatusDialog() {
  const id = useSubjectId()
  const { address } = useDialog()
  const wanted =
    address.choice && address.choice in statusLabels ? (address.choice as Status) : undefined
  const [result, ask] = useQuery({
    query: StatusSubjectDocument,
    variables: { id },
    requestPolicy: 'network-only',
  })
  const node = result.data?.node
  if (isStatusNode(node) && choices(node).length > 0) {
    // A form of its own for each subject: nothing typed for one is ever sent for another.
    return <ChangeStatusForm key={node.id} node={node} wanted={wanted} />
  }
  return (
    <DialogFrame title="Change status">
      <Answer of={result} retry={() => ask({ requestPolicy: 'network-only' })} lines={4}>
        {() =>
          isStatusNode(node) ? (
            <Nothing
              title="Closed offers can't be restored"
              hint="The customer has to purchase the offer again."
            />
          ) : (
            <Nothing title="Not found" hint="There is no account, service or offer with this id." />
          )
        }
      </Answer>
    </DialogFrame>
  )
}
