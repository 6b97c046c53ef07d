import { t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { UserNodeFragment } from '@/gql/graphql'
import { useAction } from '@/lib/useAction'
import { FormDialog } from '@/ui/FormDialog'
import { Secret } from '@/ui/Secret'
import { ResetPasswordDocument } from './operations.generated'
import { UserSubject } from './UserSubject'

export default function ResetPasswordDialog() {
  return <UserSubject title={t`Reset password`}>{(user) => <ResetForm user={user} />}</UserSubject>
}

function ResetForm({ user }: { user: UserNodeFragment }) {
  const [password, setPassword] = useState<string | null>(null)
  const { email } = user
  const reset = useAction(ResetPasswordDocument, (data) => data.resetPassword)

  async function submit(event?: FormEvent) {
    event?.preventDefault()
    const payload = await reset.run({ input: { userId: user.id } })
    if (payload) setPassword(payload.password)
  }

  return (
    <FormDialog
      title={t`Reset the password of ${email}`}
      submit={t`Reset password`}
      size={460}
      onSubmit={(event) => void submit(event)}
      busy={reset.busy}
      problems={reset.problems}
      over={password !== null}
    >
      {password === null ? (
        <Text size="sm">
          {t`The user gets a new password, and all sessions of the user end at once.`}
        </Text>
      ) : (
        <Secret
          label={t`Password`}
          hint={t`Give it to ${email}, who can change it after signing in.`}
          secret={password}
        />
      )}
    </FormDialog>
  )
}
