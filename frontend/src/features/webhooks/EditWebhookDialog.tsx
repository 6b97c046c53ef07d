import { t } from '@lingui/core/macro'
import type { WebhookNodeFragment } from '@/gql/graphql'
import { useDialog } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { optionalText } from '@/lib/payload'
import { useAction } from '@/lib/useAction'
import { useEditForm } from '@/lib/useEditForm'
import { EditDialog } from '@/ui/EditDialog'
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

function webhookValues({ url, eventKinds, description }: WebhookNodeFragment): WebhookValues {
  return { url, eventKinds, description: description ?? '' }
}

function EditForm({ webhook }: { webhook: WebhookNodeFragment }) {
  const { close } = useDialog()
  const edit = useEditForm(webhook, webhookValues, webhookRules)
  const update = useAction(UpdateWebhookDocument, (data) => data.updateWebhook, edit.form)

  async function submit({ url, eventKinds, description }: WebhookValues) {
    const changes = {
      url: url.trim(),
      eventKinds,
      description: optionalText(description) ?? null,
    }
    const input = { webhookId: webhook.id, ...changes, expectedVersion: edit.version }
    if (!(await update.run({ input }))) return
    notify(t`Webhook saved.`)
    close()
  }

  return (
    <EditDialog
      title={t`Edit webhook`}
      edit={edit}
      saving={update}
      onSubmit={submit}
      staleTitle={t`This webhook was just edited by somebody else`}
    >
      <WebhookFields form={edit.form} />
    </EditDialog>
  )
}
