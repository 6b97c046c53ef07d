import { t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import type { FormEvent } from 'react'
import type { UserNodeFragment } from '@/gql/graphql'
import { useDialog } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { FormDialog } from '@/ui/FormDialog'
import { EndSessionsDocument } from './operations.generated'
import { UserSubject } from './UserSubject'

export default function EndSessionsDialog() {
  return <UserSubject title={t`End sessions`}>{(user) => <EndForm user={user} />}</UserSubject>
}

function EndForm({ user }: { user: UserNodeFragment }) {
  const { close } = useDialog()
  const { email } = user
  const end = useAction(EndSessionsDocument, (data) => data.endSessions)

  async function submit(event?: FormEvent) {
    event?.preventDefault()
    if (!(await end.run({ input: { userId: user.id } }))) return
    notify(t`All sessions of ${email} have ended.`)
    close()
  }

  return (
    <FormDialog
      title={t`End all sessions of ${email}`}
      submit={t`End sessions`}
      color="red.9"
      size={460}
      onSubmit={(event) => void submit(event)}
      busy={end.busy}
      problems={end.problems}
    >
      <Text size="sm">
        {t`The user is signed out on every device within a second, and can sign in again.`}
      </Text>
    </FormDialog>
  )
}
