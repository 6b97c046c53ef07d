import { t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import type { WebhookNodeFragment } from '@/gql/graphql'
import { notify } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { FormDialog } from '@/ui/FormDialog'
import { webhooksLink } from './links'
import { DeleteWebhookDocument } from './operations.generated'
import { WebhookSubject } from './WebhookSubject'

export default function DeleteWebhookDialog() {
  return (
    <WebhookSubject title={t`Delete webhook`}>
      {(webhook) => <DeleteForm webhook={webhook} />}
    </WebhookSubject>
  )
}

function DeleteForm({ webhook }: { webhook: WebhookNodeFragment }) {
  const navigate = useNavigate()
  const { url } = webhook
  const remove = useAction(DeleteWebhookDocument, (data) => data.deleteWebhook)

  async function submit(event?: FormEvent) {
    event?.preventDefault()
    if (!(await remove.run({ id: webhook.id }))) return
    notify(t`Webhook deleted.`)
    void navigate({ ...webhooksLink, replace: true, ignoreBlocker: true })
  }

  return (
    <FormDialog
      title={t`Delete webhook`}
      submit={t`Delete webhook`}
      color="red.9"
      size={460}
      onSubmit={(event) => void submit(event)}
      busy={remove.busy}
      problems={remove.problems}
    >
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {t`Nothing is sent to ${url} any more, and its pending deliveries are dropped.`}
      </Text>
    </FormDialog>
  )
}
