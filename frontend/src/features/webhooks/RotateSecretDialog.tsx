import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { WebhookNodeFragment } from '@/gql/graphql'
import { useAction } from '@/lib/useAction'
import { FormDialog } from '@/ui/FormDialog'
import { Secret } from '@/ui/Secret'
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
  const [secret, setSecret] = useState<string | null>(null)
  const rotate = useAction(UpdateWebhookDocument, (data) => data.updateWebhook)

  async function submit(event?: FormEvent) {
    event?.preventDefault()
    const payload = await rotate.run({ input: { webhookId: webhook.id, rotateSecret: true } })
    if (payload) setSecret(payload.secret)
  }

  return (
    <FormDialog
      title={t`Rotate the secret`}
      submit={t`Make a new secret`}
      size={480}
      onSubmit={(event) => void submit(event)}
      busy={rotate.busy}
      problems={rotate.problems}
      over={secret !== null}
    >
      {secret === null ? (
        <Text size="sm">
          <Trans>
            For one day each message is signed by the new and by the former secret, so that the
            partner system can change over.
          </Trans>
        </Text>
      ) : (
        <Secret
          label={t`New secret`}
          hint={t`The partner system needs it within a day.`}
          secret={secret}
        />
      )}
    </FormDialog>
  )
}
