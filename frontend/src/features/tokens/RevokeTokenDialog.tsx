import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Text } from '@mantine/core'
import type { FormEvent } from 'react'
import { useQuery } from 'urql'
import type { TokenNodeFragment } from '@/gql/graphql'
import { useDialog, useSubjectId } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { DialogFrame, FormDialog } from '@/ui/FormDialog'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { RevokeTokenDocument, TokenSubjectDocument } from './operations.generated'

export default function RevokeTokenDialog() {
  const [result, refetch] = useQuery({
    query: TokenSubjectDocument,
    variables: { id: useSubjectId() },
  })
  const node = result.data?.node
  if (node?.__typename === 'Token') return <RevokeForm token={node} />
  return (
    <DialogFrame title={t`Revoke token`}>
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {() => <EmptyMessage title={t`Not found`} hint={t`There is no token with this id.`} />}
      </QueryResult>
    </DialogFrame>
  )
}

function RevokeForm({ token }: { token: TokenNodeFragment }) {
  const { close } = useDialog()
  const { name } = token
  const revoke = useAction(RevokeTokenDocument, (data) => data.revokeToken)

  async function submit(event?: FormEvent) {
    event?.preventDefault()
    if (!(await revoke.run({ id: token.id }))) return
    notify(t`${name} is revoked.`)
    close()
  }

  return (
    <FormDialog
      title={t`Revoke ${name}`}
      submit={t`Revoke token`}
      color="red.9"
      size={460}
      onSubmit={(event) => void submit(event)}
      busy={revoke.busy}
      problems={revoke.problems}
    >
      <Text size="sm">
        <Trans>
          The token stops working within a second and can't be restored. If the partner system still
          needs access, create a new token first.
        </Trans>
      </Text>
    </FormDialog>
  )
}
