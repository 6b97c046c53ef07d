import { t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import type { UserNodeFragment } from '@/gql/graphql'
import { useAction } from '@/lib/useAction'
import { SecretDialog } from '@/ui/SecretDialog'
import { ResetPasswordDocument } from './operations.generated'
import { UserSubject } from './UserSubject'

export default function ResetPasswordDialog() {
  return <UserSubject title={t`Reset password`}>{(user) => <ResetForm user={user} />}</UserSubject>
}

function ResetForm({ user }: { user: UserNodeFragment }) {
  const { email } = user
  const reset = useAction(ResetPasswordDocument, (data) => data.resetPassword)
  return (
    <SecretDialog
      title={t`Reset the password of ${email}`}
      submit={t`Reset password`}
      making={reset}
      onSubmit={async () => (await reset.run({ input: { userId: user.id } }))?.password}
      label={t`Password`}
      hint={t`Give it to ${email}, who can change it after signing in.`}
    >
      <Text size="sm">
        {t`The user gets a new password, and all sessions of the user end at once.`}
      </Text>
    </SecretDialog>
  )
}
