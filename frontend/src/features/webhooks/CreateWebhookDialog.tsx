import { t } from '@lingui/core/macro'
import { useForm } from '@mantine/form'
import { optionalText } from '@/lib/payload'
import { useAction } from '@/lib/useAction'
import { SecretDialog } from '@/ui/SecretDialog'
import { CreateWebhookDocument } from './operations.generated'
import { WebhookFields, type WebhookValues, webhookRules } from './WebhookFields'

export default function CreateWebhookDialog() {
  const form = useForm<WebhookValues>({
    initialValues: { url: '', eventKinds: [], description: '' },
    validate: webhookRules,
  })
  const create = useAction(CreateWebhookDocument, (data) => data.createWebhook, form)
  const { url, eventKinds, description } = form.values
  const input = { url: url.trim(), eventKinds, description: optionalText(description) }
  return (
    <SecretDialog
      title={t`New webhook`}
      submit={t`Create webhook`}
      making={create}
      form={form}
      onSubmit={async () => (await create.run({ input }))?.secret}
      label={t`Secret`}
      hint={t`The partner system verifies the signature of each message with it.`}
    >
      <WebhookFields form={form} />
    </SecretDialog>
  )
}
