import { t } from '@lingui/core/macro'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { optionalText } from '@/lib/payload'
import { useAction } from '@/lib/useAction'
import { FormDialog } from '@/ui/FormDialog'
import { Secret } from '@/ui/Secret'
import { CreateWebhookDocument } from './operations.generated'
import { WebhookFields, type WebhookValues, webhookRules } from './WebhookFields'

export default function CreateWebhookDialog() {
  const [secret, setSecret] = useState<string | null>(null)
  const form = useForm<WebhookValues>({
    initialValues: { url: '', eventKinds: [], description: '' },
    validate: webhookRules,
  })
  const create = useAction(CreateWebhookDocument, (data) => data.createWebhook, form)

  async function submit({ url, eventKinds, description }: WebhookValues) {
    const input = { url: url.trim(), eventKinds, description: optionalText(description) }
    const payload = await create.run({ input })
    if (payload) setSecret(payload.secret)
  }

  return (
    <FormDialog
      title={t`New webhook`}
      submit={t`Create webhook`}
      onSubmit={form.onSubmit(submit)}
      busy={create.busy}
      problems={create.problems}
      form={form}
      over={secret !== null}
      size={520}
    >
      {secret === null ? <WebhookFields form={form} /> : <SigningSecret secret={secret} />}
    </FormDialog>
  )
}

function SigningSecret({ secret }: { secret: string }) {
  return (
    <Secret
      label={t`Secret`}
      hint={t`The partner system verifies the signature of each message with it.`}
      secret={secret}
    />
  )
}
