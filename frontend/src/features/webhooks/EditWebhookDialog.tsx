import { t } from '@lingui/core/macro'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import type { WebhookNodeFragment } from '@/gql/graphql'
import { useDialog } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { optionalText } from '@/lib/payload'
import { useAction } from '@/lib/useAction'
import { FormDialog } from '@/ui/FormDialog'
import { UpdateWebhookDocument } from './operations.generated'
import { WebhookFields, type WebhookValues, webhookRules } from './WebhookFields'
import { WebhookSubject } from './WebhookSubject'

export default function EditWebhookDialog() {
  return (
    <WebhookSubject title={t`Edit webhook`}>
      {(webhook) => <EditForm key={webhook.id} webhook={webhook} />}
    </WebhookSubject>
  )
}

function EditForm({ webhook }: { webhook: WebhookNodeFragment }) {
  const { close } = useDialog()
  const [expectedVersion] = useState(webhook.version)
  const form = useForm<WebhookValues>({
    initialValues: {
      url: webhook.url,
      eventKinds: webhook.eventKinds,
      description: webhook.description ?? '',
    },
    validate: webhookRules,
  })
  const update = useAction(UpdateWebhookDocument, (data) => data.updateWebhook, form)

  async function submit({ url, eventKinds, description }: WebhookValues) {
    const changes = {
      url: url.trim(),
      eventKinds,
      description: optionalText(description) ?? null,
    }
    const input = { webhookId: webhook.id, ...changes, expectedVersion }
    if (!(await update.run({ input }))) return
    notify(t`Webhook saved.`)
    close()
  }

  return (
    <FormDialog
      title={t`Edit webhook`}
      submit={t`Save`}
      onSubmit={form.onSubmit(submit)}
      busy={update.busy}
      problems={update.problems}
      form={form}
      size={520}
    >
      <WebhookFields form={form} />
    </FormDialog>
  )
}
