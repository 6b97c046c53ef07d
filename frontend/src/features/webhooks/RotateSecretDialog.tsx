import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Text } from '@mantine/core'
import type { WebhookNodeFragment } from '@/gql/graphql'
import { useAction } from '@/lib/useAction'
import { SecretDialog } from '@/ui/SecretDialog'
import { UpdateWebhookDocument } from './operations.generated'
import { WebhookSubject } from './WebhookSubject'

export default function RotateSecretDialog() {
  return (
    <WebhookSubject title={t`Rotate secret`}>
      {(webhook) => <RotateForm webhook={webhook} />}
    </WebhookSubject>
  )
}

function RotateForm({ webhook }: { webhook: WebhookNodeFragment }) {
  const rotate = useAction(UpdateWebhookDocument, (data) => data.updateWebhook)
  const input = { webhookId: webhook.id, rotateSecret: true }
  return (
    <SecretDialog
      title={t`Rotate the secret`}
      submit={t`Make a new secret`}
      making={rotate}
      onSubmit={async () => (await rotate.run({ input }))?.secret}
      label={t`New secret`}
      hint={t`The partner system needs it within a day.`}
    >
      <Text size="sm">
        <Trans>
          For one day each message is signed by the new and by the former secret, so that the
          partner system can change over.
        </Trans>
      </Text>
    </SecretDialog>
  )
}
